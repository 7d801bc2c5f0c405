/**
 * `npm run accept`: the service and the command line, as people run them, on real data that nobody here made; every
 * figure is held against a count made without the project's code. On SQLite and on Redis. `-- 123` repeats the chance
 * of an earlier run, which says its number.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENT_SETTINGS, startRedis } from '../redis-server.ts';
import { checkBank, type Bank } from './check-bank.ts';
import { checkShop, type Shop } from './check-shop.ts';
import { checkSessions } from './check-sessions.ts';
import { Checklist } from './checklist.ts';
import { countBank, countShop, readBank, readShop } from './count-independently.ts';
import { differing, readProfiles } from './front-door.ts';
import { runUsher, startUsher } from './usher-process.ts';

const DATA = join(import.meta.dirname, '../../../shared/data');
const RULES = join(import.meta.dirname, 'rules');
const FILES = ['rees46-events.csv', 'bank-additional-full.csv'];

const SERVICES = 4;

/** Settings that are only for these checks: events of 2019 are kept, and a busy machine must not cost a visitor. */
const SETTINGS = { USHER_RULES: RULES, USHER_KEEP_DAYS: '0', ...PATIENT_SETTINGS };

const seed = Number(process.argv[2] ?? Date.now() % 1_000_000);
const list = new Checklist((line) => console.log(line));
const missing = FILES.filter((file) => !existsSync(join(DATA, file)));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
if (missing.length > 0) console.log(banner(missing));
else await acceptAll();

async function acceptAll(): Promise<void> {
  const shopPeople = readShop(DATA);
  const shop = { folder: DATA, people: shopPeople, expected: countShop(shopPeople) };
  const bankPeople = readBank(DATA);
  const bank = { folder: DATA, people: bankPeople, expected: countBank(bankPeople) };
  await checkRules();
  await attempt('SQLite', () => onSqlite(shop, bank));
  await attempt('Redis', () => onRedis(shop, bank));
  console.log(`\n${list.summary()}`);
  process.exitCode = list.failed > 0 ? 1 : 0;
}

async function checkRules(): Promise<void> {
  list.heading('The rules');
  const { code, stdout } = await runUsher(['check', RULES]);
  list.equal('usher check: exit code', code, { wanted: 0, note: stdout.trim().split('\n').at(-1) ?? '' });
}

/** What breaks off one store is a failed check, and the next store has its turn. */
async function attempt(store: string, run: () => Promise<void>): Promise<void> {
  list.heading(`On ${store}`);
  try {
    await run();
  } catch (error) {
    list.fail(`the checks on ${store} broke off`, error instanceof Error ? error.message : String(error));
  }
}

async function onSqlite(shop: Shop, bank: Bank): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-accept-'));
  try {
    const plain = await acceptStore({ USHER_DATA: folder }, shop, bank);
    const other = join(folder, 'sessions');
    await mkdir(other);
    await acceptSessions({ USHER_DATA: other }, shop, plain);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onRedis(shop: Shop, bank: Bank): Promise<void> {
  if (
    spawnSync(process.execPath, [join(import.meta.dirname, '../ensure-tools.mjs'), 'redis'], { stdio: 'inherit' })
      .status !== 0
  ) {
    return list.fail('redis-server', 'is not there');
  }
  const [redis, other] = await Promise.all([startRedis(), startRedis()]);
  try {
    const plain = await acceptStore({ REDIS_URL: redis.url }, shop, bank);
    await acceptSessions({ REDIS_URL: other.url }, shop, plain);
  } finally {
    await Promise.all([redis.stop(), other.stop()]);
  }
}

/** Gives the profiles of the shop's visitors. */
async function acceptStore(
  settings: Readonly<Record<string, string>>,
  shop: Shop,
  bank: Bank,
): Promise<Map<string, string>> {
  const before = await withUsher(settings, 'kill', async (url) => {
    const profiles = await checkShop(url, shop, list);
    await checkBank(url, bank, list);
    return profiles;
  });
  await withUsher(settings, 'stop', async (url) => {
    const after = await readProfiles(url, [...shop.people.keys()]);
    list.equal('after kill -9 and a start, profiles that are other bytes than before', differing(before, after), {
      wanted: 0,
    });
  });
  return before;
}

/** The same events again, to four services on one empty store. */
async function acceptSessions(
  settings: Readonly<Record<string, string>>,
  { people }: Shop,
  plain: ReadonlyMap<string, string>,
): Promise<void> {
  const ushers = await Promise.all(Array.from({ length: SERVICES }, () => startUsher({ ...SETTINGS, ...settings })));
  try {
    await checkSessions(
      ushers.map(({ url }) => url),
      { people, plain, seed },
      list,
    );
  } finally {
    await Promise.all(ushers.map((usher) => usher.stop()));
  }
}

async function withUsher<T>(
  settings: Readonly<Record<string, string>>,
  end: 'stop' | 'kill',
  work: (url: string) => Promise<T>,
): Promise<T> {
  const usher = await startUsher({ ...SETTINGS, ...settings });
  try {
    return await work(usher.url);
  } finally {
    await usher[end]();
  }
}

function banner(files: readonly string[]): string {
  const line = '!'.repeat(100);
  const why = [
    'NOTHING WAS ACCEPTED: the real data are not here.',
    ...files.map((file) => `missing: ../shared/data/${file}`),
    'They are public (REES46 open data; UCI Bank Marketing) and not part of this repository.',
    'Put them beside the checkout in ../shared/data and run `npm run accept` again.',
  ];
  return ['', line, ...why.map((text) => `!!  ${text}`), line, ''].join('\n');
}
