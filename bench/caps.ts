/**
 * `npm run bench:caps`: what limits cost. The same 1,000 rules serve twice on stores of their own, once with a cap on
 * every tenth offer, for each person and in total, so that about a tenth of the winners take a place; in turns.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRedis } from '../test/redis-server.ts';
import { machineInWords } from './machine.ts';
import { run, type Contender, type Round, type StoreName } from './measure.ts';
import { median, percent } from './numbers.ts';
import { invent } from './people.ts';
import { preload, type StorePlace } from './preload.ts';
import { requestBodies } from './requests.ts';
import { writeRuleFolder } from './rule-folder.ts';
import { Stage } from './stage.ts';
import { startUsherOn } from './usher-contender.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    store: { type: 'string', default: 'redis,sqlite' },
    rules: { type: 'string', default: '1000' },
    visitors: { type: 'string', default: '2000' },
    connections: { type: 'string', default: '32' },
    /** A folder for processor profiles of Usher; the figures of such a run are worth less. */
    profile: { type: 'string' },
  },
});
/** Nobody reaches them: what is measured is taking places. A hold is short, so that a person has few at once. */
const CAPS = [
  { event: 'shown', limit: 50, per: 'visitor', hold: '1s' },
  { event: 'shown', limit: 1_000_000_000, per: 'total', hold: '1s' },
];
const HEADERS = { 'content-type': 'application/json' };
const WARM_UP_SECONDS = 10;
const EVERY = 10;
const now = Date.now();
const people = invent({ people: Number(values.visitors), deeds: 100, now, attributes: true });
const bodies = requestBodies(people, true);
const stage = new Stage();

await stage.run(async () => {
  const folder = await stage.folder('usher-caps-');
  const file = join(folder, 'bodies.ndjson');
  await writeFile(file, bodies.join('\n'));
  console.log(`${machineInWords()}\n${values.rules} rules, ${values.rounds} rounds of ${values.seconds} s in turns`);
  for (const store of values.store.split(',') as StoreName[]) {
    const [free, capped] = [await serve(store, false), await serve(store, true)];
    const share = await cappedShare(capped.url);
    const plan = { bodies: file, connections: Number(values.connections) };
    for (const one of [free, capped]) await run(one, plan, { seconds: WARM_UP_SECONDS });
    const rounds: Record<'free' | 'capped', Round[]> = { free: [], capped: [] };
    for (let round = 0; round < Number(values.rounds); round++) {
      rounds.free.push(await run(free, plan, { seconds: Number(values.seconds) }));
      rounds.capped.push(await run(capped, plan, { seconds: Number(values.seconds) }));
    }
    const [without, withCaps] = [perSecond(rounds.free), perSecond(rounds.capped)];
    console.log(
      `${store}: ${Math.round(without)}/s without caps, ${Math.round(withCaps)}/s where ${percent(share)} of the ` +
        `decisions take a place: ${(withCaps / without).toFixed(2)}; ` +
        `${Math.round(cpu(rounds.free))} and ${Math.round(cpu(rounds.capped))} us of processor each`,
    );
    await free.stop();
    await capped.stop();
  }
});

async function serve(store: StoreName, isCapped: boolean): Promise<Contender> {
  const dataDir = await stage.folder('usher-caps-data-');
  const redisUrl = store === 'redis' ? stage.keep(await startRedis()).url : undefined;
  const place: StorePlace = { redisUrl, dataDir };
  await preload(place, people, now);
  const rules = join(dataDir, 'rules');
  const caps = (offer: number) => (offer % EVERY === 0 ? CAPS : []);
  await writeRuleFolder(rules, Number(values.rules), { people, now, ...(isCapped && { caps }) });
  return stage.keep(
    await startUsherOn(store, {
      place,
      rules,
      profile: values.profile,
      profileName: `${store}-${isCapped ? 'capped' : 'free'}.cpuprofile`,
    }),
  );
}

/** Of the decisions, how many get an offer that is capped. */
async function cappedShare(url: string): Promise<number> {
  let capped = 0;
  const sample = bodies.slice(0, 500);
  for (const body of sample) {
    const response = await fetch(`${url}/v1/decisions`, { method: 'POST', headers: HEADERS, body });
    const offers = [...(await response.text()).matchAll(/"offer":"offer-(\d+)"/g)].map(([, number]) => Number(number));
    if (offers.some((number) => number % EVERY === 0)) capped++;
  }
  return capped / sample.length;
}

function perSecond(rounds: readonly Round[]): number {
  return median(rounds.map((round) => round.perSecond));
}

function cpu(rounds: readonly Round[]): number {
  return median(rounds.map((round) => round.cpuUs ?? NaN));
}
