import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codePoint } from '../../../test/arbitraries/code-point.js';
import { contact as anyContact, memory as anyMemory } from '../../../test/arbitraries/memories.js';
import { InteractionLog } from '../../engine/visitor/interaction-log.js';
import { additionOf, homeIn } from './append-events.js';
import { decode, encode, viewOfBytes } from '../documents/codec.js';
import { viewOfMemory } from '../documents/memory-view.js';
import type { InteractionEvent, MemoryEvent } from '../memory/memory-event.js';
import { USUAL_LIMITS } from '../memory/limits.js';
import { apply, emptyMemory, type Memory } from '../memory/memory.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const DAY_MS = 86_400_000;
const KEEP = { keepInteractions: 20, keepDays: 0 };
const UUID = '3d6a7c1e-9f1b-4a3e-8f0e-000000000001';

const did = (event: Partial<InteractionEvent>): InteractionEvent => ({
  kind: 'interaction',
  userId: 'u-1',
  anonymousId: undefined,
  messageId: 'm-1',
  event: 'Page Viewed',
  channel: 'web',
  properties: {},
  timestamp: NOW,
  arrival: NOW * 1_000,
  ...event,
});
const { memory } = apply(
  emptyMemory('u-1'),
  [
    did({ messageId: `ajs-${UUID}` }),
    did({ userId: undefined, anonymousId: 'u-1', messageId: 'plain', timestamp: NOW - 1 }),
  ],
  NOW,
  KEEP,
);
const document = bytesOf(memory);
const KEEP_ALL = { keepInteractions: 1_000, keepDays: 0 };
const keeping = (keepInteractions: number, keepDays = 0) => ({
  retention: { keepInteractions, keepDays },
  limits: USUAL_LIMITS,
});
const KEEPING = keeping(1_000);
const tailFor = (bytes: Uint8Array, events: readonly MemoryEvent[]) => {
  const addition = additionOf(bytes, events, KEEPING, NOW);
  return addition && 'append' in addition ? addition.append : undefined;
};
const later = (event: Partial<InteractionEvent>) => did({ messageId: 'new', timestamp: NOW + 1, ...event });

function bytesOf(one: Memory): Uint8Array {
  return encode({ kind: 'memory', memory: one });
}

function memoryOf(bytes: Uint8Array): Memory {
  const read = decode(bytes);
  if (read.kind !== 'memory') throw new Error('it is a pointer');
  return read.memory;
}

/** Interactions of people, all later than what `anyMemory` has. */
const laterEvents = fc.array(
  fc.record({
    event: fc.constantFrom('Product Viewed', 'Page Viewed', '__proto__', 'é'),
    channel: fc.constantFrom('web', 'app', ''),
    messageId: fc.oneof(fc.uuid(), fc.string({ unit: codePoint })),
    properties: fc.dictionary(
      fc.constantFrom('sku', 'price', '__proto__'),
      fc.constantFrom('a', 'b', 1, 2.5, null, true, 'a\0'),
    ),
    timestamp: fc.integer({ min: 1, max: 5 }).map((ms) => 4_000_000_000_000 + ms),
    late: fc.integer({ min: -1_000, max: 1_000_000 }),
    tells: fc.option(anyContact, { nil: undefined }),
  }),
  { maxLength: 30, size: 'max' },
);

describe('events behind a document', () => {
  test('make it tell the same as if it were written anew', () => {
    let [appended, rewritten] = [0, 0];
    fc.assert(
      fc.property(anyMemory, laterEvents, (one, drafts) => {
        const before = apply(
          { ...one, userIds: ['u-1'], joining: undefined, parting: undefined },
          [],
          NOW,
          KEEP,
        ).memory;
        const events = drafts.map(({ late, tells, ...draft }) => {
          const contact = tells && { ...tells, at: draft.timestamp };
          return did({ ...draft, ...(contact && { contact }), arrival: draft.timestamp * 1_000 + late });
        });
        const now = 4_000_000_001_000;
        let [bytes, told] = [bytesOf(before), 0];
        for (const some of [events.slice(0, 4), events.slice(4)]) {
          const addition = additionOf(bytes, some, KEEPING, now);
          if (!addition) return;
          told += some.length;
          if ('document' in addition) rewritten++;
          bytes = 'append' in addition ? Buffer.concat([bytes, addition.append]) : addition.document;
        }
        appended += told;
        const { memory: after } = apply(before, events, now, KEEP);
        expect(apply(memoryOf(bytes), [], now, KEEP).memory).toEqual(after);
        expect(look(viewOfBytes(bytes, 'v', now, KEEP))).toEqual(look(viewOfMemory(after, 'v', now, KEEP)));
      }),
      { numRuns: 400, endOnFailure: true },
    );
    expect(appended).toBeGreaterThan(1_000);
    expect(rewritten).toBeGreaterThan(20);
  });

  test('leave what was there as it was, though a number beyond all bounds has become null as others had', () => {
    const said: readonly number[] = [JSON.parse('1e999'), JSON.parse('-1e999'), 7];
    const events = said.map((price, at) => did({ messageId: `p-${at}`, properties: { price }, timestamp: NOW + at }));
    const before = bytesOf(apply(emptyMemory('u-1'), events, NOW, KEEP_ALL).memory);
    const behind = Buffer.concat([
      before,
      tailFor(before, [later({ properties: { price: 8 }, timestamp: NOW + 9 })]) ?? Buffer.of(),
    ]);
    expect(
      [...viewOfBytes(behind, 'v', NOW, KEEP_ALL).interactions()].map(({ properties }) => properties['price']),
    ).toEqual([null, null, 7, 8]);
  });

  test('may be put there one after the other, until there are too many of them', () => {
    let [bytes, count] = [document, 0];
    for (; ; count++) {
      const tail = tailFor(bytes, [later({ messageId: `n-${count}`, timestamp: NOW + 100 - count })]);
      if (!tail) break;
      bytes = Buffer.concat([bytes, tail]);
    }
    expect(count).toBe(16);
    expect(memoryOf(bytes).interactions.map(({ timestamp }) => timestamp - NOW)).toEqual([
      -1,
      0,
      ...Array.from({ length: 16 }, (_, at) => 85 + at),
    ]);
  });

  const CLOSER_LOOKS: Readonly<Record<string, MemoryEvent>> = {
    'that was told before': later({ messageId: `ajs-${UUID}` }),
    'that was told before, with an id that is no UUID': later({ messageId: 'plain' }),
    'of the same moment as the last': later({ timestamp: NOW }),
    'from before the last': later({ timestamp: NOW - 1 }),
    'under a new user id': later({ userId: 'u-2' }),
    'under a new anonymous id': later({ userId: undefined, anonymousId: 'a-2' }),
    'with a device that the memory does not name': later({ anonymousId: 'a-2' }),
    'whose time has fractions': later({ timestamp: NOW + 1.5 }),
    'that is about a trait': { ...later({}), kind: 'traits', traits: { name: 'Ada' }, source: 'identify' },
  };
  test.each(Object.entries(CLOSER_LOOKS))('are not for one %s', (_name, event) => {
    expect(tailFor(document, [later({ messageId: 'other' }), event])).toBeUndefined();
  });

  test('are written into it then, to the same bytes as if it were written anew', () => {
    const events = Array.from({ length: 17 }, (_, at) =>
      later({
        messageId: `n-${at}`,
        timestamp: NOW + 17 - at,
        event: at % 3 ? 'Page Viewed' : 'Product Viewed',
        properties: { sku: at % 4 },
      }),
    );
    const behind = Buffer.concat([document, tailFor(document, events.slice(1)) ?? Buffer.of()]);
    expect(additionOf(behind, events.slice(0, 1), KEEPING, NOW)).toEqual({
      document: bytesOf(apply(memory, events, NOW, KEEP_ALL).memory),
    });
  });

  test('are for a closer look when something is to be let go with them', () => {
    const behind = Buffer.concat([
      document,
      tailFor(
        document,
        Array.from({ length: 16 }, (_, at) => later({ messageId: `n-${at}`, timestamp: NOW + 1 + at })),
      ) ?? Buffer.of(),
    ]);
    expect(additionOf(behind, [later({})], keeping(18), NOW)).toBeUndefined();
    expect(additionOf(behind, [later({})], keeping(19), NOW)).toBeDefined();
    expect(additionOf(behind, [later({ timestamp: NOW + DAY_MS })], keeping(19, 1), NOW + DAY_MS)).toBeUndefined();
  });

  test('are for a closer look when one has a name more than a person may have', () => {
    const most = (eventNames: number) => ({ ...KEEPING, limits: { ...USUAL_LIMITS, eventNames } });
    const fits = (limit: number, ...names: string[]) => {
      const events = names.map((event, at) => later({ event, messageId: `n-${at}`, timestamp: NOW + 1 + at }));
      return additionOf(document, events, most(limit), NOW) !== undefined;
    };
    expect(fits(1, 'Page Viewed', 'Page Viewed')).toBe(true);
    expect(fits(1, 'Page Viewed', 'Other')).toBe(false);
    expect(fits(3, 'Other', 'Page Viewed', 'Third', 'Other')).toBe(true);
    expect(fits(3, 'Other', 'Page Viewed', 'Third', 'Fourth')).toBe(false);
    expect(fits(2, 'Other', 'Third', 'Other')).toBe(false);
  });

  test('are not for one that was let go, is too old to be kept, or comes twice', () => {
    const few = apply(emptyMemory('u-1'), [did({ messageId: 'gone', timestamp: NOW - 2 }), did({})], NOW, {
      ...KEEP,
      keepInteractions: 1,
    }).memory;
    expect(tailFor(bytesOf(few), [later({})])).toBeDefined();
    expect(tailFor(bytesOf(few), [later({ messageId: 'gone' })])).toBeUndefined();
    expect(additionOf(document, [later({})], keeping(1_000, 1), NOW + DAY_MS + 2)).toBeUndefined();
    expect(tailFor(document, [later({}), later({})])).toBeUndefined();
  });

  test('are not for a memory that is being joined, for a pointer, nor for what can not be read', () => {
    expect(tailFor(bytesOf({ ...memory, joining: 'u-2' }), [later({})])).toBeUndefined();
    expect(tailFor(encode({ kind: 'alias', of: 'u-1' }), [later({})])).toBeUndefined();
    expect(tailFor(Buffer.from('junk'), [later({})])).toBeUndefined();
    expect(tailFor(document.subarray(0, -3), [later({})])).toBeUndefined();
  });

  test('go where all ids of the event lead to in one step', () => {
    const stored = (bytes: Uint8Array) => ({ version: '1', document: bytes });
    const pointer = stored(encode({ kind: 'alias', of: 'u-1' }));
    const documents = new Map([
      ['u-1', stored(document)],
      ['a-1', pointer],
      ['a-2', undefined],
    ]);
    expect(homeIn(later({ anonymousId: 'a-1' }), documents)).toBe('u-1');
    expect(homeIn(later({ userId: undefined, anonymousId: 'a-1' }), documents)).toBe('u-1');
    expect(homeIn(later({ anonymousId: 'a-2' }), documents)).toBeUndefined();
    expect(homeIn(later({ userId: 'u-3' }), documents)).toBeUndefined();
  });
});

/** All interactions, the latest first. */
function backwards(log: InteractionLog): unknown[] {
  const told: unknown[] = [];
  for (const walk = log.latestFirst(); walk.next();)
    told.push(log.interaction({ event: walk.event, position: walk.position }), walk.timestamp);
  return told;
}

function look(view: ReturnType<typeof viewOfBytes>): unknown {
  const log = view.interactions();
  const { columns } = log;
  const byName = columns.eventNames
    .map((name, event) => [name, log.window(event, -Infinity, Infinity)] as const)
    .filter(([, [from, until]]) => until > from);
  return {
    told: [view.ids, view.traits, view.counters, view.consents('email')],
    interactions: [...log],
    backwards: backwards(log),
    length: log.length,
    counts: Object.fromEntries(byName.map(([name, [from, until]]) => [name, until - from])),
    values: [...log.places()].map((place) => [
      log.value(place, 'sku'),
      log.value(place, 'price'),
      log.channel(place),
      log.timestamp(place),
    ]),
    distinct: columns.eventNames
      .map((_name, event) =>
        [...columns.event(event).properties()].map(([, { values }]) => new Set(values).size === values.length),
      )
      .flat()
      .every(Boolean),
    all: new InteractionLog(columns).length >= log.length,
  };
}
