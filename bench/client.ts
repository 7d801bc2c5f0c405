/**
 * `npm run bench:client`: what the Node client costs its caller, on SQLite: decisions by it and by `fetch`, and a batch
 * by it and by `node:http` written by hand, with the most memory that each took. The last line is JSON.
 */
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type * as sdk from '../sdk/node/src/usher.ts';
import { machineInWords } from './machine.ts';
import { Stage } from './stage.ts';
import { textTable } from './text-table.ts';
import { startUsherOn } from './usher-contender.ts';

const { values } = parseArgs({
  options: {
    /** Of the batch. */
    lines: { type: 'string', default: '1000000' },
    decisions: { type: 'string', default: '10000' },
  },
});
const [lineCount, decisionCount] = [Number(values.lines), Number(values.decisions)];
const { Usher } = (await import(new URL('../sdk/node/dist/usher.js', import.meta.url).href)) as typeof sdk;
const stage = new Stage();
const ask = (at: number) => ({ visitorId: `p-${at}`, placements: ['home.hero'], channel: 'web', dryRun: true });

await stage.run(bench);

async function bench(): Promise<void> {
  const place = { redisUrl: undefined, dataDir: await stage.folder('usher-client-') };
  const rules = join(import.meta.dirname, '../rules');
  const { url } = stage.keep(await startUsherOn('sqlite', { place, rules, profile: undefined }));
  const usher = new Usher({ url, deadlineMs: 30_000 });
  stage.atEnd(() => usher.close());
  console.log(`${machineInWords()}\n`);
  const decisions = await measureDecisions(url, usher);
  const batches = await measureBatches(url, usher);
  console.log(JSON.stringify({ decisions, batches }));
}

interface DecisionFigures {
  readonly by: string;
  readonly atOnce: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
  /** Processor time of the caller. */
  readonly cpuUs: number;
}

async function measureDecisions(url: string, usher: sdk.Usher): Promise<readonly DecisionFigures[]> {
  const ways = { client: (at: number) => usher.decide(ask(at)), fetch: (at: number) => byFetch(url, at) };
  const all: DecisionFigures[] = [];
  for (const count of [decisionCount / 10, decisionCount]) {
    all.length = 0;
    for (const atOnce of [1, 16])
      for (const [by, decide] of Object.entries(ways))
        all.push({ by, atOnce, ...(await timed(decide, count, atOnce)) });
  }
  const rows = all.map(({ by, atOnce, p50Ms, p99Ms, perSecond, cpuUs }) => {
    return [by, String(atOnce), p50Ms.toFixed(2), p99Ms.toFixed(2), perSecond.toFixed(0), cpuUs.toFixed(0)];
  });
  console.log(`${textTable([['decisions by', 'at once', 'p50, ms', 'p99, ms', 'per s', 'cpu, us'], ...rows], 1)}\n`);
  return all;
}

async function byFetch(url: string, at: number): Promise<unknown> {
  const response = await fetch(`${url}/v1/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ask(at)),
    signal: AbortSignal.timeout(30_000),
  });
  return response.json();
}

async function timed(decide: (at: number) => Promise<unknown>, count: number, atOnce: number) {
  const tookMs: number[] = [];
  let next = 0;
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  const caller = async () => {
    while (next < count) {
      const askedAt = performance.now();
      await decide(next++);
      tookMs.push(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
  const { user, system } = process.cpuUsage(cpu);
  const perSecond = count / ((performance.now() - startedAt) / 1_000);
  tookMs.sort((one, other) => one - other);
  const share = (of: number) => tookMs[Math.floor(count * of)] ?? NaN;
  return { p50Ms: share(0.5), p99Ms: share(0.99), perSecond, cpuUs: (user + system) / count };
}

interface BatchFigures {
  readonly by: string;
  readonly perSecond: number;
  readonly cpuUs: number;
  /** The most that was seen, beyond what there was before. */
  readonly heapMb: number;
  readonly rssMb: number;
}

async function measureBatches(url: string, usher: sdk.Usher): Promise<readonly BatchFigures[]> {
  const all: BatchFigures[] = [];
  for (const [by, answers] of Object.entries({ client: byClient, hand: byHand })) {
    await counted(answers(url, usher, Math.min(lineCount, 20_000)), () => undefined);
    all.push({ by, ...(await batch(answers(url, usher, lineCount))) });
  }
  const rows = all.map(({ by, perSecond, cpuUs, heapMb, rssMb }) => {
    return [by, perSecond.toFixed(0), cpuUs.toFixed(1), heapMb.toFixed(0), rssMb.toFixed(0)];
  });
  const head = [`${lineCount} lines by`, 'per s', 'cpu, us', 'heap, MB', 'resident, MB'];
  console.log(`${textTable([head, ...rows], 1)}\n`);
  return all;
}

async function batch(answers: AsyncIterable<unknown>): Promise<Omit<BatchFigures, 'by'>> {
  const before = process.memoryUsage();
  const most = { heapUsed: 0, rss: 0 };
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  const count = await counted(answers, () => {
    const { heapUsed, rss } = process.memoryUsage();
    most.heapUsed = Math.max(most.heapUsed, heapUsed);
    most.rss = Math.max(most.rss, rss);
  });
  if (count !== lineCount) throw new Error(`${count} answers to ${lineCount} lines`);
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: count / ((performance.now() - startedAt) / 1_000),
    cpuUs: (user + system) / count,
    heapMb: (most.heapUsed - before.heapUsed) / 1e6,
    rssMb: (most.rss - before.rss) / 1e6,
  };
}

/** How many there are; `look` is called at every thousandth. */
async function counted(answers: AsyncIterable<unknown>, look: () => void): Promise<number> {
  let count = 0;
  for await (const answer of answers) if (answer && ++count % 1_000 === 0) look();
  return count;
}

async function* byClient(_url: string, usher: sdk.Usher, count: number): AsyncGenerator<unknown> {
  function* lines() {
    for (let at = 0; at < count; at++) yield ask(at);
  }
  for await (const { answer } of usher.batch(lines())) if (answer) yield answer;
}

async function* byHand(url: string, _usher: sdk.Usher, count: number): AsyncGenerator<unknown> {
  const headers = { 'content-type': 'application/x-ndjson' };
  const asked = request(`${url}/v1/decisions/batch`, { method: 'POST', agent: false, headers });
  const sent = (async () => {
    for (let at = 0; at < count; at++) if (!asked.write(`${JSON.stringify(ask(at))}\n`)) await once(asked, 'drain');
    asked.end();
  })();
  const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
  for await (const text of createInterface({ input: answer })) yield JSON.parse(text);
  await sent;
}
