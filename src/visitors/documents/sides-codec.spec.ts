import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contact } from '../../../test/arbitraries/memories.js';
import { toldOfContacts } from '../contacts/fold-contacts.js';
import { browserMessageId } from '../../engine/visitor/message-source.js';
import { CorruptDocument } from '../../errors.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { apply, emptyMemory, merge, withSides, type Memory, type Retention } from '../memory/memory.js';
import { linkSides, sideNumberOf } from '../memory/sides.js';
import { decode, encode, encodeWith, memoryIn } from './codec.js';
import { writeTail } from './tail-codec.js';

const DAY = 86_400_000;
const NOW = 20_800 * DAY;
const KEEP: Retention = { keepInteractions: 6, keepDays: 10, splitDays: 90 };
const IDS = ['ann', 'phone', 'tablet', '3d6a7c1e-9f1b-4a3e-8f0e-000000000001'] as const;

/** Messages come in two places, words contradict each other, and much of it is let go. */
const events: fc.Arbitrary<MemoryEvent[]> = fc.array(
  fc
    .record({
      message: fc.nat({ max: 40 }),
      of: fc.constantFrom(...IDS),
      name: fc.constantFrom('x', '__proto__', '7', 'é'),
      kind: fc.constantFrom('interaction', 'interaction', 'traits', 'consent'),
      value: fc.constantFrom(1, null, 'a'),
      isBrowsers: fc.boolean(),
      daysAgo: fc.nat({ max: 14 }),
      arrival: fc.nat({ max: 5 }),
      contact: fc.option(contact, { nil: undefined }),
    })
    .map(({ message, of, name, kind, value, isBrowsers, daysAgo, arrival, contact }) => {
      const messageId = isBrowsers ? browserMessageId(`m${message}`) : `m${message}`;
      const said =
        kind === 'interaction'
          ? { event: name, channel: 'web', properties: { [name]: value }, ...(contact && { contact, goal: true }) }
          : kind === 'traits'
            ? { source: 'identify', traits: { [name]: value } }
            : { purpose: name, granted: value === null, until: value === 1 ? NOW : undefined };
      const when = { timestamp: NOW - daysAgo * DAY, arrival: NOW * 1_000 + arrival };
      return { ...asOf(of), ...when, messageId, kind, ...said, ...(isBrowsers && { by: 'browser' }) } as MemoryEvent;
    }),
  { maxLength: 40 },
);

const asOf = (id: string) =>
  id === 'ann' ? { userId: id, anonymousId: undefined } : { userId: undefined, anonymousId: id };
/** What everybody did first. */
const first = (id: string): MemoryEvent => ({
  ...asOf(id),
  ...{ kind: 'interaction', event: 'First', channel: 'web', properties: {}, messageId: `first of ${id}` },
  ...{ timestamp: NOW - DAY, arrival: NOW * 1_000 - 1 },
});

/** Some who were joined, and did things since. */
const person: fc.Arbitrary<Memory> = fc
  .tuple(events, events, fc.integer({ min: 2, max: 4 }))
  .map(([before, since, count]) => {
    const ids = IDS.slice(0, count);
    const isOf = (id: string) => (event: MemoryEvent) => event.userId === id || event.anonymousId === id;
    const [ann = emptyMemory('ann'), ...others] = ids.map(
      (id) => apply(emptyMemory(id), [first(id), ...before.filter(isOf(id))], NOW, KEEP).memory,
    );
    const joined = others.reduce((into, other) => merge(into, other, NOW, KEEP), ann);
    const homes = new Set(ids);
    const apart = joined.apart && linkSides(joined.apart, { homes, home: 'ann', events: [], now: NOW });
    const whole = apart ? withSides(joined, apart, NOW, KEEP) : joined;
    return apply(
      whole,
      since.filter((event) => ids.some((id) => isOf(id)(event))),
      NOW,
      KEEP,
    ).memory;
  });

function memoryOf(bytes: Uint8Array): Memory {
  const read = decode(bytes);
  if (read.kind !== 'memory') throw new Error('it is a pointer');
  return read.memory;
}
const bytesOf = (memory: Memory) => encode({ kind: 'memory', memory });
/** What is read of a word, and of whoever has none. */
const plain = (memory: Memory) => ({
  ...memory,
  apart: memory.apart && { ...memory.apart, sides: new Map(memory.apart.sides.map((side) => [side.id, side])) },
});

describe('the sides of a person, as bytes', () => {
  test('come back as they went in', () => {
    let apart = 0;
    fc.assert(
      fc.property(person, (one) => {
        if (one.apart) apart++;
        expect(plain(memoryOf(bytesOf(one)))).toEqual(plain(one));
      }),
      { numRuns: 300 },
    );
    expect(apart).toBeGreaterThan(100);
  });

  test('have what lies behind the document, and is written into it later, with the side that it came under', () => {
    fc.assert(
      fc.property(person, fc.array(fc.tuple(fc.constantFrom(...IDS), contact), { maxLength: 20 }), (one, whose) => {
        const before = bytesOf(one);
        const ids = whose.filter(([id]) => one.apart?.sides.some((side) => side.id === id));
        const later = ids.map(([id, contact], at): MemoryEvent & { readonly kind: 'interaction' } => ({
          ...(at % 2 === 0 && { contact, goal: true }),
          ...asOf(id),
          ...{ kind: 'interaction', event: 'Later', channel: 'web', properties: { at }, messageId: `later ${at}` },
          ...{ timestamp: NOW + 1 + at, arrival: NOW * 1_000 + 1_000 * at + 10 },
        }));
        const visitor = memoryIn(before);
        const sided = later.map((event) => ({ ...event, side: sideNumberOf(visitor?.sideHeads ?? [], event, one.id) }));
        const all = { keepInteractions: 1_000, keepDays: 0, splitDays: 90 };
        const expected = plain(apply(one, later, NOW, all).memory);
        const told = sided.map((event) => ({ contacts: [], goals: [], ...toldOfContacts(event), side: event.side }));
        const behind = Buffer.concat([before, writeTail(sided.slice(0, 8), told.slice(0, 8))]);
        expect(plain(memoryOf(Buffer.concat([before, writeTail(sided, told)])))).toEqual(expected);
        expect(
          plain(
            memoryOf(
              encodeWith(
                behind,
                sided.slice(8).map(({ userId, anonymousId, kind, contact: _contact, goal, ...rest }) => rest),
                told.slice(8),
              ),
            ),
          ),
        ).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  test('take few bytes where they say what the person says, and none of whoever was not joined', () => {
    const did = (id: string, count: number): MemoryEvent[] =>
      Array.from({ length: count }, (_, at) => ({
        ...{ userId: undefined, anonymousId: id, kind: 'interaction', messageId: `${id}-${at}`, event: 'Seen' },
        ...{ channel: 'web', properties: {}, timestamp: NOW + at, arrival: NOW * 1_000 + at },
      }));
    const all = { keepInteractions: 1_000, keepDays: 0 };
    const [phone, tablet] = ['phone', 'tablet'].map((id) => apply(emptyMemory(id), did(id, 200), NOW, all).memory);
    const lengthWith = (splitDays: number) =>
      bytesOf(merge(phone ?? emptyMemory(''), tablet ?? emptyMemory(''), NOW, { ...all, splitDays })).length;
    expect(lengthWith(90) - lengthWith(0)).toBeLessThan(2 * 400);
    expect(bytesOf(apply(emptyMemory('phone'), did('phone', 9), NOW, { ...all, splitDays: 90 }).memory)).toEqual(
      bytesOf(apply(emptyMemory('phone'), did('phone', 9), NOW, all).memory),
    );
  });

  test('are refused where they are not what they should be', () => {
    const joined = merge(emptyMemory('ann'), emptyMemory('phone'), NOW, KEEP);
    const bytes = bytesOf({ ...joined, interactions: [], apart: joined.apart });
    for (let cut = 1; cut < bytes.length; cut++)
      expect(() => decode(bytes.subarray(0, bytes.length - cut))).toThrow(CorruptDocument);
  });
});
