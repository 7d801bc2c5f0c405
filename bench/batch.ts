/**
 * `npm run bench:batch`: what a mailing costs those who wait for an answer meanwhile, on both stores: a live load of
 * its own, then the same beside a batch, and the batch alone. The last line is JSON.
 */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startRedis } from '../test/redis-server.ts';
import { machineInWords } from './machine.ts';
import type { StoreName } from './measure.ts';
import type { OpenLoadOptions, Seen } from './open-load.ts';
import { type Figures, figuresOf } from './overload-figures.ts';
import { invent } from './people.ts';
import { preload } from './preload.ts';
import { runLoad, runScript } from './processes.ts';
import { requestBodies } from './requests.ts';
import { Stage } from './stage.ts';
import { textTable } from './text-table.ts';
import { startUsherOn } from './usher-contender.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'redis,sqlite' },
    /** Of the batch. */
    lines: { type: 'string', default: '200000' },
    /** Live decisions a second. */
    rate: { type: 'string', default: '200' },
    /** Of the live load by itself. */
    seconds: { type: 'string', default: '10' },
    visitors: { type: 'string', default: '2000' },
  },
});
const [lineCount, rate, seconds] = [Number(values.lines), Number(values.rate), Number(values.seconds)];
const now = Date.now();
const people = invent({ people: Number(values.visitors), deeds: 100, now, attributes: false });
const requests = requestBodies(people, false);
const stage = new Stage();

/** What became of the lines of a batch. */
interface BatchResult {
  readonly linesPerSecond: number;
  /** Lines by how they were served, or by the code of their error. */
  readonly served: Readonly<Record<string, number>>;
}

await stage.run(bench);

async function bench(): Promise<void> {
  console.log(`${machineInWords()}; ${rate} live decisions/s, a batch of ${lineCount} lines\n`);
  const folder = await stage.folder('usher-batch-');
  const bodies = join(folder, 'bodies.ndjson');
  await writeFile(bodies, requests.join('\n'));
  const all = [];
  for (const store of values.store.split(',') as StoreName[]) all.push(await measure(store, folder, bodies));
  console.log(JSON.stringify(all));
}

async function measure(store: StoreName, folder: string, bodies: string): Promise<object> {
  const redis = store === 'redis' ? await startRedis() : undefined;
  const place = { redisUrl: redis?.url, dataDir: folder };
  await preload(place, people, now);
  const rules = join(import.meta.dirname, '../rules');
  const usher = await startUsherOn(store, { place, rules, profile: undefined });
  try {
    const { url } = usher;
    await runLoad({ url, bodies, connections: 32, seconds: 3 });
    const before = await live(url, bodies, seconds);
    const alone = await batch(url);
    // About as long as the batch takes beside others; what comes after it is cut off.
    const guess = Math.max(3, (lineCount / alone.linesPerSecond) * 1.2);
    const startedAt = performance.now();
    let tookMs = NaN;
    const [seen, beside] = await Promise.all([
      seenLive(url, bodies, guess),
      batch(url).finally(() => (tookMs = performance.now() - startedAt)),
    ]);
    const during = figuresOf(upTo(seen, tookMs), Math.min(guess, tookMs / 1_000));
    const unrecorded = await unrecordedOn(url);
    console.log(`${store}\n${inTable({ 'live alone': before, 'live beside the batch': during })}`);
    console.log(`batch alone ${inWords(alone)}; beside the live load ${inWords(beside)}; ${unrecorded} not recorded\n`);
    return { store, before, during, alone, beside, unrecorded };
  } finally {
    await usher.stop();
    await redis?.stop();
  }
}

type LiveFigures = Pick<Figures, 'offered' | 'shares' | 'p50Ms' | 'p99Ms' | 'maxMs'>;

async function live(url: string, bodies: string, forSeconds: number): Promise<LiveFigures> {
  return figuresOf(await seenLive(url, bodies, forSeconds), forSeconds);
}

async function seenLive(url: string, bodies: string, forSeconds: number): Promise<Seen> {
  const options: OpenLoadOptions = { url, bodies, stretches: [{ rate, seconds: forSeconds }] };
  const { seen } = await runScript<{ seen: [Seen] }>('open-load.ts', options);
  return seen[0];
}

function upTo({ dueMs, fates, tookMs }: Seen, ms: number): Seen {
  const count = dueMs.filter((due) => due < ms).length;
  return { dueMs: dueMs.slice(0, count), fates: fates.slice(0, count), tookMs: tookMs.slice(0, count) };
}

async function batch(url: string): Promise<BatchResult> {
  const headers = { 'content-type': 'application/x-ndjson' };
  const asked = request(`${url}/v1/decisions/batch`, { method: 'POST', agent: false, headers });
  const startedAt = performance.now();
  const sent = (async () => {
    for (let line = 0; line < lineCount; line++)
      if (!asked.write(`${requests[line % requests.length]}\n`)) await once(asked, 'drain');
    asked.end();
  })();
  const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
  const served: Record<string, number> = {};
  for await (const text of createInterface({ input: answer })) {
    const [, how = 'unknown'] = /"(?:served|code)":"([^"]+)"/.exec(text) ?? [];
    served[how] = (served[how] ?? 0) + 1;
  }
  await sent;
  return { linesPerSecond: lineCount / ((performance.now() - startedAt) / 1_000), served };
}

async function unrecordedOn(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^usher_inputs_unrecorded_total\S* (\d+)/m.exec(text)?.[1] ?? 0);
}

function inTable(rows: Readonly<Record<string, LiveFigures>>): string {
  const cells = Object.entries(rows).map(([name, { offered, shares, p50Ms, p99Ms, maxMs }]) => [
    name,
    offered.toFixed(0),
    ...[p50Ms, p99Ms, maxMs].map((ms) => ms.toFixed(1)),
    ...[shares.full, shares['context-only'], shares.fallback].map((share) => share.toFixed(4)),
  ]);
  return textTable([['', 'per s', 'p50, ms', 'p99, ms', 'longest', 'full', 'context-only', 'fallback'], ...cells], 1);
}

function inWords({ linesPerSecond, served }: BatchResult): string {
  const fates = Object.entries(served).map(([how, count]) => `${count} ${how}`);
  return `${linesPerSecond.toFixed(0)} lines/s (${fates.join(', ')})`;
}
