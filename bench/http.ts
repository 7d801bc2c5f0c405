/**
 * `npm run bench:http`: what a decision costs above the floor, in one run on one machine. See `bench/README.md`.
 * The last line is JSON.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startUsher } from '../test/acceptance/usher-process.ts';
import { startRedis } from '../test/redis-server.ts';
import { measure, type Contender, type StoreName } from './measure.ts';
import { invent } from './people.ts';
import { preload, type StorePlace } from './preload.ts';
import { startFloor } from './processes.ts';
import { report } from './report.ts';
import { ask, requestBodies, typicalAnswer, type Answer } from './requests.ts';
import { writeRuleFolder } from './rule-folder.ts';

const { values } = parseArgs({
  options: {
    /** Of each round. */
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    store: { type: 'string', default: 'redis,sqlite' },
    /** So many generated rules over 50 placements; 0 for the example business under `rules/`. */
    rules: { type: 'string', default: '0' },
    visitors: { type: 'string', default: '2000' },
    /** Of each visitor. */
    interactions: { type: 'string', default: '100' },
    connections: { type: 'string', default: '32' },
    /** A folder for processor profiles of Usher; the figures of such a run are worth less. */
    profile: { type: 'string' },
  },
});
const stores = values.store.split(',') as StoreName[];
const ruleCount = Number(values.rules);
const now = Date.now();
const people = invent({ people: Number(values.visitors), deeds: Number(values.interactions), now, attributes: ruleCount > 0 });
const bodies = requestBodies(people, ruleCount > 0);
const cleanUps: (() => Promise<unknown>)[] = [];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
try {
  await bench();
} finally {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
}

async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-bench-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const redis = await startRedis();
  cleanUps.push(() => redis.stop());
  const bodiesFile = join(folder, 'bodies.ndjson');
  await writeFile(bodiesFile, bodies.join('\n'));
  const rules = await rulesDir(folder);
  const places: Record<StoreName, StorePlace> = { redis: { redisUrl: redis.url, dataDir: folder }, sqlite: { redisUrl: undefined, dataDir: folder } };
  const documentLength = await preload(places.redis, people, now);
  await preload(places.sqlite, people, now);

  const ushers = await Promise.all(stores.map((store) => usherOn(store, places[store], rules)));
  const { answer, matchedShare } = await typicalAnswer(ushers[0]?.url ?? '', bodies);
  // The Redis floor is beside SQLite too: it is what a store over the network could do at best.
  const floors = await Promise.all([...new Set<StoreName>(['redis', ...stores])].map((store) => floorOn(store, places[store], answer)));
  console.log(await setting({ documentLength, matchedShare, floorUrl: floors[0]?.url ?? '', answer }));
  const plan = { seconds: Number(values.seconds), rounds: Number(values.rounds), connections: Number(values.connections), bodies: bodiesFile };
  const measured = await measure([...floors, ...ushers], plan);
  for (const { store, url } of ushers) console.log(await lostOn(store, url));
  console.log(report(measured, { rules: ruleCount, interactions: Number(values.interactions) }));
}

async function rulesDir(folder: string): Promise<string> {
  if (ruleCount === 0) return join(import.meta.dirname, '../rules');
  const rules = join(folder, 'rules');
  await writeRuleFolder(rules, ruleCount, { people, now });
  return rules;
}

async function usherOn(store: StoreName, { redisUrl = '', dataDir }: StorePlace, rules: string): Promise<Contender> {
  // Usher ends itself by the signal once it has closed, which would leave no profile.
  const exit = 'data:text/javascript,process.once("SIGTERM",()=>process.exit(0))';
  const nodeArgs = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`, '--import', exit];
  const usher = await startUsher({ USHER_RULES: rules, USHER_DATA: dataDir, REDIS_URL: redisUrl }, nodeArgs);
  cleanUps.push(() => usher.stop());
  return { ...usher, store, side: 'usher' };
}

async function floorOn(store: StoreName, place: StorePlace, answer: Answer): Promise<Contender> {
  const floor = await startFloor({ ...place, answer: { ...answer } });
  cleanUps.push(() => floor.stop());
  return { ...floor, store, side: 'floor' };
}

async function setting(seen: { documentLength: number; matchedShare: number; floorUrl: string; answer: Answer }): Promise<string> {
  const { documentLength, matchedShare, floorUrl, answer } = seen;
  const kb = (length: number) => `${(length / 1_000).toFixed(1)} kB`;
  const floorAnswer = await ask(floorUrl, bodies[0] ?? '');
  return [
    `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}`,
    `${ruleCount === 0 ? 'the example business' : `${ruleCount} generated rules over 50 placements`}; ${people.length} visitors with ${values.interactions} interactions in ${kb(documentLength)}`,
    `answers of ${kb(JSON.stringify(answer).length)} (the floor's: ${kb(floorAnswer.length)}), ${Math.round(matchedShare * 100)} % of placements decided by a rule, every decision recorded`,
    `${values.rounds} rounds of ${values.seconds} s in turns, ${values.connections} connections, medians\n`,
  ].join('\n');
}

/** A decision made without its visitor would be a cheap one. */
async function lostOn(store: StoreName, url: string): Promise<string> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const total = (name: string) => [...metrics.matchAll(new RegExp(`^${name}_total\\S* (\\d+)`, 'gm'))].reduce((sum, [, count]) => sum + Number(count), 0);
  return `usher on ${store}: ${total('usher_visitors_unread')} visitors not read in time, ${total('usher_decisions_unrecorded')} decisions not recorded`;
}
