import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SqliteDatabase } from '../../stores/sqlite/sqlite-database.js';
import { SqliteVisitorStore } from '../../stores/sqlite/sqlite-visitor-store.js';
import { encode } from '../documents/codec.js';
import { emptyMemory } from '../memory/memory.js';
import { DanglingPointers } from './dangling-pointers.js';

const NOW = Date.UTC(2026, 10, 21);
const MINUTE = 60_000;

let database: SqliteDatabase;
let store: SqliteVisitorStore;
let pointers: DanglingPointers;

beforeEach(() => {
  database = SqliteDatabase.open(':memory:');
  store = new SqliteVisitorStore(database);
  pointers = new DanglingPointers(store);
});
afterEach(() => database.close());

const pointTo = (of: string) => encode({ kind: 'alias', of });
const memoryOf = (id: string) => encode({ kind: 'memory', memory: emptyMemory(id) });
const put = async (id: string, document: Uint8Array) => {
  const [before] = await store.load([id]);
  await store.save([{ id, from: before?.version, document }]);
};
const isThere = async (id: string) => (await store.load([id]))[0] !== undefined;
async function sweepAt(now: number, ...ids: string[]): Promise<void> {
  const documents = await store.load(ids);
  await pointers.sweep(
    ids.map((id, index) => ({ id, stored: documents[index] })),
    now,
  );
}

test('a pointer that leads nowhere is removed when it has done so for a minute, not before', async () => {
  await put('phone', pointTo('gone'));
  await sweepAt(NOW, 'phone');
  await sweepAt(NOW + MINUTE - 1, 'phone');
  expect(await isThere('phone')).toBe(true);
  await sweepAt(NOW + MINUTE, 'phone');
  expect(await isThere('phone')).toBe(false);
});

test('a pointer whose person is written meanwhile stays', async () => {
  await put('phone', pointTo('ann'));
  await sweepAt(NOW, 'phone');
  await put('ann', memoryOf('ann'));
  await sweepAt(NOW + MINUTE, 'phone');
  expect(await isThere('phone')).toBe(true);
});

test('a pointer that was written again is waited for again', async () => {
  await put('phone', pointTo('gone'));
  await sweepAt(NOW, 'phone');
  await put('phone', pointTo('gone as well'));
  await sweepAt(NOW + MINUTE, 'phone');
  expect(await isThere('phone')).toBe(true);
  await sweepAt(NOW + 2 * MINUTE, 'phone');
  expect(await isThere('phone')).toBe(false);
});

test('a pointer that changes in the moment of its removal stays', async () => {
  await put('phone', pointTo('gone'));
  await sweepAt(NOW, 'phone');
  const [stored] = await store.load(['phone']);
  await pointers.sweep([{ id: 'phone', stored }], NOW);
  await put('phone', memoryOf('phone'));
  await pointers.sweep([{ id: 'phone', stored }], NOW + MINUTE);
  expect(await isThere('phone')).toBe(true);
});

test('an erased id is forgotten: a pointer that it has later is waited for from then on', async () => {
  await put('phone', pointTo('gone'));
  await sweepAt(NOW, 'phone');
  pointers.forget(['phone']);
  await sweepAt(NOW + MINUTE, 'phone');
  expect(await isThere('phone')).toBe(true);
});

test('memories, documents that nobody can read and ids that are not there are passed over', async () => {
  await put('ann', memoryOf('ann'));
  await put('bob', Buffer.from('unreadable'));
  for (const now of [NOW, NOW + MINUTE, NOW + 2 * MINUTE]) await sweepAt(now, 'ann', 'bob', 'nobody');
  expect([await isThere('ann'), await isThere('bob')]).toEqual([true, true]);
});
