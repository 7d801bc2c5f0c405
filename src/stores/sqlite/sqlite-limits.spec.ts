import { expect, jest, test } from '@jest/globals';
import { until } from '../../../test/until.js';
import { type GrantAsk, REF_KEPT_DAYS } from '../limit-store.js';
import { describeLimitStore } from '../limit-store.contract.js';
import { SqliteFile } from '../sqlite-writer/sqlite-file.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteLimitStore } from './sqlite-limit-store.js';

const DAY = 86_400_000;

/** A file in memory, and a clock that goes on when it is told to. */
function inMemory() {
  const database = SqliteDatabase.open(':memory:');
  const clock = { now: Date.UTC(2026, 10, 30) };
  return { database, clock, store: new SqliteLimitStore(database, () => clock.now) };
}

describeLimitStore('the limits in total on SQLite', async () => {
  const { database, clock } = inMemory();
  return {
    open: async () => new SqliteLimitStore(database, () => clock.now),
    now: () => clock.now,
    pass: async (ms) => void (clock.now += ms),
    runs: 1_000,
    tearDown: () => database.close(),
  };
});

test('what counts for ever goes on counting when its name is forgotten, after 35 days, on SQLite', async () => {
  const { database, clock, store } = inMemory();
  const confirm = (ref: string) => store.confirm([{ offer: 'o', ref, counters: [{ key: 'all', until: Infinity }] }]);
  const rows = () => Number(database.prepare('SELECT count(*) AS n FROM limit_places').get()?.['n']);
  for (let n = 0; n < 250; n += 1) await confirm(`old ${n}`);
  clock.now += REF_KEPT_DAYS * DAY - 1;
  await confirm('old 1');
  expect(rows()).toBe(250);
  clock.now += 1;
  // Few at once, so that nobody waits for all of them.
  for (const left of [151, 52, 3]) expect([await confirm(`new ${left}`), rows()]).toEqual([undefined, left]);
  const [[counter] = []] = await store.left([{ offer: 'o', counters: [{ key: 'all', limit: 300 }] }]);
  expect(counter).toMatchObject({ confirmed: 253 });
  await database.close();
});

test('places that are over go a few at once, and all that must where none is left, on SQLite', async () => {
  const { database, clock, store } = inMemory();
  const ask = (ref: string, limit: number): GrantAsk => ({
    offer: 'o',
    ref,
    counters: [{ key: 'all', limit, hold: { ms: 1_000 } }],
  });
  const held = async () => (await store.left([{ offer: 'o', counters: [{ key: 'all', limit: 9 }] }]))[0]?.[0]?.held;
  const rows = () => Number(database.prepare('SELECT count(*) AS n FROM limit_places').get()?.['n']);
  await store.grant(Array.from({ length: 500 }, (_, n) => ask(`a ${n}`, 500)));
  clock.now += 1_000;
  expect(await store.grant([ask('b', 500)])).toEqual([{ granted: true }]);
  expect(rows()).toBe(401);
  // A limit that was lowered meanwhile.
  expect(await store.grant([ask('c', 2), ask('d', 2)])).toEqual([
    { granted: true },
    { granted: false, key: 'all', freesAt: clock.now + 1_000 },
  ]);
  expect([rows(), await held()]).toEqual([2, 2]);
  await database.close();
});

test('a look has places removed that are over, when they are many, on SQLite', async () => {
  const { database, clock, store } = inMemory();
  const counters = [{ key: 'all', limit: 999, hold: { ms: 1_000 } }];
  const look = async () => (await store.left([{ offer: 'o', counters }]))[0]?.[0];
  await store.grant(Array.from({ length: 500 }, (_, n) => ({ offer: 'o', ref: String(n), counters })));
  clock.now += 1_000;
  expect(await look()).toEqual({ key: 'all', limit: 999, confirmed: 0, held: 0 });
  const rows = () => Number(database.prepare('SELECT count(*) AS n FROM limit_places').get()?.['n']);
  await until('an empty table', () => rows() === 0);
  expect(await look()).toEqual({ key: 'all', limit: 999, confirmed: 0, held: 0 });
  await database.close();
});

test('no statement goes through all places of a counter, or of a file, on SQLite', async () => {
  const prepare = jest.spyOn(SqliteFile.prototype, 'prepare');
  const { database } = inMemory();
  const statements = prepare.mock.calls.map(([sql]) => sql).filter((sql) => /limit_(places|counters)/.test(sql));
  prepare.mockRestore();
  expect(statements.length).toBeGreaterThan(8);
  const plans = statements.flatMap((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
  // What is scanned is a list of at most a hundred that a search has found.
  expect(plans.map(({ detail }) => String(detail)).filter((plan) => /SCAN/.test(plan))).toEqual([]);
  await database.close();
});
