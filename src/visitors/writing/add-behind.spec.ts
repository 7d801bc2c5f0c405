import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteDatabase } from '../../stores/sqlite/sqlite-database.js';
import { SqliteVisitorStore } from '../../stores/sqlite/sqlite-visitor-store.js';
import type { StoredDocument } from '../../stores/visitor-store.js';
import { decode } from '../documents/codec.js';
import type { InteractionEvent, MemoryEvent } from '../memory/memory-event.js';
import type { Memory } from '../memory/memory.js';
import { VisitorWriter } from './visitor-writer.js';

const KEEP = { keepInteractions: 500, keepDays: 0 };

class CountingStore extends SqliteVisitorStore {
  asked: string[] = [];

  override load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    this.asked.push(...ids);
    return super.load(ids);
  }
}

describe('events that only get more behind a document', () => {
  let arrivals = 0;
  let database: SqliteDatabase;
  let store: CountingStore;
  let writer: VisitorWriter;
  const did = (ids: { readonly userId?: string; readonly anonymousId?: string }): InteractionEvent => {
    const arrival = ++arrivals;
    return {
      ...{ kind: 'interaction', userId: undefined, anonymousId: undefined, ...ids, messageId: `m${arrival}` },
      ...{ event: 'X', channel: 'web', properties: {}, timestamp: arrival, arrival },
    };
  };
  const askedFor = async (...events: readonly MemoryEvent[]) => {
    store.asked = [];
    const { outcomes } = await writer.write(events);
    return { asked: store.asked, outcomes };
  };
  const memoryOf = async (id: string): Promise<Memory> => {
    const document = decode((await store.load([id]))[0]?.document ?? Buffer.of());
    if (document.kind !== 'memory') throw new Error(`${id} is a pointer`);
    return document.memory;
  };
  beforeEach(() => {
    database = SqliteDatabase.open(':memory:');
    store = new CountingStore(database);
    writer = new VisitorWriter(store, KEEP);
  });
  afterEach(() => database.close());

  test('are written without the document once it was looked at, until it is written anew', async () => {
    const asked = [];
    for (let count = 0; count < 40; count++) asked.push((await askedFor(did({ userId: 'u' }))).asked.length);
    // A stranger's, the first look, and each time that the events behind it are written into it.
    expect(asked.flatMap((times, at) => (times > 0 ? [at] : []))).toEqual([0, 1, 17, 34]);
    expect((await memoryOf('u')).interactions).toHaveLength(40);
  });

  test('are known by their message ids without the document, and then looked at more closely', async () => {
    const [first, second] = [did({ userId: 'u' }), did({ userId: 'u' })];
    for (const event of [first, second, did({ userId: 'u' })]) await writer.write([event]);
    expect(await askedFor(second)).toEqual({ asked: ['u'], outcomes: [{ memoryId: 'u', duplicate: true }] });
    expect(await askedFor(first)).toEqual({ asked: ['u'], outcomes: [{ memoryId: 'u', duplicate: true }] });
  });

  test('are not written where another process has written meanwhile, and then go behind what that wrote', async () => {
    const other = new VisitorWriter(store, KEEP);
    const shared = did({ userId: 'u' });
    for (let count = 0; count < 3; count++) await writer.write([did({ userId: 'u' })]);
    await other.write([shared]);
    expect((await writer.write([shared])).outcomes).toEqual([{ memoryId: 'u', duplicate: true }]);
    await other.write([did({ userId: 'u' })]);
    await writer.write([did({ userId: 'u' })]);
    expect((await memoryOf('u')).interactions).toHaveLength(6);
  });

  test('are written with the document again where another process writes to everybody in turns', async () => {
    const other = new VisitorWriter(store, KEEP);
    const ids = Array.from({ length: 30 }, (_one, at) => `u-${at}`);
    for (let turn = 0; turn < 12; turn++)
      for (const one of [writer, other]) await one.write(ids.map((userId) => did({ userId })));
    expect((await askedFor(...ids.map((userId) => did({ userId })))).asked).toEqual(ids);
    for (let turn = 0; turn < 12; turn++) await writer.write(ids.map((userId) => did({ userId })));
    expect((await askedFor(...ids.map((userId) => did({ userId })))).asked).toEqual([]);
    expect((await memoryOf('u-7')).interactions).toHaveLength(38);
  });

  test('begin a new person where another process has erased the one who was looked at', async () => {
    for (let count = 0; count < 3; count++) await writer.write([did({ userId: 'u' })]);
    const [stored] = await store.load(['u']);
    await store.save([{ id: 'u', from: stored?.version, document: undefined }]);
    await writer.write([did({ userId: 'u' })]);
    expect((await memoryOf('u')).interactions).toHaveLength(1);
  });

  test('are not written into a document that was damaged after it was looked at: the person begins anew', async () => {
    for (let count = 0; count < 3; count++) await writer.write([did({ userId: 'u' })]);
    const [stored] = await store.load(['u']);
    const damaged = Buffer.from(stored?.document ?? []);
    damaged[30] = (damaged[30] ?? 0) ^ 1;
    await store.save([{ id: 'u', from: stored?.version, to: stored?.version ?? '', document: damaged }]);
    for (let count = 0; count < 20; count++) await writer.write([did({ userId: 'u' })]);
    expect((await memoryOf('u')).interactions).toHaveLength(20 - 14);
  });

  test('go to whom their ids lead now, though others than that one were not read', async () => {
    await writer.write([did({ anonymousId: 'a' })]);
    await writer.write([did({ userId: 'u', anonymousId: 'a' })]);
    for (let count = 0; count < 2; count++) await writer.write([did({ anonymousId: 'a' })]);
    expect(await askedFor(did({ anonymousId: 'a' }))).toMatchObject({
      asked: ['a'],
      outcomes: [{ memoryId: 'u' }],
    });
    const [stored] = await store.load(['a']);
    await store.save([{ id: 'a', from: stored?.version, document: undefined }]);
    expect((await writer.write([did({ anonymousId: 'a' })])).outcomes).toEqual([{ memoryId: 'a', duplicate: false }]);
  });

  test('are written with the document where a decision is to know it', async () => {
    for (let count = 0; count < 3; count++) await writer.write([did({ userId: 'u' })]);
    const { documents } = await writer.write([did({ userId: 'u' })], 'u');
    const [stored] = await store.load(['u']);
    expect([documents.get('u')?.version, Buffer.from(documents.get('u')?.document ?? [])]).toEqual([
      stored?.version,
      Buffer.from(stored?.document ?? []),
    ]);
  });

  test('leave nothing of whoever is to be forgotten', async () => {
    for (let count = 0; count < 3; count++) await writer.write([did({ userId: 'u' })]);
    writer.forget(['u']);
    expect((await askedFor(did({ userId: 'u' }))).asked).toEqual(['u']);
  });

  test('go into one document together with others that make it anew, each once', async () => {
    for (let count = 0; count < 3; count++) await writer.write([did({ userId: 'u' })]);
    const { outcomes } = await writer.write([
      did({ userId: 'u' }),
      { ...did({ userId: 'u' }), kind: 'traits', traits: { plan: 'gold' }, source: 'identify' },
      did({ userId: 'u' }),
    ]);
    expect(outcomes).toEqual([1, 2, 3].map(() => ({ memoryId: 'u', duplicate: false })));
    const { interactions, traits } = await memoryOf('u');
    expect([interactions.length, traits['plan']?.value]).toEqual([5, 'gold']);
  });
});
