import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decision, describeDecisionLog } from '../decision-log.contract.js';
import { describeRejectedEvents } from '../rejected-events.contract.js';
import type { RejectedLimits } from '../rejected-events.js';
import { describeErasures } from '../erasures.contract.js';
import { describeHousekeeping } from '../housekeeping.contract.js';
import { describeOfferFigures } from '../offer-figures.contract.js';
import { SqliteConnection } from './sqlite-connection.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteDecisionLog } from './sqlite-decision-log.js';
import { SqliteRejectedEvents } from './sqlite-rejected-events.js';
import { SqliteOfferFigures } from './sqlite-offer-figures.js';
import { SqliteErasures } from './sqlite-erasures.js';
import { SqliteHousekeeping } from './sqlite-housekeeping.js';
import { SqliteSearchIndex } from './sqlite-search-index.js';
import { SqliteVisitorStore } from './sqlite-visitor-store.js';
import { describeSearchIndex } from '../search-index.contract.js';
import { describeStoreConnection } from '../store-connection.contract.js';
import { describeVisitorStore } from '../visitor-store.contract.js';

const bytes = (text: string) => Buffer.from(text);

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-sqlite-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const newFile = () => join(folder, `${(files += 1)}.db`);

const visitorsIn = (file: string) => async () => {
  const database = SqliteDatabase.open(file);
  return { visitors: new SqliteVisitorStore(database), connection: new SqliteConnection(database) };
};

describeVisitorStore('the visitor store on SQLite', async () => ({
  open: visitorsIn(newFile()),
  tearDown: async () => undefined,
}));

describeStoreConnection('the connection of the stores on SQLite', async () => ({
  open: visitorsIn(newFile()),
  tearDown: async () => undefined,
}));

describeDecisionLog('the decision log on SQLite', async () => {
  const opened: SqliteDatabase[] = [];
  const open = async (keep: number) => {
    const database = SqliteDatabase.open(':memory:');
    opened.push(database);
    return new SqliteDecisionLog(database, keep);
  };
  return { open, tearDown: async () => void (await Promise.all(opened.map((database) => database.close()))) };
});

describeRejectedEvents('the list of refused events on SQLite', async () => {
  const opened: SqliteDatabase[] = [];
  const open = async (limits: RejectedLimits) => {
    opened.push(SqliteDatabase.open(':memory:'));
    return reopen(limits);
  };
  const reopen = async (limits: RejectedLimits) =>
    new SqliteRejectedEvents(opened.at(-1) ?? SqliteDatabase.open(':memory:'), limits);
  return { open, reopen, tearDown: async () => void (await Promise.all(opened.map((database) => database.close()))) };
});

describeErasures('erasures on SQLite', async () => {
  const database = SqliteDatabase.open(':memory:');
  return { erasures: new SqliteErasures(database), tearDown: async () => database.close() };
});

describeOfferFigures('figures of offers on SQLite', async () => {
  const database = SqliteDatabase.open(':memory:');
  return { figures: new SqliteOfferFigures(database), tearDown: async () => database.close() };
});

describeSearchIndex('the index of the search on SQLite', async () => {
  const database = SqliteDatabase.open(newFile());
  return { index: new SqliteSearchIndex(database), tearDown: async () => database.close() };
});

describeHousekeeping('housekeeping on SQLite', async () => {
  const database = SqliteDatabase.open(newFile());
  const visitors = new SqliteVisitorStore(database);
  return { visitors, housekeeping: new SqliteHousekeeping(database), tearDown: async () => database.close() };
});

describe('a database file on SQLite', () => {
  test('what was saved is there after a kill -9: the files of a store that is never closed hold it', async () => {
    const file = newFile();
    const database = SqliteDatabase.open(file);
    const store = new SqliteVisitorStore(database);
    await store.save([{ id: 'u-1', from: undefined, document: bytes('kept') }]);
    const copy = newFile();
    await copyFile(file, copy);
    await copyFile(`${file}-wal`, `${copy}-wal`);
    const copied = SqliteDatabase.open(copy);
    const survivor = new SqliteVisitorStore(copied);
    expect(await survivor.load(['u-1'])).toEqual(await store.load(['u-1']));
    for (const one of [database, copied]) await one.close();
  });

  test('a save that meets the lock of another process waits, then rejects and stores nothing', async () => {
    const file = newFile();
    const database = SqliteDatabase.open(file, { lockWaitMs: 20 });
    const store = new SqliteVisitorStore(database);
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const changes = [{ id: 'u-1', from: undefined, document: bytes('x') }];
    await expect(store.save(changes)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('locked'),
    });
    expect(await store.load(['u-1'])).toEqual([undefined]);
    other.exec('ROLLBACK');
    expect(await store.save(changes)).toEqual([true]);
    other.close();
    await database.close();
  });

  test('a save that fails in the middle stores nothing of the call', async () => {
    const database = SqliteDatabase.open(':memory:');
    const store = new SqliteVisitorStore(database);
    database
      .prepare(
        `CREATE TRIGGER no_b BEFORE INSERT ON visitors WHEN new.id = 'b' BEGIN SELECT raise(ABORT, 'no b here'); END`,
      )
      .run();
    const changes = ['a', 'b'].map((id) => ({ id, from: undefined, document: bytes(id) }));
    await expect(store.save(changes)).rejects.toMatchObject({ cause: { message: 'no b here' } });
    expect(await store.load(['a', 'b'])).toEqual([undefined, undefined]);
    expect(await store.save(changes.slice(0, 1))).toEqual([true]);
    await database.close();
  });

  test('a lowered limit of the log holds at once and is trimmed over time', async () => {
    const database = SqliteDatabase.open(':memory:');
    const many = Array.from({ length: 100 }, (_, n) => decision(n));
    await new SqliteDecisionLog(database, 1_000).append(many);
    const log = new SqliteDecisionLog(database, 5);
    expect(await log.latest(100)).toHaveLength(5);
    const count = () => database.prepare('SELECT sum(count) AS n FROM decision_spans').get()?.['n'];
    await log.append([decision(100)]);
    expect([count(), (await log.latest(100)).map(({ decidedAt }) => decidedAt)]).toEqual([101, [100, 99, 98, 97, 96]]);
    for (let n = 101; n < 110; n += 1) await log.append([decision(n)]);
    expect([count(), (await log.latest(100)).map(({ decidedAt }) => decidedAt)]).toEqual([
      10,
      [109, 108, 107, 106, 105],
    ]);
    await database.close();
  });

  test('no byte of what was removed is in the files once they are scrubbed', async () => {
    const file = newFile();
    const database = SqliteDatabase.open(file);
    const store = new SqliteVisitorStore(database);
    const text = (n: number, round: number) => `SECRET-${n}-${round} `.repeat(1 + ((n * 7 + round * 13) % 500));
    const ids = Array.from({ length: 300 }, (_, n) => `SECRET-id-${n}${'x'.repeat(n % 200)}`);
    for (let round = 0; round < 5; round += 1) {
      const stored = await store.load(ids);
      await store.save(ids.map((id, n) => ({ id, from: stored[n]?.version, document: bytes(text(n, round)) })));
    }
    await store.save(
      Array.from({ length: 50 }, (_, n) => ({
        id: `other-${n}`,
        from: undefined,
        document: bytes('o'.repeat(n * 100)),
      })),
    );
    const stored = await store.load(ids);
    await store.save(ids.map((id, n) => ({ id, from: stored[n]?.version, document: undefined })));
    await new SqliteHousekeeping(database).scrub();
    const left = await Promise.all(
      [file, `${file}-wal`, `${file}-shm`].map(async (path) => (await readFile(path)).includes('SECRET')),
    );
    expect(left).toEqual([false, false, false]);
    await database.close();
  });

  test('a folder that does not exist is named with the setting to change', () => {
    const open = () => SqliteDatabase.open(join(folder, 'nowhere', 'usher.db'));
    expect(open).toThrow(
      expect.objectContaining({ code: 'INVALID_SETTINGS', message: expect.stringMatching(/USHER_DATA.*nowhere/s) }),
    );
  });

  test('a file that is no database is named and left as it is', async () => {
    const file = newFile();
    await writeFile(file, 'These are my holiday pictures. '.repeat(100));
    expect(() => SqliteDatabase.open(file)).toThrow(/not a database/);
  });

  test('a file of a newer Usher is refused', () => {
    const file = newFile();
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(() => SqliteDatabase.open(file)).toThrow(/newer Usher/);
  });
});

test('a file on a full disk refuses what is written, is read as ever, and says when there is room again', async () => {
  const database = SqliteDatabase.open(newFile());
  const [visitors, connection] = [new SqliteVisitorStore(database), new SqliteConnection(database)];
  const remember = (id: string, size: number) =>
    visitors.save([{ id, from: undefined, document: new Uint8Array(size).fill(1) }]);
  await remember('u-1', 10);
  await expect(connection.tryWrite()).resolves.toBeUndefined();
  // As a full disk is to SQLite, but at the same place on every machine.
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  database.prepare(`PRAGMA max_page_count = ${pages}`).get();
  await expect(remember('u-2', 100_000)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(connection.tryWrite()).rejects.toThrow('database or disk is full');
  await expect(connection.ping()).resolves.toBeUndefined();
  expect((await visitors.load(['u-1', 'u-2'])).map((document) => document !== undefined)).toEqual([true, false]);
  database.prepare('PRAGMA max_page_count = 1000000').get();
  await expect(connection.tryWrite()).resolves.toBeUndefined();
  expect(await remember('u-2', 100_000)).toEqual([true]);
  await database.close();
});
