import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { browserMessageId, isFromBrowser } from '../../engine/visitor/message-source.js';
import { MAX_FORGOTTEN } from './forgotten.js';
import type { MemoryEvent } from './memory-event.js';
import { countersOf } from './counters.js';
import { apply, emptyMemory, merge, traitsOf, type Memory, type Retention } from './memory.js';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const KEEP: Retention = { keepInteractions: 5, keepDays: 10 };

const interaction = (id: number, more: Partial<MemoryEvent> = {}): MemoryEvent =>
  ({
    kind: 'interaction',
    messageId: `m${id}`,
    event: id % 2 ? 'Odd' : 'Even',
    channel: 'web',
    properties: { id },
    userId: undefined,
    anonymousId: 'a',
    timestamp: NOW - id * 1_000,
    arrival: id,
    ...more,
  }) as MemoryEvent;

/**
 * Events whose message ids and arrivals are unique, with timestamps that often collide and are often too old to keep.
 */
const events: fc.Arbitrary<MemoryEvent[]> = fc
  .array(
    fc.record({
      daysAgo: fc.integer({ min: 0, max: 14 }),
      trait: fc.option(fc.constantFrom('x', 'y', null)),
      name: fc.constantFrom('A', 'B', 'constructor'),
      isBrowsers: fc.boolean(),
    }),
    { maxLength: 20 },
  )
  .map((list) =>
    list.map(({ daysAgo, trait, name, isBrowsers }, index): MemoryEvent => {
      const base = {
        userId: undefined,
        anonymousId: 'a',
        timestamp: NOW - daysAgo * DAY,
        arrival: index,
        ...(isBrowsers
          ? { by: 'browser' as const, messageId: browserMessageId(`m${index}`) }
          : { messageId: `m${index}` }),
      };
      return trait === null
        ? { ...base, kind: 'interaction', event: name, channel: 'web', properties: { index } }
        : { ...base, kind: 'traits', source: 'identify', traits: { [name]: trait } };
    }),
  );

const fold = (list: readonly MemoryEvent[], from: Memory = emptyMemory('v'), keep: Retention = KEEP) =>
  apply(from, list, NOW, keep).memory;

describe('a memory', () => {
  test('is the same whatever the order of its events, in one go or one by one', () => {
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.nat()), (list, picks) => {
        const shuffled = [...list]
          .map((event) => ({ event, rank: picks.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ event }) => event);
        const oneByOne = shuffled.reduce((memory, event) => fold([event], memory), emptyMemory('v'));
        expect(fold(shuffled)).toEqual(fold(list));
        expect(oneByOne).toEqual(fold(list));
      }),
    );
  });

  test('does not change when events come again', () => {
    fc.assert(
      fc.property(events, (list) => {
        const once = fold(list);
        const again = apply(once, list, NOW, KEEP);
        expect(again.memory).toEqual(once);
        expect(again.duplicates.size).toBe(list.length);
      }),
    );
  });

  test('counts every event for ever, however few are kept', () => {
    fc.assert(
      fc.property(events, (list) => {
        const counted = Object.values(countersOf(fold(list))).reduce((sum, one) => sum + one.count, 0);
        expect(counted).toBe(list.filter((event) => event.kind === 'interaction').length);
      }),
    );
  });

  test('merges with another into the same, whichever way round, once or twice, and loses no event', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 0, max: 20 }), (list, cut) => {
        const [a, b] = [fold(list.slice(0, cut)), fold(list.slice(cut), emptyMemory('w'))];
        const joined = merge(a, b, NOW, KEEP);
        expect(told(merge(b, a, NOW, KEEP))).toEqual(told(joined));
        expect(told(merge(joined, b, NOW, KEEP))).toEqual(told(joined));
        expect(told(joined)).toEqual(told(fold(list)));
      }),
    );
  });

  test('keeps the latest interactions, and those of equal time in order of arrival', () => {
    const kept = fold([
      interaction(3, { timestamp: NOW }),
      interaction(1, { timestamp: NOW }),
      interaction(2, { timestamp: NOW - 1 }),
      ...[4, 5, 6, 7].map((id) => interaction(id)),
    ]);
    expect(kept.interactions.map((one) => one.messageId)).toEqual(['m5', 'm4', 'm2', 'm1', 'm3']);
    expect(countersOf(kept)['Odd']).toEqual({ count: 4, first: NOW - 7_000, last: NOW });
  });

  test('lets browsers push out nothing that a server said, nor servers what browsers said', () => {
    const ofBrowser = (id: number, more?: Partial<MemoryEvent>) =>
      interaction(id, { messageId: browserMessageId(`m${id}`), ...more });
    const orders = [1, 2, 3].map((id) => interaction(id, { timestamp: NOW - 9 * DAY }));
    const flooded = fold(
      Array.from({ length: 40 }, (_, id) => ofBrowser(id + 100)),
      fold(orders),
    );
    const kept = flooded.interactions.map(({ messageId }) => messageId);
    expect(kept.filter((id) => !isFromBrowser(id)).sort()).toEqual(['m1', 'm2', 'm3']);
    expect(kept.filter(isFromBrowser)).toHaveLength(5);
    const answered = fold(
      Array.from({ length: 40 }, (_, id) => interaction(id + 200)),
      flooded,
    ).interactions;
    expect(answered.filter(({ messageId }) => isFromBrowser(messageId))).toHaveLength(5);
    expect(answered).toHaveLength(10);
  });

  test('knows a server’s message again that it let go of, whatever browsers send meanwhile', () => {
    const old = Array.from({ length: 10 }, (_, id) => interaction(id, { timestamp: NOW - 20 * DAY }));
    const flood = Array.from({ length: MAX_FORGOTTEN + 50 }, (_, id) =>
      interaction(id, { messageId: browserMessageId(`b${id}`), arrival: 1_000_000 + id * 1_000 }),
    );
    expect(apply(fold(flood, fold(old)), old, NOW, KEEP).duplicates.size).toBe(old.length);
  });

  test('lets go of what is too old, and keeps all ages when told so', () => {
    const old = interaction(1, { timestamp: NOW - 11 * DAY });
    expect(fold([old]).interactions).toEqual([]);
    expect(fold([old], undefined, { ...KEEP, keepDays: 0 }).interactions).toHaveLength(1);
  });

  test('takes the latest word on each trait, and forgets one that is said to be null', () => {
    const said = (arrival: number, timestamp: number, traits: Record<string, string | null>): MemoryEvent => ({
      kind: 'traits',
      source: 'identify',
      userId: 'u',
      anonymousId: undefined,
      messageId: undefined,
      timestamp,
      arrival,
      traits,
    });
    const memory = fold([
      said(1, 20, { a: 'late', b: 'x' }),
      said(2, 10, { a: 'early' }),
      said(3, 30, { b: null }),
      said(5, 20, { c: 'second' }),
      said(4, 20, { c: 'first' }),
    ]);
    expect(traitsOf(memory)).toEqual({ a: 'late', c: 'second' });
  });

  test('takes a server’s word on a trait over a browser’s, whichever is later, and keeps the browser’s apart', () => {
    const said = (arrival: number, by: 'browser' | undefined, traits: Record<string, string | null>): MemoryEvent => ({
      ...{ kind: 'traits', source: 'identify', userId: 'u', anonymousId: undefined, messageId: undefined },
      ...{ timestamp: arrival, arrival, traits, ...(by && { by }) },
    });
    const words = [
      said(1, undefined, { plan: 'gold', blocked: null }),
      said(2, 'browser', { plan: 'platinum', blocked: 'no', theme: 'dark' }),
      said(3, 'browser', { plan: 'diamond' }),
    ];
    for (const list of [words, words.toReversed()]) {
      const memory = fold(list);
      expect(traitsOf(memory)).toEqual({ plan: 'gold', theme: 'dark' });
      expect(memory.outranked).toMatchObject({ plan: { value: 'diamond' }, blocked: { value: 'no' } });
      expect(memory.traits['theme']?.source).toBe('browser:identify');
    }
  });

  test('never applies a message twice that is among the latest it has let go of, whatever time they tell of', () => {
    const daysAgo = (days: number) => ({ timestamp: NOW - days * DAY });
    const recent = Array.from({ length: MAX_FORGOTTEN - 100 }, (_, id) => interaction(id + 200_000, daysAgo(1)));
    const late = Array.from({ length: 100 }, (_, id) => interaction(id + 500_000, daysAgo(5_000)));
    const memory = fold(late, fold(recent));
    expect(apply(memory, [...recent, ...late], NOW, KEEP).duplicates.size).toBe(MAX_FORGOTTEN);
  });

  test('counts a message again that came in before the latest it has let go of, as it may as well be new', () => {
    const many = Array.from({ length: MAX_FORGOTTEN + 50 }, (_, id) => interaction(id, { arrival: id * 1_000 }));
    const memory = fold(many);
    expect(memory.forgotten.hashes).toHaveLength(MAX_FORGOTTEN);
    const again = apply(memory, many, NOW, KEEP);
    expect(again.duplicates.size).toBe(many.length - 45);
  });

  test('takes no new message for known, however old, and tells that it is counted only', () => {
    const many = Array.from({ length: MAX_FORGOTTEN + 50 }, (_, id) => interaction(id));
    const fresh = Array.from({ length: 10 }, (_, id) => interaction(id, { messageId: `new ${id}` }));
    const old = fresh.map((event) => ({ ...event, messageId: `old ${event.messageId}`, timestamp: NOW - 20 * DAY }));
    const { memory, duplicates, notRetained } = apply(fold(many), [...fresh, ...old], NOW, KEEP);
    expect(duplicates.size).toBe(0);
    expect([...notRetained].filter((at) => at >= fresh.length)).toHaveLength(old.length);
    expect(Object.values(countersOf(memory)).reduce((sum, { count }) => sum + count, 0)).toBe(many.length + 20);
  });
});

/** What the world is told of a memory: its own id and who evicted what are left out. */
function told(memory: Memory): unknown {
  const { traits, outranked, interactions } = memory;
  return { traits, outranked, shown: traitsOf(memory), counters: countersOf(memory), interactions };
}
