import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parsed } from '../../../test/in-parts.js';
import type { HeldOfPerson } from '../../stores/personal/personal-records.js';
import { emptyMemory } from '../memory/memory.js';
import { exportPieces } from './export-pieces.js';
import { tellMemory } from './visitor-export.js';

type Parts = readonly Partial<HeldOfPerson>[];

const MEMORY = tellMemory(emptyMemory('u'), 0);
const NOTHING = { decisions: [], recorded: [], recordedStates: {}, rejected: [], setAside: {} };

async function* inTurn<T>(all: readonly T[]): AsyncGenerator<T> {
  for (const one of all) yield one;
}
const exported = (parts: Parts) => parsed<HeldOfPerson>(exportPieces(MEMORY, inTurn(parts)));

/** What the parts of one member say, each perhaps nothing. */
const listParts = (name: string) =>
  fc
    .array(
      fc.array(fc.oneof(fc.string(), fc.record({ a: fc.string() }), fc.constant('x'.repeat(70_000))), { maxLength: 4 }),
      { maxLength: 4 },
    )
    .map((all) => all.map((items) => ({ [name]: items })));
const recordParts = (name: string) =>
  fc
    .uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 6 })
    .map((names) => names.map((one) => ({ [name]: { [one]: `${one}-state` } })));
const parts = fc
  .tuple(listParts('rejected'), listParts('recorded'), recordParts('recordedStates'), listParts('decisions'))
  .map((all) => all.flat());

describe('the pieces of an export', () => {
  test('are together what the memory and all parts tell, in order', async () => {
    await fc.assert(
      fc.asyncProperty(parts, async (all) => {
        const wanted: Record<string, unknown[] | Record<string, unknown>> = structuredClone(NOTHING);
        for (const part of all)
          for (const [name, items] of Object.entries(part) as [string, unknown[] | Record<string, unknown>][]) {
            const before = wanted[name];
            wanted[name] = Array.isArray(before) ? [...before, ...(items as unknown[])] : { ...before, ...items };
          }
        expect(await exported(all)).toEqual(JSON.parse(JSON.stringify({ ...MEMORY, ...wanted })));
      }),
      { numRuns: 200 },
    );
  });

  test('cut a long text wherever its end falls, also within a character', async () => {
    for (const length of [1_048_575, 1_048_576, 1_048_577, 3_000_001]) {
      const state = `${'x'.repeat(length - 1)}🐈`;
      const told = await exported([{ recordedStates: { a: 'b', state } }, { recordedStates: { c: state } }]);
      expect(Object.entries(told?.recordedStates ?? {}).map(([key, text]) => [key, text === state])).toEqual([
        ['a', false],
        ['state', true],
        ['c', true],
      ]);
    }
  });

  test('are small, each in a turn of the event loop of its own, however much there is', async () => {
    const decisions = Array.from({ length: 20_000 }, () => ({ decisionId: 'x'.repeat(100) })) as never;
    const pieces: number[] = [];
    const turns = new Set<number>();
    let [turn, isOver] = [0, false];
    const count = async (): Promise<void> => {
      for (; !isOver; turn++) await nextTurn();
    };
    const counting = count();
    for await (const piece of exportPieces(MEMORY, inTurn([{ decisions }]))) {
      pieces.push(piece.length);
      turns.add(turn);
    }
    isOver = true;
    await counting;
    expect([Math.max(...pieces) < 70_000, turns.size > 30]).toEqual([true, true]);
  });

  test('end by what is thrown where something can not be read', async () => {
    async function* failing(): AsyncGenerator<Partial<HeldOfPerson>> {
      yield { decisions: [] };
      throw new Error('pulled out');
    }
    await expect(parsed(exportPieces(MEMORY, failing()))).rejects.toThrow('pulled out');
  });
});
