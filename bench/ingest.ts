/**
 * `npm run bench:ingest`: how many events a second are taken in over HTTP, and what a visitor costs to keep, in one run
 * on one machine. See `bench/README.md`. The last line is JSON.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startUsher } from '../test/acceptance/usher-process.ts';
import { startRedis } from '../test/redis-server.ts';
import { batchBodies, type Order } from './ingest-batches.ts';
import type { IngestLoadResult } from './ingest-load.ts';
import { ingestReport, type IngestMeasured, type IngestRound, type StoredSize } from './ingest-report.ts';
import type { StoreName } from './measure.ts';
import { invent } from './people.ts';
import { cpuUs, runScript, startServer, type Server } from './processes.ts';
import { redisBytes, sqliteBytes } from './stored-size.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'redis,sqlite' },
    rounds: { type: 'string', default: '3' },
    visitors: { type: 'string', default: '2000' },
    /** Of each visitor, over all rounds and the warming up. */
    interactions: { type: 'string', default: '100' },
    /** Events of each request. */
    batch: { type: 'string', default: '100' },
    connections: { type: 'string', default: '16' },
    /** `time`: over all visitors; `visitor`: one after the other, which is easier. */
    order: { type: 'string', default: 'time' },
    /** A folder for processor profiles of Usher; the figures of such a run are worth less. */
    profile: { type: 'string' },
  },
});
/** Of all events, before the first round. */
const WARM_UP_SHARE = 0.1;

interface Contender extends Server {
  readonly side: 'floor' | 'usher';
  readonly store: StoreName;
}

const stores = values.store.split(',') as StoreName[];
const cleanUps: (() => Promise<unknown>)[] = [];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
try {
  await bench();
} finally {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
}

async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-ingest-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const redis = await startRedis();
  cleanUps.push(() => redis.stop());
  const files = await writeRounds(folder);
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);

  const floor: Contender = { ...(await startServer('ingest-floor.ts', { redisUrl: redis.url })), side: 'floor', store: 'redis' };
  cleanUps.push(() => floor.stop());
  const ushers = await Promise.all(stores.map((store) => usherOn(store, redis.url, dataDir)));
  const measured = await takeTurns([floor, ...ushers], files);
  for (const usher of ushers) await usher.stop();
  const sizes = await Promise.all(stores.map((store) => sizeOn(store, redis.url, dataDir)));
  console.log(ingestReport(measured, sizes, { visitors: Number(values.visitors), interactions: Number(values.interactions), batch: Number(values.batch) }));
}

/** A file of bodies for the warming up, then one for each round. */
async function writeRounds(folder: string): Promise<string[]> {
  const people = invent({ people: Number(values.visitors), deeds: Number(values.interactions), now: Date.now(), attributes: false });
  const bodies = batchBodies(people, Number(values.batch), values.order as Order);
  const warmUp = Math.ceil(bodies.length * WARM_UP_SHARE);
  const length = Math.ceil((bodies.length - warmUp) / Number(values.rounds));
  const rounds = [bodies.slice(0, warmUp), ...Array.from({ length: Number(values.rounds) }, (_, at) => bodies.slice(warmUp + at * length, warmUp + (at + 1) * length))];
  console.log(
    [
      `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}`,
      `${people.length} visitors with ${values.interactions} interactions each, told in ${bodies.length} batches of ${values.batch} events, ${((bodies[0]?.length ?? 0) / 1_000).toFixed(1)} kB, in order of ${values.order}`,
      `${values.rounds} rounds of ${length} batches in turns, ${values.connections} connections, medians\n`,
    ].join('\n'),
  );
  return Promise.all(
    rounds.map(async (round, at) => {
      const file = join(folder, `round-${at}.ndjson`);
      await writeFile(file, round.join('\n'));
      return file;
    }),
  );
}

async function usherOn(store: StoreName, redisUrl: string, dataDir: string): Promise<Contender> {
  // Usher ends itself by the signal once it has closed, which would leave no profile.
  const exit = 'data:text/javascript,process.once("SIGTERM",()=>process.exit(0))';
  const nodeArgs = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`, `--cpu-prof-name=ingest-${store}.cpuprofile`, '--import', exit];
  const rules = join(import.meta.dirname, '../rules');
  const usher = await startUsher({ USHER_RULES: rules, USHER_DATA: dataDir, REDIS_URL: store === 'redis' ? redisUrl : '' }, nodeArgs);
  cleanUps.push(() => usher.stop());
  return { ...usher, store, side: 'usher' };
}

/** Everyone warms up; then everyone takes the events of each round, one after the other. */
async function takeTurns(contenders: readonly Contender[], [warmUp = '', ...files]: readonly string[]): Promise<IngestMeasured[]> {
  for (const one of contenders) await run(one, warmUp);
  const rounds = new Map<Contender, IngestRound[]>(contenders.map((one) => [one, []]));
  for (const file of files) for (const one of contenders) rounds.get(one)?.push(await run(one, file));
  return contenders.map((one) => ({ side: one.side, store: one.store, rounds: rounds.get(one) ?? [] }));
}

async function run({ url, pid, side, store }: Contender, bodies: string): Promise<IngestRound> {
  const before = cpuUs(pid);
  const result = await runScript<IngestLoadResult>('ingest-load.ts', { url, bodies, connections: Number(values.connections) });
  const after = cpuUs(pid);
  const wanted = result.batches * Number(values.batch);
  if (Math.abs(result.accepted - wanted) >= Number(values.batch)) throw new Error(`${side} on ${store} stored ${result.accepted} of ${wanted} events`);
  return { ...result, cpuUs: before === undefined || after === undefined ? undefined : (after - before) / result.accepted };
}

async function sizeOn(store: StoreName, redisUrl: string, dataDir: string): Promise<StoredSize> {
  const visitors = Number(values.visitors);
  if (store === 'redis') return { store, bytesPerVisitor: Math.round((await redisBytes(redisUrl)) / visitors) };
  const { file, used } = sqliteBytes(dataDir);
  return { store, bytesPerVisitor: Math.round(used / visitors), fileBytesPerVisitor: Math.round(file / visitors) };
}
