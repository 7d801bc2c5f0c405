/**
 * `npm run bench:limits`: places of limits in total granted in a second, by each store, with one and with 200 waiting
 * at once, beside the least that could be written for it; and the bytes that a place takes. The last line is JSON.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import type { GrantAsk, Hold, LimitStore } from '../src/stores/limit-store.ts';
import { freePort, type RedisServer, startRedis } from '../test/redis-server.ts';
import { machineInWords } from './machine.ts';
import { Stage } from './stage.ts';
import { redisBytes, sqliteBytes } from './stored-size.ts';
import { textTable } from './text-table.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    /** So many places are in the counter from the beginning. */
    places: { type: 'string', default: '100000' },
  },
});
const [seconds, places] = [Number(values.seconds), Number(values.places)];
const WAITING = [1, 200] as const;
/** More than are granted. */
const MANY = 1_000_000_000;
const HELD: Hold = { ms: 1_800_000 };
const stage = new Stage();
let asked = 0;

/** Asks for one thing; resolves when it is stored. */
type Ask = () => Promise<unknown>;

/** A store, and what is measured on it. */
interface Contender {
  readonly name: string;
  readonly store: LimitStore;
  /** The least that could be written for a grant. */
  readonly floor: Ask;
  /** Of all that Usher keeps there. */
  readonly bytes: () => Promise<number>;
}

await stage.run(bench);

async function bench(): Promise<void> {
  console.log(`${machineInWords()}; ${places} places in the counter\n`);
  const rows = [['store', 'waiting', 'floor/s', 'granted/s', 'in 3 counters/s', 'refused/s']];
  const bytes = [['bytes a place', 'held', 'confirmed for ever']];
  for (const one of [await onRedis(false), await onRedis(true), await onSqlite()]) {
    bytes.push([one.name, ...(await sizesOf(one)).map(String)]);
    for (const waiting of WAITING) rows.push([one.name, String(waiting), ...(await rates(one, waiting))]);
  }
  console.log(textTable(rows, 1));
  console.log(`\n${textTable(bytes, 1)}\n`);
  console.log(JSON.stringify({ rows, bytes }));
}

async function rates({ store, floor }: Contender, waiting: number): Promise<string[]> {
  const grant = (counters: number, limit: number) => () => store.grant([ask(counters, limit)]);
  const all = [floor, grant(1, MANY), grant(3, MANY), grant(1, 0)];
  const seen = [];
  for (const one of all) seen.push(String(Math.round(await perSecond(one, waiting))));
  return seen;
}

/** So many wait at any time. */
async function perSecond(one: Ask, waiting: number): Promise<number> {
  await run(one, waiting, 0.5);
  return (await run(one, waiting, seconds)) / seconds;
}

async function run(one: Ask, waiting: number, forSeconds: number): Promise<number> {
  const end = performance.now() + forSeconds * 1_000;
  let done = 0;
  const goOn = async () => {
    for (; performance.now() < end; done += 1) await one();
  };
  await Promise.all(Array.from({ length: waiting }, goOn));
  return done;
}

/** Held, then confirmed for ever. */
async function sizesOf({ store, bytes }: Contender): Promise<number[]> {
  const before = await bytes();
  const refs: string[] = [];
  for (let at = 0; at < places; at += 500) {
    const asks = Array.from({ length: Math.min(500, places - at) }, () => ask(1, MANY));
    refs.push(...asks.map(({ ref }) => ref));
    await store.grant(asks);
  }
  const held = (await bytes()) - before;
  for (let at = 0; at < refs.length; at += 500) {
    const counters = [{ key: 'counter 0', until: Infinity }];
    await store.confirm(refs.slice(at, at + 500).map((ref) => ({ offer: 'offer', ref, counters })));
  }
  return [held, (await bytes()) - before].map((all) => Math.round(all / places));
}

function ask(counters: number, limit: number): GrantAsk {
  // As long as those of decisions.
  const ref = `${String((asked += 1)).padStart(36, '0')} home.hero`;
  return {
    offer: 'offer',
    ref,
    counters: Array.from({ length: counters }, (_, at) => ({
      key: `counter ${at}`,
      limit: limited(limit),
      hold: HELD,
    })),
  };
}

function limited(limit: number): number {
  return Math.min(limit, 1_000_000_000);
}

async function onRedis(isCopied: boolean): Promise<Contender> {
  const port = await freePort();
  const server = stage.keep(await startRedis({ port }));
  if (isCopied) await copyOf(server, port);
  const store = await open({ redisUrl: server.url, limitsWait: isCopied ? 1 : 0 });
  const redis = new Redis(server.url);
  stage.atEnd(() => redis.disconnect());
  return {
    name: isCopied ? 'Redis, a replica waited for' : 'Redis',
    store,
    floor: () => redis.set(`floor:${(asked += 1)}`, '1', 'PX', 60_000, 'NX'),
    bytes: () => redisBytes(server.url),
  };
}

async function copyOf(server: RedisServer, port: number): Promise<void> {
  stage.keep(await startRedis({ args: ['--replicaof', '127.0.0.1', String(port)] }));
  while (!(await server.ask('INFO replication')).includes('state=online')) await sleep(20);
}

/** The floor inserts a row in this thread; those of one turn of the event loop in one transaction. */
async function onSqlite(): Promise<Contender> {
  const dataDir = await stage.folder('usher-limits-');
  const store = await open({ dataDir });
  const database = new DatabaseSync(join(dataDir, 'floor.db'));
  stage.atEnd(() => database.close());
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE floor (ref TEXT PRIMARY KEY)');
  const insert = database.prepare('INSERT INTO floor VALUES (?)');
  let turn: Promise<void> | undefined;
  const floor = (): Promise<void> => {
    if (!turn) database.exec('BEGIN IMMEDIATE');
    insert.run(`${(asked += 1)}`);
    return (turn ??= nextTurn().then(() => {
      database.exec('COMMIT');
      turn = undefined;
    }));
  };
  return { name: 'SQLite', store, floor, bytes: async () => sqliteBytes(dataDir).used };
}

async function open(place: { redisUrl?: string; dataDir?: string; limitsWait?: number }): Promise<LimitStore> {
  const path: string = new URL('../dist/stores/open-stores.js', import.meta.url).href;
  const { openStores } = (await import(path)) as typeof import('../src/stores/open-stores.ts');
  const stores = await openStores({
    redisUrl: place.redisUrl,
    dataDir: place.dataDir ?? '',
    limitsWait: place.limitsWait ?? 0,
    redisTimeoutMs: 60_000,
    keepDecisions: 0,
    keepRejected: 0,
    keepDays: 0,
    keepRecorded: 0,
    keepRecordedDays: 1,
    keepRecordedBytes: 2 ** 50,
    keepDrafts: 1,
    keepDraftDays: 1,
  });
  stage.atEnd(() => stores.close());
  return stores.limits;
}
