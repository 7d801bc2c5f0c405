import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreUnavailable } from '../../errors.js';
import { SqliteDatabase } from '../../stores/sqlite/sqlite-database.js';
import { SqliteVisitorStore } from '../../stores/sqlite/sqlite-visitor-store.js';
import type { DocumentChange, VisitorStore } from '../../stores/visitor-store.js';
import { decode } from '../documents/codec.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { VisitorWriter } from './visitor-writer.js';

const KEEP = { keepInteractions: 500, keepDays: 0 };
let arrivals = 0;
const did = (userId: string): MemoryEvent => by({ userId });
const by = (ids: { readonly userId?: string; readonly anonymousId?: string }): MemoryEvent => {
  const arrival = ++arrivals;
  return {
    kind: 'interaction',
    userId: undefined,
    anonymousId: undefined,
    ...ids,
    messageId: `m${arrival}`,
    event: 'X',
    channel: 'web',
    properties: {},
    timestamp: arrival,
    arrival,
  };
};

async function countOf(store: VisitorStore, id: string): Promise<number> {
  const document = decode((await store.load([id]))[0]?.document ?? new Uint8Array());
  return document.kind === 'memory' ? document.memory.interactions.length : 0;
}

describe('the writer of memories', () => {
  let database: SqliteDatabase;
  let store: VisitorStore;
  beforeEach(() => {
    database = SqliteDatabase.open(':memory:');
    store = new SqliteVisitorStore(database);
  });
  afterEach(() => database.close());

  test('shares one save among everything that waits', async () => {
    const sizes: number[] = [];
    const watched = Object.assign(Object.create(store) as VisitorStore, {
      save: (changes: readonly DocumentChange[]) => (sizes.push(changes.length), store.save(changes)),
    });
    const writer = new VisitorWriter(watched, KEEP);
    await Promise.all([writer.write([did('a'), did('b')]), writer.write([did('a')]), writer.write([did('c')])]);
    expect(sizes).toEqual([3]);
    expect(await countOf(store, 'a')).toBe(2);
  });

  test('does not say that nothing was stored where the store is lost midway; again, all count once', async () => {
    let saves = 0;
    const lost = Object.assign(Object.create(store) as VisitorStore, {
      save: async (changes: readonly DocumentChange[]) => {
        if (++saves > 1) throw new StoreUnavailable('pulled out');
        return store.save(changes);
      },
    });
    const events = Array.from({ length: 501 }, () => did('u'));
    const answer = new VisitorWriter(lost, { keepInteractions: 1_000, keepDays: 0 }).write(events);
    await expect(answer).rejects.toThrow(/does not answer \(pulled out\).*some of what was sent may be stored/);
    expect(await countOf(store, 'u')).toBe(500);
    const { outcomes } = await new VisitorWriter(store, { keepInteractions: 1_000, keepDays: 0 }).write(events);
    expect([outcomes.filter(({ duplicate }) => duplicate).length, await countOf(store, 'u')]).toEqual([500, 501]);
  });

  test('serves others between the rounds of many events, though the store answers at once', async () => {
    const turns: number[] = [];
    const watched = Object.assign(Object.create(store) as VisitorStore, {
      save: (changes: readonly DocumentChange[]) => (turns.push(turn), store.save(changes)),
    });
    let [turn, isOver] = [0, false];
    const count = async (): Promise<void> => {
      for (; !isOver; turn++) await nextTurn();
    };
    const counting = count();
    await new VisitorWriter(watched, KEEP).write(Array.from({ length: 1_500 }, () => did('u')));
    isOver = true;
    await counting;
    expect([turns.length, new Set(turns).size]).toEqual([3, 3]);
  });

  test('lets nobody wait for somebody who is joined with many, one after the other', async () => {
    const writer = new VisitorWriter(store, KEEP);
    const links = Array.from({ length: 50 }, (_one, at) => `link-${at}`);
    await writer.write(links.map((anonymousId) => by({ anonymousId })));
    const ended: string[] = [];
    const chain = links.slice(1).map((previousId, at): MemoryEvent => ({
      ...by({ anonymousId: links[at] ?? '' }),
      ...{ kind: 'alias', previousId, trusted: true },
    }));
    const joined = writer.write(chain).then(() => ended.push('joined'));
    await nextTurn();
    const bystander = writer.write([did('bystander')]).then(() => ended.push('bystander'));
    await Promise.all([joined, bystander]);
    expect(ended).toEqual(['bystander', 'joined']);
    expect(await countOf(store, 'link-0')).toBe(50);
  });

  test('joins people in one round: each document is read once, and not again after it is written', async () => {
    const writer = new VisitorWriter(store, KEEP);
    await writer.write([by({ anonymousId: 'a1' }), by({ userId: 'u1' }), by({ anonymousId: 'a2' })]);
    const calls: string[] = [];
    const watched = Object.assign(Object.create(store) as VisitorStore, {
      load: (ids: readonly string[]) => (calls.push(`load ${ids.join(' ')}`), store.load(ids)),
      save: (changes: readonly DocumentChange[]) => (
        calls.push(`save ${changes.map(({ id }) => id).join(' ')}`),
        store.save(changes)
      ),
    });
    const events = [by({ anonymousId: 'a1' }), by({ userId: 'u1', anonymousId: 'a1' }), by({ anonymousId: 'a2' })];
    expect((await new VisitorWriter(watched, KEEP).write(events)).outcomes).toEqual([
      { memoryId: 'u1', duplicate: false },
      { memoryId: 'u1', duplicate: false },
      { memoryId: 'a2', duplicate: false },
    ]);
    // One who only gets more behind their document; then who is joined is made ready, taken in, and points there.
    expect(calls).toEqual(['load a1 u1 a2', 'save a2', 'save a1', 'save u1', 'save a1']);
    expect([await countOf(store, 'u1'), await countOf(store, 'a2')]).toEqual([4, 2]);
  });

  test('tells an event that comes twice as known the second time, also where it makes two strangers one', async () => {
    const said: MemoryEvent = { ...by({ anonymousId: 'x' }), kind: 'alias', previousId: 'y', trusted: false };
    expect((await new VisitorWriter(store, KEEP).write([said, said])).outcomes).toEqual([
      { memoryId: 'x', duplicate: false },
      { memoryId: 'x', duplicate: true },
    ]);
  });

  test('loses nothing when several processes write to the same visitors', async () => {
    const writers = [1, 2, 3].map(() => new VisitorWriter(store, KEEP));
    await Promise.all(
      writers.flatMap((writer) => Array.from({ length: 20 }, (_, index) => writer.write([did(`v${index % 4}`)]))),
    );
    expect(await Promise.all([0, 1, 2, 3].map((id) => countOf(store, `v${id}`)))).toEqual([15, 15, 15, 15]);
  });

  test('fails a call when none of its events is under way any more, whichever of them failed', async () => {
    let saves = 0;
    const flaky = Object.assign(Object.create(store) as VisitorStore, {
      save: (changes: readonly DocumentChange[]) =>
        ++saves === 1 ? Promise.reject(new RangeError('disk full')) : store.save(changes),
    });
    const events = Array.from({ length: 600 }, (_, index) => did(`v${index}`));
    await expect(new VisitorWriter(flaky, KEEP).write(events)).rejects.toThrow('disk full');
    expect([saves, await countOf(store, 'v599')]).toEqual([2, 1]);
  });

  test('has nobody wait for a part of the store that does not answer, or fail with one that fails', async () => {
    const { promise: silence, resolve: speak } = Promise.withResolvers<void>();
    let isAway = false;
    const parted = Object.assign(Object.create(store) as VisitorStore, {
      partOf: (id: string) => id[0],
      load: async (ids: readonly string[]) => {
        if (ids.some((id) => id.startsWith('silent'))) await silence;
        if (isAway && ids.some((id) => id.startsWith('away'))) throw new StoreUnavailable('a part is away');
        return store.load(ids);
      },
    });
    const writer = new VisitorWriter(parted, KEEP);
    const waits = writer.write([did('silent')]);
    await writer.write([did('here'), by({ userId: 'away', anonymousId: 'here-too' })]);
    isAway = true;
    // All in one round: one of them leads to the part that is away.
    const [home, linked, besides] = await Promise.allSettled([
      writer.write([did('here')]),
      writer.write([by({ anonymousId: 'here-too' })]),
      writer.write([did('here-alone')]),
    ]);
    expect([home.status, linked.status, besides.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await countOf(store, 'here')).toBe(2);
    speak();
    expect((await waits).outcomes).toEqual([{ memoryId: 'silent', duplicate: false }]);
  });

  test('gives the documents of its last round, with what was asked for besides', async () => {
    const writer = new VisitorWriter(store, KEEP);
    await writer.write([did('besides')]);
    const events = Array.from({ length: 600 }, (_, index) => did(`v${index}`));
    const { documents } = await writer.write(events, 'besides');
    expect(documents.get('besides')).toEqual((await store.load(['besides']))[0]);
    expect(documents.get('v599')).toMatchObject({ version: (await store.load(['v599']))[0]?.version });
    expect((await writer.write([])).outcomes).toEqual([]);
  });

  test('fails what it could not store and goes on with what comes after', async () => {
    let broken = true;
    const flaky = Object.assign(Object.create(store) as VisitorStore, {
      save: (changes: readonly DocumentChange[]) =>
        broken ? Promise.reject(new RangeError('disk full')) : store.save(changes),
    });
    const writer = new VisitorWriter(flaky, KEEP);
    const event = did('a');
    await expect(writer.write([event])).rejects.toThrow('disk full');
    broken = false;
    expect((await writer.write([event])).outcomes).toEqual([{ memoryId: 'a', duplicate: false }]);
  });

  test('refuses more than it can hold instead of growing', async () => {
    const writer = new VisitorWriter(store, KEEP);
    await expect(writer.write(Array.from({ length: 50_001 }, () => did('a')))).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
  });
});
