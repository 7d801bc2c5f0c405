/**
 * What must hold of releases and of decisions whatever happens, and of everybody whatever strangers do:
 * `npm run drills`, or for some of them by name, `npm run drills -- erasure dead-shard` or `-- --only erasure`.
 * `--releases`, `--visitors` and `--kills` say how much of it, `--rate` how many requests a second each replica gets
 * meanwhile, `--within` how many milliseconds a release may take until it is live on both, `--late` how many after the
 * deadline 99 of 100 decisions may come while Redis is late, and `--dist` where the service was built.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkAway } from './check-away.ts';
import { checkCanary } from './check-canary.ts';
import { checkCaps } from './check-caps.ts';
import { checkDeadShard } from './check-dead-shard.ts';
import { checkErasure } from './check-erasure.ts';
import { checkHostileRelease } from './check-hostile-release.ts';
import { checkKills } from './check-kills.ts';
import { checkLargePerson } from './check-large-person.ts';
import { checkLateStore } from './check-late-store.ts';
import { checkMailing } from './check-mailing.ts';
import { checkOutcomes } from './check-outcomes.ts';
import { checkSlowCallers } from './check-slow-callers.ts';
import { checkSmallRequests } from './check-small-requests.ts';
import { checkSwitching } from './check-switching.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    releases: { type: 'string', default: '10' },
    visitors: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '50' },
    rate: { type: 'string', default: '100' },
    within: { type: 'string', default: '1000' },
    late: { type: 'string', default: '20' },
    only: { type: 'string', multiple: true, default: [] },
    dist: { type: 'string', default: join(import.meta.dirname, '../../dist') },
  },
});

const { dist } = values;
const [releases, rate, withinMs] = [Number(values.releases), Number(values.rate), Number(values.within)];
const STORES = ['SQLite', 'Redis'] as const;

/** In the order in which they run. */
const DRILLS: Readonly<Record<string, () => AsyncGenerator<string>>> = {
  switching: async function* () {
    yield await checkSwitching(dist, { releases, rate, withinMs });
  },
  canary: async function* () {
    yield await checkCanary(dist, Number(values.visitors));
  },
  kills: async function* () {
    for (const store of STORES) yield await checkKills(dist, store, Number(values.kills));
  },
  away: async function* () {
    yield await checkAway(dist);
  },
  'late-store': async function* () {
    yield await checkLateStore(dist, { rate, seconds: 10, withinMs: Number(values.late) });
  },
  'large-person': async function* () {
    for (const store of STORES)
      yield await checkLargePerson(dist, store, { requests: 50, largeEvents: 100, imported: 40_000 });
  },
  'small-requests': async function* () {
    yield await checkSmallRequests(dist, { requests: 100, names: 1_000_000 });
  },
  'slow-callers': async function* () {
    yield await checkSlowCallers(dist, 1_000);
  },
  erasure: async function* () {
    for (const store of STORES)
      yield await checkErasure(dist, store, { ids: 2_500, decisions: 20_000, others: 100_000, refused: 1_000 });
  },
  'hostile-release': async function* () {
    yield await checkHostileRelease(dist, 290);
  },
  caps: async function* () {
    const plan = { processes: 4, connections: 200, decisions: 100_000, limit: 1_000, perVisitor: 3, people: 400 };
    for (const store of [...STORES, 'Cluster'] as const) {
      yield await checkCaps(dist, store, plan);
      yield await checkCaps(dist, store, { ...plan, kill: true });
    }
    yield await checkCaps(dist, 'Cluster', { ...plan, kill: true, wait: 1 });
  },
  mailing: async function* () {
    for (const store of STORES) yield await checkMailing(dist, store, { people: 200_000, limit: 100, runs: 2 });
  },
  outcomes: async function* () {
    for (const store of STORES)
      yield await checkOutcomes(dist, store, { outcomes: 1_000_000, people: 5_000, batch: 1_000 });
  },
  'dead-shard': async function* () {
    yield await checkDeadShard(dist, 20);
  },
};

const wanted = [...positionals, ...values.only];
const unknown = wanted.filter((name) => !Object.hasOwn(DRILLS, name));
if (unknown.length > 0) throw new Error(`there is no drill ${unknown.join()}; there are ${Object.keys(DRILLS).join()}`);
for (const [name, drill] of Object.entries(DRILLS))
  if (wanted.length === 0 || wanted.includes(name)) for await (const told of drill()) console.log(told);
