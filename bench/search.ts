/**
 * `npm run bench:search`: people found by an e-mail address or a telephone number among a million, on each store,
 * beside the least that could be read for it; what going through everybody takes, what the index takes in bytes, and
 * what it costs those who write. The last line is JSON.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import type { Stores } from '../src/stores/open-stores.ts';
import type { PeopleSearch } from '../src/visitors/search/people-search.ts';
import type { SearchKeeper } from '../src/visitors/search/search-keeper.ts';
import type { VisitorsService } from '../src/visitors/visitors.service.ts';
import { startRedis } from '../test/redis-server.ts';
import { machineInWords } from './machine.ts';
import { between, seeded } from './random.ts';
import { Stage } from './stage.ts';
import { sqliteBytes } from './stored-size.ts';
import { textTable } from './text-table.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '1000000' },
    searches: { type: 'string', default: '3000' },
    /** So many people come in, with the index and without. */
    intake: { type: 'string', default: '20000' },
  },
});
const [people, searches, intake] = [Number(values.people), Number(values.searches), Number(values.intake)];
const AT_ONCE = 500;
const POLICY = new Map([
  ['email', 'email'],
  ['phone', 'phone'],
] as const);
const stage = new Stage();

/** A store with all that searches in it. */
interface Contender {
  readonly name: string;
  readonly stores: Stores;
  readonly visitors: VisitorsService;
  readonly keeper: SearchKeeper;
  readonly search: PeopleSearch;
  /** Of all that lies there. */
  readonly bytes: () => Promise<number>;
  /** The least that could be read: what a key leads to, then its document. */
  readonly floor: (key: string) => Promise<unknown>;
}

await stage.run(bench);

async function bench(): Promise<void> {
  console.log(`${machineInWords()}; ${people} people with an e-mail address and a telephone number\n`);
  const found = [['store', 'what', 'p50 ms', 'p99 ms', 'to floor']];
  const cost = [['store', 'through all, s', 'bytes a person', 'with the index']];
  const writes = [['store', 'events', 'without/s', 'with/s', 'share']];
  for (const open of [onSqlite, onRedis]) {
    const one = await open();
    await fill(one);
    const before = await one.bytes();
    const seconds = await goThroughAll(one);
    const bytes = [before, await one.bytes()].map((all) => String(Math.round(all / people)));
    cost.push([one.name, seconds.toFixed(0), ...bytes]);
    found.push(...(await searchRows(one)));
    writes.push(...(await intakeRows(one)));
  }
  for (const rows of [found, cost, writes]) console.log(`${textTable(rows, 1)}\n`);
  console.log(JSON.stringify({ found, cost, writes }));
}

function addressOf(at: number): string {
  return `person.${at}@example.com`;
}

function numberOf(at: number): string {
  return `+4420${String(10_000_000 + at)}`;
}

/** As a version before the index has left them: documents alone. */
async function fill({ stores }: Contender): Promise<void> {
  const { encode } = await built<typeof import('../src/visitors/documents/codec.ts')>('visitors/documents/codec.js');
  const { emptyMemory } = await built<typeof import('../src/visitors/memory/memory.ts')>('visitors/memory/memory.js');
  const word = (value: string) => ({ value, source: 'identify', at: 1_700_000_000_000, arrival: 1 });
  for (let from = 0; from < people; from += AT_ONCE) {
    const changes = Array.from({ length: Math.min(AT_ONCE, people - from) }, (_, at) => {
      const id = `customer-${from + at}`;
      const traits = { email: word(addressOf(from + at)), phone: word(numberOf(from + at)), plan: word('gold') };
      const memory = { ...emptyMemory(id), userIds: [id], traits };
      return { id, from: undefined, document: encode({ kind: 'memory', memory }) };
    });
    await stores.visitors.save(changes);
  }
}

/** Without the pauses that let others be served in between. */
async function goThroughAll({ stores, keeper }: Contender): Promise<number> {
  const from = performance.now();
  for (let next: string | undefined; ;) {
    const page = await stores.housekeeping.ids(next);
    await keeper.entries.settle(page.ids, await stores.visitors.load(page.ids));
    next = page.next;
    if (next === undefined) break;
  }
  await stores.search.cover(JSON.stringify(Object.fromEntries(POLICY)));
  return (performance.now() - from) / 1_000;
}

async function searchRows({ name, search, floor, keeper }: Contender): Promise<string[][]> {
  const random = seeded(7);
  const keys = await keeper.keys();
  const find = async (text: string) => (await search.find({ search: text, limit: 20 })).people.length;
  const anybody = () => Math.floor(between(0, people, random));
  const asks: [string, () => Promise<unknown>][] = [
    ['floor', () => floor(keys.of(`email server ${addressOf(anybody())}`))],
    ['by address', async () => expectOne(await find(addressOf(anybody()).toUpperCase()))],
    ['by number', async () => expectOne(await find(`00${numberOf(anybody()).slice(1)}`))],
    ['by id', async () => expectOne(await find(`customer-${anybody()}`))],
    ['nobody', () => find(`nobody.${anybody()}@example.com`)],
  ];
  const times = new Map(asks.map(([what]) => [what, [] as number[]]));
  // In turns, so that whatever else the machine does falls on all of them.
  for (let at = 0; at < searches; at++)
    for (const [what, ask] of asks) {
      const from = performance.now();
      await ask();
      times.get(what)?.push(performance.now() - from);
      await nextTurn();
    }
  const least = quantile(times.get('floor') ?? [], 0.5);
  return [...times].map(([what, all]) => {
    const [half, most] = [quantile(all, 0.5), quantile(all, 0.99)];
    return [name, what, half.toFixed(2), most.toFixed(2), (half / least).toFixed(1)];
  });
}

function expectOne(count: number): void {
  if (count !== 1) throw new Error(`found ${count} people in place of one`);
}

function quantile(all: readonly number[], share: number): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length * share)] ?? NaN;
}

/** New people, those who say the same once more, and what people do: with the index and without it in turns. */
async function intakeRows(one: Contender): Promise<string[][]> {
  const kinds: [string, (id: string, at: number) => object][] = [
    ['new people', (id, at) => identify(id, { email: `${id}@x.com`, phone: numberOf(at) })],
    ['another address', (id) => identify(id, { email: `${id}@y.com` })],
    ['the same again', (id) => identify(id, { email: `${id}@y.com` })],
    ['what they do', (userId) => ({ type: 'track', userId, event: 'Product Viewed', properties: { sku: 'c-1' } })],
  ];
  const rows = [];
  for (const [what, event] of kinds) {
    const [without, withIt] = (await secondsOf(one, event)).map((seconds) => intake / seconds) as [number, number];
    const rates = [without, withIt].map((rate) => String(Math.round(rate)));
    rows.push([one.name, what, ...rates, `${Math.round((100 * withIt) / without)} %`]);
  }
  return rows;
}

function identify(userId: string, traits: object): object {
  return { type: 'identify', userId, traits };
}

/** What it takes without the index, and with it. */
async function secondsOf(
  { visitors, keeper }: Contender,
  event: (id: string, at: number) => object,
): Promise<[without: number, withIt: number]> {
  const took: [number, number] = [0, 0];
  for (let at = 0; at < intake; at += AT_ONCE)
    for (const which of at % (2 * AT_ONCE) === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      visitors.indexed.entries = which === 1 ? keeper.entries : undefined;
      const raw = Array.from({ length: AT_ONCE }, (_, more) => event(`new-${which}-${at + more}`, at + more));
      const events = visitors.normalise(raw).flatMap((read) => ('event' in read ? [read.event] : []));
      const from = performance.now();
      await visitors.record(events);
      took[which] += (performance.now() - from) / 1_000;
    }
  return took;
}

async function onSqlite(): Promise<Contender> {
  const dataDir = await stage.folder('usher-search-');
  const opened = await open('SQLite', { dataDir });
  const database = new DatabaseSync(join(dataDir, 'usher.db'), { readOnly: true });
  stage.atEnd(() => database.close());
  const select = database.prepare('SELECT id FROM search_keys WHERE key = ?');
  const selectDocument = database.prepare('SELECT document FROM visitors WHERE id = ?');
  const floor = async (key: string) => {
    const row = select.get(Buffer.from(key, 'hex'));
    return selectDocument.get(String(row?.['id']));
  };
  return { ...opened, floor, bytes: async () => sqliteBytes(dataDir).used };
}

/** The floor is one key for each value, as is usual. */
async function onRedis(): Promise<Contender> {
  const server = stage.keep(await startRedis());
  const opened = await open('Redis', { redisUrl: server.url });
  const redis = new Redis(server.url.replace('unix://', ''));
  stage.atEnd(() => redis.disconnect());
  await redis.set('floor', 'usher:{customer-7}:visitor');
  const floor = async () => redis.getBuffer((await redis.get('floor')) ?? '');
  const bytes = async () => Number(/used_memory_dataset:(\d+)/.exec(await redis.info('memory'))?.[1]);
  return { ...opened, floor, bytes };
}

async function open(
  name: string,
  place: { redisUrl?: string; dataDir?: string },
): Promise<Omit<Contender, 'bytes' | 'floor'>> {
  const { openStores } = await built<typeof import('../src/stores/open-stores.ts')>('stores/open-stores.js');
  const { VisitorsService: Visitors } =
    await built<typeof import('../src/visitors/visitors.service.ts')>('visitors/visitors.service.js');
  const { SearchKeeper: Keeper } = await built<typeof import('../src/visitors/search/search-keeper.ts')>(
    'visitors/search/search-keeper.js',
  );
  const { PeopleSearch: Search } = await built<typeof import('../src/visitors/search/people-search.ts')>(
    'visitors/search/people-search.js',
  );
  const { PersonalRecordsList: List } = await built<typeof import('../src/stores/personal/personal-records-list.ts')>(
    'stores/personal/personal-records-list.js',
  );
  const stores = await openStores({
    ...{ redisUrl: place.redisUrl, dataDir: place.dataDir ?? '', limitsWait: 0, redisTimeoutMs: 60_000 },
    ...{
      keepDecisions: 0,
      keepRejected: 0,
      keepDays: 0,
      keepRecorded: 0,
      keepRecordedDays: 1,
      keepRecordedBytes: 2 ** 50,
      keepDrafts: 0,
      keepDraftDays: 0,
    },
  });
  stage.atEnd(() => stores.close());
  const visitors = new Visitors(stores.visitors, { keepInteractions: 500, keepDays: 90 });
  const policies = { now: () => POLICY, areServing: true };
  const keeper = new Keeper(stores, policies, new List(), visitors);
  return { name, stores, visitors, keeper, search: new Search(visitors, keeper, policies) };
}

async function built<T>(path: string): Promise<T> {
  return (await import(new URL(`../dist/${path}`, import.meta.url).href)) as T;
}
