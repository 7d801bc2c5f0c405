/**
 * `npm run bench:http`: what a decision costs above the floor, in one run on one machine. See `bench/README.md`.
 * The last line is JSON.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRedis } from '../test/redis-server.ts';
import { figuresOf } from './figures.ts';
import { machineInWords } from './machine.ts';
import { budgetTable, sharesOf } from './budget.ts';
import { measure, run, type Contender, type Measured, type Plan, type StoreName } from './measure.ts';
import { percent } from './numbers.ts';
import { ofrepCost } from './ofrep-cost.ts';
import { invent } from './people.ts';
import { preload, type StorePlace } from './preload.ts';
import { startFloor } from './processes.ts';
import { report } from './report.ts';
import { ask, requestBodies, typicalAnswer, type Answer } from './requests.ts';
import { writeRuleFolder } from './rule-folder.ts';
import { Stage } from './stage.ts';
import { startUsherOn } from './usher-contender.ts';

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
    /** Requests per second that everyone is given besides, some with commas between. */
    rates: { type: 'string', default: '' },
    /** Of Usher. */
    processes: { type: 'string', default: '1' },
    /** Prints where the time of a request goes, from a profile of the steady state. */
    budget: { type: 'boolean', default: false },
  },
});
const stores = values.store.split(',') as StoreName[];
const ruleCount = Number(values.rules);
const now = Date.now();
const people = invent({
  people: Number(values.visitors),
  deeds: Number(values.interactions),
  now,
  attributes: ruleCount > 0,
});
const bodies = requestBodies(people, ruleCount > 0);
const BUDGET_SECONDS = 5;
const stage = new Stage();

await stage.run(bench);

async function bench(): Promise<void> {
  const folder = await stage.folder('usher-bench-');
  const redis = stage.keep(await startRedis());
  const bodiesFile = join(folder, 'bodies.ndjson');
  await writeFile(bodiesFile, bodies.join('\n'));
  const rules = await rulesDir(folder);
  const places: Record<StoreName, StorePlace> = {
    redis: { redisUrl: redis.url, dataDir: folder },
    sqlite: { redisUrl: undefined, dataDir: folder },
  };
  const documentLength = await preload(places.redis, people, now);
  await preload(places.sqlite, people, now);

  const profile = values.profile ?? (values.budget ? await stage.folder('usher-profile-') : undefined);
  const ushers = await Promise.all(
    stores.map(async (store) =>
      stage.keep(
        await startUsherOn(store, {
          place: places[store],
          rules,
          profile,
          profileName: `${store}.cpuprofile`,
          processes: Number(values.processes),
        }),
      ),
    ),
  );
  const { answer, matchedShare } = await typicalAnswer(ushers[0]?.url ?? '', bodies);
  // The Redis floor is beside SQLite too: it is what a store over the network could do at best.
  const floors = await Promise.all(
    [...new Set<StoreName>(['redis', ...stores])].map((store) => floorOn(store, places[store], answer)),
  );
  console.log(await setting({ documentLength, matchedShare, floorUrl: floors[0]?.url ?? '', answer }));
  const plan: Plan = {
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    connections: Number(values.connections),
    bodies: bodiesFile,
    rates: values.rates.split(',').filter(Boolean).map(Number),
  };
  const measured = await measure([...floors, ...ushers], plan);
  for (const { store, url } of ushers) console.log(await lostOn(store, url));
  const costs = [];
  for (const one of ushers) costs.push(await ofrepCost(one, plan, folder, bodies));
  for (const { text } of costs) console.log(`\n${text}`);
  const doors = costs.map(({ row }) => row);
  if (profile !== undefined && values.budget)
    for (const one of ushers) console.log(await budgetOf(one, floorUsOf(measured, one.store), profile, plan));
  console.log(report(measured, { rules: ruleCount, interactions: Number(values.interactions) }, doors));
}

async function rulesDir(folder: string): Promise<string> {
  if (ruleCount === 0) return join(import.meta.dirname, '../rules');
  const rules = join(folder, 'rules');
  await writeRuleFolder(rules, ruleCount, { people, now });
  return rules;
}

async function floorOn(store: StoreName, place: StorePlace, answer: Answer): Promise<Contender> {
  const floor = stage.keep(await startFloor({ ...place, answer: { ...answer } }));
  return { ...floor, store, side: 'floor' };
}

async function setting(seen: {
  documentLength: number;
  matchedShare: number;
  floorUrl: string;
  answer: Answer;
}): Promise<string> {
  const { documentLength, matchedShare, floorUrl, answer } = seen;
  const kb = (length: number) => `${(length / 1_000).toFixed(1)} kB`;
  const floorAnswer = await ask(floorUrl, bodies[0] ?? '');
  return [
    machineInWords(),
    `${ruleCount === 0 ? 'the example business' : `${ruleCount} generated rules over 50 placements`}; ` +
      `${people.length} visitors with ${values.interactions} interactions in ${kb(documentLength)}`,
    `answers of ${kb(JSON.stringify(answer).length)} (the floor's: ${kb(floorAnswer.length)}), ` +
      `${percent(matchedShare)} of placements decided by a rule, every decision recorded`,
    `${values.rounds} rounds of ${values.seconds} s in turns, ${values.connections} connections, medians\n`,
  ].join('\n');
}

function floorUsOf(measured: readonly Measured[], store: StoreName): number {
  const floor = measured.find(({ contender }) => contender.side === 'floor' && contender.store === store);
  return figuresOf(floor?.saturated ?? []).cpuUs;
}

/** Of a steady state: the last seconds of the process, which are under load. */
async function budgetOf(usher: Contender, floorUs: number, folder: string, plan: Plan): Promise<string> {
  const { cpuUs = NaN } = await run(usher, plan, { seconds: BUDGET_SECONDS });
  await usher.stop();
  const shares = await sharesOf(join(folder, `${usher.store}.cpuprofile`), BUDGET_SECONDS - 1);
  return budgetTable(usher.store, shares, { cpuUs, floorUs });
}

/** A decision made without its visitor would be a cheap one. */
async function lostOn(store: StoreName, url: string): Promise<string> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const total = (name: string) =>
    [...metrics.matchAll(new RegExp(`^${name}_total\\S* (\\d+)`, 'gm'))].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
  return (
    `usher on ${store}: ${total('usher_visitors_unread')} visitors not read in time, ` +
    `${total('usher_decisions_unrecorded')} decisions not recorded, ${total('usher_turned_away')} turned away`
  );
}
