/**
 * `npm run bench:ingest`: how many events a second are taken in over HTTP, and what a visitor costs to keep, in one run
 * on one machine. See `bench/README.md`. The last line is JSON.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRedis } from '../test/redis-server.ts';
import { batchBodies, type Order } from './ingest-batches.ts';
import type { IngestLoadResult } from './ingest-load.ts';
import { ingestReport, type IngestMeasured, type IngestRound, type StoredSize } from './ingest-report.ts';
import { machineInWords } from './machine.ts';
import type { Contender, StoreName } from './measure.ts';
import { invent } from './people.ts';
import { cpuUs, runScript, startServer } from './processes.ts';
import { Stage } from './stage.ts';
import { redisBytes, sqliteBytes } from './stored-size.ts';
import { startUsherOn } from './usher-contender.ts';

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

const stores = values.store.split(',') as StoreName[];
const stage = new Stage();

await stage.run(bench);

async function bench(): Promise<void> {
  const folder = await stage.folder('usher-ingest-');
  const redis = stage.keep(await startRedis());
  const files = await writeRounds(folder);
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);

  const floor: Contender = {
    ...stage.keep(await startServer('ingest-floor.ts', { redisUrl: redis.url })),
    side: 'floor',
    store: 'redis',
  };
  const ushers = await Promise.all(stores.map((store) => usherOn(store, redis.url, dataDir)));
  const measured = await takeTurns([floor, ...ushers], files);
  for (const usher of ushers) await usher.stop();
  const sizes = await Promise.all(stores.map((store) => sizeOn(store, redis.url, dataDir)));
  console.log(
    ingestReport(measured, sizes, {
      visitors: Number(values.visitors),
      interactions: Number(values.interactions),
      batch: Number(values.batch),
    }),
  );
}

/** A file of bodies for the warming up, then one for each round. */
async function writeRounds(folder: string): Promise<string[]> {
  const people = invent({
    people: Number(values.visitors),
    deeds: Number(values.interactions),
    now: Date.now(),
    attributes: false,
  });
  const bodies = batchBodies(people, Number(values.batch), values.order as Order);
  const warmUp = Math.ceil(bodies.length * WARM_UP_SHARE);
  const length = Math.ceil((bodies.length - warmUp) / Number(values.rounds));
  const rounds = [
    bodies.slice(0, warmUp),
    ...Array.from({ length: Number(values.rounds) }, (_, at) =>
      bodies.slice(warmUp + at * length, warmUp + (at + 1) * length),
    ),
  ];
  console.log(
    [
      machineInWords(),
      `${people.length} visitors with ${values.interactions} interactions each, ` +
        `sent in ${bodies.length} batches of ${values.batch} events, ` +
        `${((bodies[0]?.length ?? 0) / 1_000).toFixed(1)} kB, in order of ${values.order}`,
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
  const place = { redisUrl: store === 'redis' ? redisUrl : undefined, dataDir };
  const rules = join(import.meta.dirname, '../rules');
  return stage.keep(
    await startUsherOn(store, { place, rules, profile: values.profile, profileName: `ingest-${store}.cpuprofile` }),
  );
}

/** Everyone warms up; then everyone takes the events of each round, one after the other. */
async function takeTurns(
  contenders: readonly Contender[],
  [warmUp = '', ...files]: readonly string[],
): Promise<IngestMeasured[]> {
  for (const one of contenders) await run(one, warmUp);
  const rounds = new Map<Contender, IngestRound[]>(contenders.map((one) => [one, []]));
  for (const file of files) for (const one of contenders) rounds.get(one)?.push(await run(one, file));
  return contenders.map((one) => ({ side: one.side, store: one.store, rounds: rounds.get(one) ?? [] }));
}

async function run({ url, pid, side, store }: Contender, bodies: string): Promise<IngestRound> {
  const before = cpuUs(pid);
  const result = await runScript<IngestLoadResult>('ingest-load.ts', {
    url,
    bodies,
    connections: Number(values.connections),
  });
  const after = cpuUs(pid);
  const wanted = result.batches * Number(values.batch);
  if (Math.abs(result.accepted - wanted) >= Number(values.batch))
    throw new Error(`${side} on ${store} stored ${result.accepted} of ${wanted} events`);
  return {
    ...result,
    cpuUs: before === undefined || after === undefined ? undefined : (after - before) / result.accepted,
  };
}

async function sizeOn(store: StoreName, redisUrl: string, dataDir: string): Promise<StoredSize> {
  const visitors = Number(values.visitors);
  if (store === 'redis') return { store, bytesPerVisitor: Math.round((await redisBytes(redisUrl)) / visitors) };
  const { file, used } = sqliteBytes(dataDir);
  return { store, bytesPerVisitor: Math.round(used / visitors), fileBytesPerVisitor: Math.round(file / visitors) };
}
