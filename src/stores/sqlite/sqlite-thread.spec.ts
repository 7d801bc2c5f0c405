/** All stores on SQLite once more, where a thread writes, as in the service that is built. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { writerThread } from '../../../test/writer-thread.js';
import { describeDecisionLog } from '../decision-log.contract.js';
import { describeErasures } from '../erasures.contract.js';
import { describeHousekeeping } from '../housekeeping.contract.js';
import { describeDraftStore } from '../draft-store.contract.js';
import { describeOfferFigures } from '../offer-figures.contract.js';
import { describeLimitStore } from '../limit-store.contract.js';
import { describeRecordedInputs } from '../recorded-inputs.contract.js';
import { describeRejectedEvents } from '../rejected-events.contract.js';
import { describeReleaseStore } from '../release-store.contract.js';
import { describeSearchIndex } from '../search-index.contract.js';
import { describeStoreConnection } from '../store-connection.contract.js';
import { describeVisitorStore } from '../visitor-store.contract.js';
import { SqliteConnection } from './sqlite-connection.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteDecisionLog } from './sqlite-decision-log.js';
import { SqliteOfferFigures } from './sqlite-offer-figures.js';
import { SqliteDraftStore } from './sqlite-draft-store.js';
import { SqliteErasures } from './sqlite-erasures.js';
import { SqliteHousekeeping } from './sqlite-housekeeping.js';
import { SqliteLimitStore } from './sqlite-limit-store.js';
import { SqliteRecordedInputs } from './sqlite-recorded-inputs.js';
import { SqliteRejectedEvents } from './sqlite-rejected-events.js';
import { SqliteReleaseStore } from './sqlite-release-store.js';
import { SqliteSearchIndex } from './sqlite-search-index.js';
import { SqliteVisitorStore } from './sqlite-visitor-store.js';

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'usher-thread-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const newFile = () => join(folder, `${(files += 1)}.db`);

/** Databases of a suite: a new file, or the one before once more. */
class Opened {
  private readonly all: SqliteDatabase[] = [];
  private path = '';

  anew(): SqliteDatabase {
    this.path = newFile();
    return this.again();
  }

  again(): SqliteDatabase {
    const database = SqliteDatabase.open(this.path, { thread: writerThread() });
    this.all.push(database);
    return database;
  }

  readonly tearDown = async (): Promise<void> => {
    await Promise.all(this.all.map((database) => database.close()));
  };
}

const visitors = async () => {
  const opened = new Opened();
  opened.anew();
  const open = async () => {
    const database = opened.again();
    return { visitors: new SqliteVisitorStore(database), connection: new SqliteConnection(database) };
  };
  return { open, tearDown: opened.tearDown };
};

/** What a suite is given that opens stores with limits. */
function limited<Limits, Store>(storeOn: (database: SqliteDatabase, limits: Limits) => Store) {
  const opened = new Opened();
  return {
    open: async (limits: Limits) => storeOn(opened.anew(), limits),
    reopen: async (limits: Limits) => storeOn(opened.again(), limits),
    tearDown: opened.tearDown,
  };
}

describeVisitorStore('the visitor store behind a thread on SQLite', visitors);
describeStoreConnection('the connection of stores behind a thread on SQLite', visitors);
describeDecisionLog('the decision log behind a thread on SQLite', async () =>
  limited((database, keep: number) => new SqliteDecisionLog(database, keep)),
);
describeRecordedInputs('recorded inputs behind a thread on SQLite', async () =>
  limited((database, limits) => new SqliteRecordedInputs(database, limits)),
);
describeRejectedEvents('the list of refused events behind a thread on SQLite', async () =>
  limited((database, limits) => new SqliteRejectedEvents(database, limits)),
);
describeErasures('erasures behind a thread on SQLite', async () => {
  const opened = new Opened();
  return { erasures: new SqliteErasures(opened.anew()), tearDown: opened.tearDown };
});

describeDraftStore('the store of drafts behind threads on SQLite', async () => {
  const opened = new Opened();
  return {
    open: async (limits) => new SqliteDraftStore(opened.anew(), limits),
    another: async (limits) => new SqliteDraftStore(opened.again(), limits),
    tearDown: opened.tearDown,
  };
});

describeOfferFigures('figures of offers behind a thread on SQLite', async () => {
  const opened = new Opened();
  return { figures: new SqliteOfferFigures(opened.anew()), tearDown: opened.tearDown };
});
describeSearchIndex('the index of the search behind a thread on SQLite', async () => {
  const opened = new Opened();
  return { index: new SqliteSearchIndex(opened.anew()), tearDown: opened.tearDown };
});
describeLimitStore('the limits in total behind threads on SQLite', async () => {
  const opened = new Opened();
  opened.anew();
  return {
    open: async () => new SqliteLimitStore(opened.again()),
    now: () => Date.now(),
    pass: async (ms) => sleep(ms + 1),
    runs: 20,
    tearDown: opened.tearDown,
  };
});
describeHousekeeping('housekeeping behind a thread on SQLite', async () => {
  const opened = new Opened();
  const database = opened.anew();
  const [store, housekeeping] = [new SqliteVisitorStore(database), new SqliteHousekeeping(database)];
  return { visitors: store, housekeeping, tearDown: opened.tearDown };
});
describeReleaseStore('the release store behind a thread on SQLite', async () => {
  const opened = new Opened();
  return {
    open: async () => new SqliteReleaseStore(opened.anew()),
    another: async () => new SqliteReleaseStore(opened.again()),
    tearDown: opened.tearDown,
  };
});

describe('a database that a thread writes', () => {
  const create = (id: string, size = 10) => [{ id, from: undefined, document: new Uint8Array(size).fill(1) }];

  test('is read while another process keeps the lock, and what was asked meanwhile is written after it', async () => {
    const file = newFile();
    const database = SqliteDatabase.open(file, { thread: writerThread() });
    const store = new SqliteVisitorStore(database);
    await store.save(create('u-1'));
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const saved = store.save(create('u-2'));
    expect((await store.load(['u-1', 'u-2'])).map((document) => document !== undefined)).toEqual([true, false]);
    other.exec('ROLLBACK');
    other.close();
    expect(await saved).toEqual([true]);
    expect((await store.load(['u-2']))[0]).toBeDefined();
    await database.close();
  });

  test('writes what it was asked for before it was closed, and nothing that comes after', async () => {
    const file = newFile();
    const database = SqliteDatabase.open(file, { thread: writerThread() });
    const store = new SqliteVisitorStore(database);
    const saved = ['a', 'b'].map((id) => store.save(create(id)));
    const closed = database.close();
    await expect(store.save(create('c'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await closed;
    expect(await Promise.all(saved)).toEqual([[true], [true]]);
    const again = SqliteDatabase.open(file);
    const held = await new SqliteVisitorStore(again).load(['a', 'b', 'c']);
    expect(held.map((document) => document !== undefined)).toEqual([true, true, false]);
    await again.close();
  });

  test('can not be written by who reads it', async () => {
    const database = SqliteDatabase.open(newFile(), { thread: writerThread() });
    const write = () => database.prepare("INSERT INTO erasures VALUES ('a', 'b')").run();
    await expect(database.run(write)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await database.close();
  });

  test('that is full refuses what is written, is read as ever, and says when there is room again', async () => {
    const database = SqliteDatabase.open(newFile(), { thread: threadWithPages(114) });
    const [store, connection] = [new SqliteVisitorStore(database), new SqliteConnection(database)];
    await store.save(create('large', 200_000));
    await expect(connection.tryWrite()).resolves.toBeUndefined();
    const all = await Promise.allSettled([store.save(create('larger', 300_000)), store.save(create('small'))]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    await expect(store.save(create('larger', 300_000))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    // What is looked with is as large as most of what is written, and there is too little room for it.
    await store.save(create('filling', 60_000));
    await expect(store.save(create('larger', 300_000))).rejects.toThrow('database or disk is full');
    await expect(connection.tryWrite()).rejects.toThrow('database or disk is full');
    const [large] = await store.load(['large']);
    await expect(connection.ping()).resolves.toBeUndefined();
    await store.save([{ id: 'large', from: large?.version, document: undefined }]);
    await expect(connection.tryWrite()).resolves.toBeUndefined();
    await database.close();
  });

  test('no byte of what was removed is in its files once they are scrubbed', async () => {
    const file = newFile();
    const database = SqliteDatabase.open(file, { thread: writerThread() });
    const store = new SqliteVisitorStore(database);
    await store.save([{ id: 'u-1', from: undefined, document: Buffer.from('SECRET '.repeat(10_000)) }]);
    const holds = () => [file, `${file}-wal`].some((path) => readFileSync(path).includes('SECRET'));
    expect(holds()).toBe(true);
    const [stored] = await store.load(['u-1']);
    await store.save([{ id: 'u-1', from: stored?.version, document: undefined }]);
    await new SqliteHousekeeping(database).scrub();
    expect(holds()).toBe(false);
    await database.close();
  });
});

/** A thread to which the disk is full at so many pages, at the same place on every machine. */
function threadWithPages(pages: number): URL {
  const program = join(folder, 'full.mjs');
  const built = JSON.stringify(new URL('./', writerThread()).href);
  writeFileSync(
    program,
    `const { SqliteFile } = await import(${built} + 'sqlite-file.js');
     const { open } = SqliteFile;
     SqliteFile.open = (...given) => {
       const file = open(...given);
       file.exec('PRAGMA max_page_count = ${pages}');
       return file;
     };
     await import(${built} + 'writer-thread.js');`,
  );
  return pathToFileURL(program);
}
