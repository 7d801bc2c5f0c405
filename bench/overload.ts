/**
 * `npm run bench:overload`: what callers get when more is asked than can be done, at 0.5, 1, 2 and 5 times the rate
 * that saturates the service, on both stores. `--plot FILE` draws it. The last line is JSON.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRedis } from '../test/redis-server.ts';
import { machineInWords } from './machine.ts';
import type { StoreName } from './measure.ts';
import type { OpenLoadOptions, Seen } from './open-load.ts';
import { plotOverload } from './overload-plot.ts';
import { type Figures, figuresOf, inTable, recoveryMs } from './overload-figures.ts';
import { invent } from './people.ts';
import { preload } from './preload.ts';
import { runLoad, runScript } from './processes.ts';
import { requestBodies } from './requests.ts';
import { Stage } from './stage.ts';
import { startUsherOn } from './usher-contender.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    store: { type: 'string', default: 'redis,sqlite' },
    factors: { type: 'string', default: '0.5,1,2,5' },
    visitors: { type: 'string', default: '2000' },
    /** A file for the plot, as SVG. */
    plot: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const now = Date.now();
const people = invent({ people: Number(values.visitors), deeds: 100, now, attributes: false });
const stage = new Stage();

await stage.run(bench);

async function bench(): Promise<void> {
  console.log(`${machineInWords()}; ${people.length} visitors with 100 interactions, ${seconds} s for each rate\n`);
  const folder = await stage.folder('usher-overload-');
  const bodies = join(folder, 'bodies.ndjson');
  await writeFile(bodies, requestBodies(people, false).join('\n'));
  const all: Figures[] = [];
  for (const store of values.store.split(',') as StoreName[]) all.push(...(await measure(store, folder, bodies)));
  if (values.plot !== undefined) await writeFile(values.plot, plotOverload(all));
  console.log(JSON.stringify(all));
}

async function measure(store: StoreName, folder: string, bodies: string): Promise<Figures[]> {
  const redis = store === 'redis' ? await startRedis() : undefined;
  const place = { redisUrl: redis?.url, dataDir: folder };
  await preload(place, people, now);
  const rules = join(import.meta.dirname, '../rules');
  const usher = await startUsherOn(store, { place, rules, profile: undefined });
  try {
    const { url } = usher;
    await runLoad({ url, bodies, connections: 32, seconds: 3 });
    const { perSecond: saturation } = await runLoad({ url, bodies, connections: 32, seconds });
    console.log(`${store}: ${Math.round(saturation)} decisions/s with 32 callers that wait for their answers`);
    const figures: Figures[] = [];
    for (const factor of values.factors.split(',').map(Number))
      figures.push(await offer({ url, bodies, store, factor, saturation }));
    console.log(`${inTable(figures)}\n`);
    return figures;
  } finally {
    await usher.stop();
    await redis?.stop();
  }
}

/** So many times the saturating rate, then half of it: how soon all is well again is told from when that begins. */
async function offer(of: {
  readonly url: string;
  readonly bodies: string;
  readonly store: StoreName;
  readonly factor: number;
  readonly saturation: number;
}): Promise<Figures> {
  const { url, bodies, store, factor, saturation } = of;
  const stretches = [
    { rate: factor * saturation, seconds },
    { rate: 0.5 * saturation, seconds: 3 },
  ];
  const options: OpenLoadOptions = { url, bodies, stretches };
  const { busy, seen } = await runScript<{ busy: number; seen: [Seen, Seen] }>('open-load.ts', options);
  const [during, after] = seen;
  return { store, factor, saturation, busy, ...figuresOf(during, seconds), recoveredMs: recoveryMs(after) };
}
