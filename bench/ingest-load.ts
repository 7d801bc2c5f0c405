/**
 * Sends every body of a file once, over so many connections that each wait for their answer, from a process of its own:
 * reads what to do from its first argument, prints what it saw as JSON.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { Tally } from './tally.ts';

/** What is to be done. */
export interface IngestLoadOptions {
  readonly url: string;
  /** A file of bodies for `POST /v1/batch`, one a line. */
  readonly bodies: string;
  readonly connections: number;
}

/** What was seen. */
export interface IngestLoadResult {
  readonly batches: number;
  /** Events that the server said it stored. */
  readonly accepted: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How busy the generator was itself, of one core. */
  readonly busy: number;
}

if (import.meta.main)
  console.log(JSON.stringify(await sendAll(JSON.parse(process.argv[2] ?? '{}') as IngestLoadOptions)));

async function sendAll({ url, bodies, connections }: IngestLoadOptions): Promise<IngestLoadResult> {
  const waiting = readFileSync(bodies, 'utf8').trimEnd().split('\n').values();
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const tally = new Tally();
  let accepted = 0;
  const sender = async () => {
    for (const body of waiting) {
      const sentAt = performance.now();
      const stored = await post(`${url}/v1/batch`, body, agent);
      accepted += stored;
      tally.answered(performance.now() - sentAt);
    }
  };
  const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
  await Promise.all(Array.from({ length: connections }, sender));
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  agent.destroy();
  const latency = { p50Ms: tally.percentile(0.5), p99Ms: tally.percentile(0.99) };
  return { batches: tally.requests, accepted, seconds, ...latency, busy: (user + system) / 1e6 / seconds };
}

/** How many events the server said it stored. */
function post(url: string, body: string, agent: Agent): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve((JSON.parse(text) as { accepted: number }).accepted);
        else reject(new Error(`answered ${answer.statusCode}: ${text}`));
      });
    });
    asked.once('error', reject).end(body);
  });
}
