import { describe, expect, test } from '@jest/globals';
import type { VisitorDocument } from './codec.js';
import type { MemoryEvent } from './memory.js';
import { remember, type Remembered } from './remember.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
let arrivals = 0;

const did = (ids: { userId?: string; anonymousId?: string }, event = 'Page Viewed'): MemoryEvent => {
  const arrival = ++arrivals;
  return { kind: 'interaction', userId: undefined, anonymousId: undefined, ...ids, messageId: `m${arrival}`, event, channel: 'web', properties: {}, timestamp: NOW + arrival, arrival };
};

const round = (events: MemoryEvent[], documents: ReadonlyMap<string, VisitorDocument> = new Map()): Remembered =>
  remember({ documents, events, now: NOW, retention: { keepInteractions: 500, keepDays: 0 } });

/** The documents after a round, as a store would have them. */
const after = (done: Remembered, before: ReadonlyMap<string, VisitorDocument> = new Map()): Map<string, VisitorDocument> =>
  new Map<string, VisitorDocument>([...before, ...[...done.memories].map(([id, memory]) => [id, { kind: 'memory', memory }] as const), ...[...done.aliases].map(([id, of]) => [id, { kind: 'alias', of }] as const)]);

describe('remembering', () => {
  test('joins what a device did before with the person who logs in on it', () => {
    const before = after(round([did({ anonymousId: 'a1' }, 'Model Configured')]));
    const done = round([did({ userId: 'u1', anonymousId: 'a1' }, 'Signed In')], before);
    expect([...done.aliases]).toEqual([['a1', 'u1']]);
    expect(done.memories.get('u1')).toMatchObject({ userIds: ['u1'], anonymousIds: ['a1'], interactions: [{ event: 'Model Configured' }, { event: 'Signed In' }] });
    expect(done.memories.has('a1')).toBe(false);
  });

  test('does so within one round too, and sends what the device does later to the person', () => {
    const done = round([did({ anonymousId: 'a1' }), did({ userId: 'u1', anonymousId: 'a1' }), did({ anonymousId: 'a1' })]);
    expect(done.memories.get('u1')?.interactions).toHaveLength(3);
    const later = round([did({ anonymousId: 'a1' })], after(done));
    expect(later.outcomes).toEqual([{ memoryId: 'u1', duplicate: false }]);
    expect(later.memories.get('u1')?.interactions).toHaveLength(4);
  });

  test('joins a second device of the same person', () => {
    const one = after(round([did({ userId: 'u1', anonymousId: 'a1' })]));
    const two = after(round([did({ anonymousId: 'a2' })], one), one);
    expect(round([did({ userId: 'u1', anonymousId: 'a2' })], two).memories.get('u1')).toMatchObject({ anonymousIds: ['a1', 'a2'], interactions: { length: 3 } });
  });

  test('does not give a device that belongs to one person to the next who logs in on it', () => {
    const shared = after(round([did({ userId: 'u1', anonymousId: 'a1' })]));
    const done = round([did({ userId: 'u2', anonymousId: 'a1' })], shared);
    expect(done.aliases.size).toBe(0);
    expect(done.memories.get('u2')).toMatchObject({ userIds: ['u2'], anonymousIds: [], interactions: { length: 1 } });
    expect(done.memories.has('u1')).toBe(false);
  });

  test('tells duplicates from new events and writes nothing for them alone', () => {
    const event = did({ userId: 'u1' });
    const first = round([event, event]);
    expect(first.outcomes.map((one) => one.duplicate)).toEqual([false, true]);
    const again = round([event], after(first));
    expect(again.outcomes).toEqual([{ memoryId: 'u1', duplicate: true }]);
    expect(again.memories.size).toBe(0);
  });

  test('joins again without counting twice when a crash left the device where it was', () => {
    const before = after(round([did({ anonymousId: 'a1' })]));
    const joined = round([did({ userId: 'u1', anonymousId: 'a1' })], before);
    const crashed = new Map(after(joined, before)).set('a1', before.get('a1') as VisitorDocument);
    const done = round([did({ userId: 'u1', anonymousId: 'a1' })], crashed);
    expect(done.memories.get('u1')?.interactions).toHaveLength(3);
    expect([...done.aliases]).toEqual([['a1', 'u1']]);
  });
});
