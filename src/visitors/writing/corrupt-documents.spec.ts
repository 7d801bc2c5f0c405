import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { CorruptDocument } from '../../errors.js';
import { SqliteDatabase } from '../../stores/sqlite/sqlite-database.js';
import { SqliteVisitorStore } from '../../stores/sqlite/sqlite-visitor-store.js';
import type { StoredDocument, VisitorStore } from '../../stores/visitor-store.js';
import { encode } from '../documents/codec.js';
import { CorruptDocuments } from './corrupt-documents.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { emptyMemory } from '../memory/memory.js';
import { VisitorsService } from '../visitors.service.js';

const did = (ids: { userId?: string; anonymousId?: string }, messageId: string): MemoryEvent => ({
  kind: 'interaction',
  userId: undefined,
  anonymousId: undefined,
  ...ids,
  messageId,
  event: 'Seen',
  channel: 'web',
  properties: {},
  timestamp: Date.now(),
  arrival: 1,
});

describe('a document that can’t be read', () => {
  let database: SqliteDatabase;
  let store: VisitorStore;
  let aside: string[];
  let visitors: VisitorsService;
  const put = (id: string, document: Uint8Array) => store.save([{ id, from: undefined, document }]);
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => {
    database = SqliteDatabase.open(':memory:');
    const sqlite = new SqliteVisitorStore(database);
    aside = [];
    store = Object.assign(Object.create(sqlite) as VisitorStore, {
      setAside: (id: string, stored: StoredDocument) => (aside.push(id), sqlite.setAside(id, stored)),
    });
    visitors = new VisitorsService(store, { keepInteractions: 500, keepDays: 0 });
  });
  afterEach(() => database.close());

  test('is set aside by whoever reads it first, once, and its person is a stranger from then on', async () => {
    for (const id of ['a', 'b']) {
      await put(id, Buffer.from('junk'));
      const read = () => (id === 'a' ? visitors.view(id).catch((error: unknown) => error) : visitors.find(id));
      for (const one of await Promise.all([read(), read(), read()]))
        expect(one === undefined || one instanceof CorruptDocument).toBe(true);
      await new Promise((resolve) => setImmediate(resolve));
      expect([aside.filter((one) => one === id), await store.load([id])]).toEqual([[id], [undefined]]);
      expect([(await visitors.view(id)).view.traits, await visitors.find(id)]).toEqual([{}, undefined]);
    }
  });

  test('does not keep its person from beginning anew', async () => {
    await put('u1', Buffer.from('junk'));
    expect(await visitors.record([did({ userId: 'u1', anonymousId: 'a1' }, 'm1')])).toEqual([
      { memoryId: 'u1', duplicate: false },
    ]);
    expect((await visitors.find('a1'))?.interactions).toHaveLength(1);
    expect(aside).toEqual(['u1']);
  });

  test('leaves the others of its round, and the ids that point at it, as they are', async () => {
    await put('u1', Buffer.from('junk'));
    await put('a1', encode({ kind: 'alias', of: 'u1' }));
    await put('u2', encode({ kind: 'memory', memory: { ...emptyMemory('u2'), userIds: ['u2'] } }));
    await visitors.record([did({ anonymousId: 'a1' }, 'm1'), did({ userId: 'u2' }, 'm2')]);
    expect((await visitors.find('a1'))?.userIds).toEqual(['u1']);
    expect((await visitors.find('u2'))?.interactions).toHaveLength(1);
  });

  test('is tried again where it could not be set aside', async () => {
    await put('u1', Buffer.from('junk'));
    let isBroken = true;
    const flaky = Object.assign(Object.create(store) as VisitorStore, {
      setAside: (id: string, stored: StoredDocument) =>
        isBroken ? Promise.reject(new RangeError('disk full')) : store.setAside(id, stored),
    });
    const corrupt = new CorruptDocuments(flaky);
    const [stored] = await store.load(['u1']);
    if (!stored) throw new Error('not stored');
    const look = () =>
      corrupt.readOrSetAside('u1', stored, () => new VisitorsService(store, { keepInteractions: 1, keepDays: 0 }));
    expect(look()).toBeDefined();
    await expect(corrupt.decodeOrSetAside('u1', stored)).rejects.toThrow('disk full');
    isBroken = false;
    expect(await corrupt.decodeOrSetAside('u1', stored)).toBeUndefined();
    expect(aside).toEqual(['u1']);
  });
});
