/**
 * What must hold when all goes wrong at once: `npm run stress`. `--people`, `--kills` and `--seed` say how much of it,
 * `--dist` where the service was built.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkKills } from './check-kills.ts';
import { checkProcesses } from './check-processes.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '200' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    dist: { type: 'string', default: join(import.meta.dirname, '../../dist') },
  },
});

console.log(`seed ${values.seed}`);
console.log(await checkProcesses(values.dist, Number(values.people), Number(values.seed)));
for (const victim of ['the service on SQLite', 'the service on Redis', 'Redis'] as const)
  console.log(await checkKills(values.dist, victim, Number(values.kills)));
