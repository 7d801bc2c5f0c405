import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RepeatedName } from '../engine/language/repeated-name.js';
import { WrittenNumber } from '../engine/language/written-number.js';
import type { UsherError } from '../errors.js';
import { exactJson } from './exact-json.js';
import { jsonInTurns } from './json-in-turns.js';
import { parseJson } from './parse-json.js';
import { readName } from './read-name.js';

/** Pieces as short as these are cut everywhere. */
const SHORT = 6;
const LONG = 'x'.repeat(12);
const blank = fc.constantFrom('', ' ', '\n\t');
const name = fc.constantFrom(
  'a',
  'b',
  '1',
  '\\',
  '"',
  ']',
  '}',
  ',',
  'constructor',
  'prototype',
  '__proto__',
  ' a',
  'e\u0301',
  '\u00e9',
  LONG,
);
const scalar = fc.constantFrom(1, -0, 1e21, null, true, '', LONG, '"', '\\', '[{,', 'é🐈');
const list = (item: fc.Arbitrary<string>) =>
  fc.tuple(fc.array(item, { maxLength: 5 }), blank).map(([items, gap]) => `[${items.join(`${gap},${gap}`)}${gap}]`);
const object = (item: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.array(fc.tuple(name, item), { maxLength: 5 }), blank)
    .map(
      ([members, gap]) =>
        `{${members.map(([of, value]) => `${gap}${JSON.stringify(of)}${gap}:${gap}${value}`).join(',')}${gap}}`,
    );
/** JSON as people write it, much of it longer than a piece. */
const texts = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'json' },
    scalar.map((value) => JSON.stringify(value)),
    fc.constant('12345678901234567890'),
    fc.constant(`[${'1,'.repeat(8)}1]`),
    list(tie('text')),
    object(tie('text')),
  ),
})).text;

/** A value with the order of its names, and all that stands under those that are given more than once. */
function told(value: unknown): unknown {
  if (value instanceof RepeatedName) return { all: value.sources.map((source) => told(exactJson(source, readName))) };
  if (Array.isArray(value)) return value.map(told);
  if (typeof value !== 'object' || value === null || value instanceof WrittenNumber) return value;
  return { members: Object.entries(value).map(([of, inner]: [string, unknown]) => [of, told(inner)]) };
}

/** What reading comes to: the value, or that it is refused. */
async function outcome(read: () => unknown): Promise<string> {
  try {
    return JSON.stringify(told(await read()));
  } catch (error) {
    const { code, message, problems } = error as UsherError;
    return message.includes('not JSON') ? `${code} not JSON` : JSON.stringify([code, message, problems]);
  }
}

describe('JSON that is read in turns', () => {
  test('is read to any depth, as whoever takes it in refuses what is too deep at its place', async () => {
    const lists = `${`[${'1,'.repeat(40_000)}`.repeat(20)}1${']'.repeat(20)}`;
    expect(await jsonInTurns(lists, 'body')).toEqual(parseJson(lists, 'body'));
    const deep = `{"batch":[{"a":${'['.repeat(300_000)}${']'.repeat(300_000)}},{"b":1}]}`;
    const read = (await jsonInTurns(deep, 'body', 'batch')) as { batch: readonly unknown[] };
    expect([read.batch.length, read.batch[1]]).toEqual([2, { b: 1 }]);
  });

  test('is refused where what can not be cut is longer than a body of events', async () => {
    const deep = `{"files":${'['.repeat(600_000)}${']'.repeat(600_000)}}`;
    await expect(jsonInTurns(deep, 'body')).rejects.toThrow(/nested too deep/);
  });

  test.each([undefined, 'body', 'batch'] as const)(
    'comes out as it does at once, with events in %s',
    async (events) => {
      await fc.assert(
        fc.asyncProperty(texts, async (text) => {
          const here = await outcome(() => jsonInTurns(text, 'body', events, SHORT));
          const there = await outcome(() => parseJson(text, 'body', events));
          // Of several names that are refused any may be the one that is told.
          const isOfNames = [here, there].every((one) => /which is not accepted|is given more than once/.test(one));
          expect(isOfNames ? 'names' : here).toBe(isOfNames ? 'names' : there);
        }),
        { numRuns: 1_000 },
      );
    },
  );

  test('is refused wherever it is broken, as it is at once', async () => {
    const whole = JSON.stringify({ files: { a: LONG, b: [[LONG, 1], { c: LONG }], d: {} }, message: 'm' });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.constantFrom('', ',', '}', ']', '{', '[', '"', ':', '1 ', '\\'),
        fc.constantFrom(0, 1),
        async (at, put, cut) => {
          const text = whole.slice(0, at) + put + whole.slice(at + cut);
          expect(await outcome(() => jsonInTurns(text, 'body', undefined, SHORT))).toBe(
            await outcome(() => parseJson(text, 'body')),
          );
        },
      ),
      { numRuns: 1_000, examples: ends(whole) },
    );
  });

  test('is refused where it is a trap of names', async () => {
    await expect(jsonInTurns(`{"files":{${names(50_001)}}}`, 'body')).rejects.toMatchObject({
      status: 400,
      problems: [{ path: 'files', message: expect.stringMatching(/more than the limit of 50000 members/) }],
    });
  });

  test('may have as many names as files, and more of them in an event', async () => {
    expect(Object.keys((await jsonInTurns(`{${names(50_000)}}`, 'body')) as object)).toHaveLength(50_000);
    expect(Object.keys((await jsonInTurns(`{${names(60_000)}}`, 'body', 'body')) as object)).toHaveLength(60_000);
  });

  test('tells where a piece is that is wrong', async () => {
    const long = 'x'.repeat(70_000);
    const text = `{"a":"${long}","b":"${long}","c":nothing}`;
    await expect(jsonInTurns(text, 'line')).rejects.toThrow(/^The line is not JSON: .*, behind its first 1400\d\d /);
  });
});

function names(count: number): string {
  return Array.from({ length: count }, (_one, at) => `"n${at}":1`).join();
}

/** At each place that is no long text. */
function ends(text: string): [number, string, 0 | 1][] {
  const places = [...text.matchAll(/[^x]/g)].map(({ index }) => index);
  return places.flatMap((at): [number, string, 0 | 1][] => [
    [at, '', 1],
    [at, ',', 0],
    [at, ']', 1],
    [at, '}', 1],
  ]);
}
