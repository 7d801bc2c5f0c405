/**
 * A load generator in a process of its own: reads what to do from its first argument, prints what it saw as JSON.
 *
 * To saturate a server it uses autocannon. For a load below that it does not: autocannon 9 with `overallRate` sends the
 * whole share of a second in one burst at the beginning of the second (`lib/httpClient.js` counts requests and begins
 * again every 1,000 ms), so that its p99 is that of saturation whatever the rate. Here requests leave at random moments
 * at the wanted rate (a Poisson process, in steps of a millisecond), whether or not the ones before are answered.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { seeded } from './random.ts';
import { Tally } from './tally.ts';

/** What is to be done. */
export interface LoadOptions {
  readonly url: string;
  /** A file of request bodies, one a line. */
  readonly bodies: string;
  readonly seconds: number;
  readonly connections: number;
  /** Where they are posted; that of decisions when absent. */
  readonly path?: string;
  /** Requests per second; as many as the server takes when absent. */
  readonly rate?: number;
}

/** What was seen. */
export interface LoadResult {
  readonly requests: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How busy the generator was itself, of one core: near 1, it is the generator that was measured. */
  readonly busy: number;
}

const HEADERS = { 'content-type': 'application/json' };

const options = JSON.parse(process.argv[2] ?? '{}') as LoadOptions;
const bodies = readFileSync(options.bodies, 'utf8').trimEnd().split('\n');
const path = options.path ?? '/v1/decisions';
const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
const tally = new Tally();
await (options.rate === undefined ? saturate() : pace(options.rate));
const { user, system } = process.cpuUsage(cpuBefore);
const result: LoadResult = {
  requests: tally.requests,
  failed: tally.failed,
  perSecond: tally.requests / tally.seconds,
  p50Ms: tally.percentile(0.5),
  p99Ms: tally.percentile(0.99),
  busy: (user + system) / 1_000 / (performance.now() - startedAt),
};
console.log(JSON.stringify(result));

/** Every connection asks for other visitors, each as soon as it has its answer. */
async function saturate(): Promise<void> {
  const { url, connections, seconds: duration } = options;
  const requests = bodies.map((body) => ({ method: 'POST', path, headers: HEADERS, body }) as const);
  let connection = 0;
  const share = (of: number) => requests.filter((_, at) => at % connections === of % connections);
  const run = autocannon({
    url,
    connections,
    duration,
    requests: requests.slice(0, 1),
    setupClient: (client) => client.setRequests(share(connection++)),
  });
  run.on('response', (_client: unknown, _status: number, _bytes: number, ms: number) => tally.answered(ms));
  const { errors, non2xx } = await run;
  tally.failed += errors + non2xx;
}

async function pace(rate: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const random = seeded(1);
  const send = async (body: string) => {
    const ms = await post(agent, body).catch(() => undefined);
    if (ms === undefined) tally.failed++;
    else tally.answered(ms);
  };
  const end = performance.now() + options.seconds * 1_000;
  const sent: Promise<void>[] = [];
  for (let due = performance.now(); due < end; due += (-Math.log(1 - random()) / rate) * 1_000) {
    const earlyMs = due - performance.now();
    if (earlyMs > 0) await sleep(earlyMs);
    sent.push(send(bodies[sent.length % bodies.length] ?? ''));
  }
  await Promise.all(sent);
  agent.destroy();
}

/** Milliseconds from sending to the end of the answer. */
function post(agent: Agent, body: string): Promise<number> {
  const sentAt = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(
      `${options.url}${path}`,
      { agent, method: 'POST', headers: { ...HEADERS, 'content-length': Buffer.byteLength(body) } },
      (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}`));
        answer.resume().once('end', () => resolve(performance.now() - sentAt));
      },
    );
    asked.once('error', reject).end(body);
  });
}
