/**
 * What must hold of releases and of decisions whatever happens, and of everybody whatever one person does:
 * `npm run drills`. `--releases`, `--visitors` and `--kills` say how much of it, `--rate` how many requests a second
 * each replica gets meanwhile, `--within` how many milliseconds a release may take until it is live on both, `--late`
 * how many after the deadline 99 of 100 decisions may come while Redis is late, and `--dist` where the service was
 * built.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkAway } from './check-away.ts';
import { checkCanary } from './check-canary.ts';
import { checkKills } from './check-kills.ts';
import { checkLateStore } from './check-late-store.ts';
import { checkOnePerson } from './check-one-person.ts';
import { checkSwitching } from './check-switching.ts';

const { values } = parseArgs({
  options: {
    releases: { type: 'string', default: '10' },
    visitors: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '50' },
    rate: { type: 'string', default: '100' },
    within: { type: 'string', default: '1000' },
    late: { type: 'string', default: '20' },
    dist: { type: 'string', default: join(import.meta.dirname, '../../dist') },
  },
});

const [releases, rate, withinMs] = [Number(values.releases), Number(values.rate), Number(values.within)];
console.log(await checkSwitching(values.dist, { releases, rate, withinMs }));
console.log(await checkCanary(values.dist, Number(values.visitors)));
for (const store of ['SQLite', 'Redis'] as const)
  console.log(await checkKills(values.dist, store, Number(values.kills)));
console.log(await checkAway(values.dist));
console.log(await checkLateStore(values.dist, { rate, seconds: 10, withinMs: Number(values.late) }));
for (const store of ['SQLite', 'Redis'] as const)
  console.log(await checkOnePerson(values.dist, store, { requests: 50, decisions: 5_000 }));
