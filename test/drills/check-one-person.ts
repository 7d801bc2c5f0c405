import { setTimeout as sleep } from 'node:timers/promises';
import { markedRules } from './releases.ts';
import { Deployment } from './deployment.ts';

/** How much is sent in the name of one person. */
export interface OnePerson {
  /** Requests of 500 events each with names of their own, and as many small ones that are wrong all over. */
  readonly requests: number;
  /** What was decided for them before they are erased. */
  readonly decisions: number;
}

/**
 * What one person, small requests and an erasure cost everybody else: throws unless all decisions of a bystander are
 * made in full and the person is erased while they go on. Tells the longest wait of the bystander, the longest delay of
 * the loop and the memory of the process for each.
 */
export async function checkOnePerson(dist: string, store: 'SQLite' | 'Redis', how: OnePerson): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open(store, markedRules('mark'));
  try {
    const { url } = await deployment.start('a', { USHER_DEADLINE_MS: '10000', USHER_RECORD_SHARE: '1' });
    const parts = [
      ['a large person', () => grow(url, how)],
      ['small requests', () => sendWrong(url, how)],
      ['an erasure under writes', () => erase(url, how)],
    ] as const;
    const lines: string[] = [];
    for (const [name, work] of parts) lines.push(`  ${name}: ${await besides(url, work)}`);
    return [`${store}: one person, ${how.requests} requests, ${how.decisions} decisions`, ...lines].join('\n');
  } finally {
    await deployment.close();
  }
}

const PERSON = 'large-person';

async function grow(url: string, { requests }: OnePerson): Promise<void> {
  for (let request = 0; request < requests; request++) {
    const batch = Array.from({ length: 500 }, (_one, at) => ({
      ...{ type: 'track', userId: PERSON, event: `Name ${request * 500 + at}` },
      properties: { text: 'x'.repeat(at % 50 === 0 ? 5_000 : 10) },
    }));
    await post(url, '/v1/batch', { batch });
    const names = Array.from({ length: 400 }, (_one, at) => [`trait-${request}-${at}`, at]);
    await post(url, '/v1/batch', {
      batch: [{ type: 'identify', userId: PERSON, traits: Object.fromEntries(names) as object }],
    });
  }
}

async function sendWrong(url: string, { requests }: OnePerson): Promise<void> {
  const placements = Array.from({ length: 30_000 }, () => 1);
  for (let request = 0; request < requests; request++) {
    const { length } = await post(url, '/v1/decisions', { visitorId: 'v', placements });
    if (length > 10_000) throw new Error(`a wrong request of 60 kB is answered with ${length} bytes`);
  }
}

async function erase(url: string, { decisions }: OnePerson): Promise<void> {
  for (let made = 0; made < decisions; made++) await decide(url, PERSON);
  let isOver = false;
  const goOn = async (): Promise<void> => {
    while (!isOver) await post(url, '/v1/track', { userId: PERSON, event: 'Name 0' });
  };
  const writing = goOn();
  const { status } = await fetch(`${url}/v1/visitors/${PERSON}`, { method: 'DELETE' });
  isOver = true;
  await writing;
  if (status !== 204) throw new Error(`the erasure is answered ${status}`);
}

/** Works, with a bystander who asks for a decision all the while. */
async function besides(url: string, work: () => Promise<void>): Promise<string> {
  let isOver = false;
  let [asked, longest] = [0, 0];
  const ask = async (): Promise<void> => {
    while (!isOver) {
      const before = performance.now();
      await decide(url, 'bystander');
      longest = Math.max(longest, performance.now() - before);
      asked++;
      await sleep(5);
    }
  };
  const asking = ask();
  const before = performance.now();
  await work();
  const took = performance.now() - before;
  isOver = true;
  await asking;
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return (
    `${Math.round(took)} ms, the longest of ${asked} decisions for a bystander ${Math.round(longest)} ms, ` +
    `the loop late by ${Math.round(1_000 * gauge(metrics, 'nodejs_eventloop_delay_max'))} ms at most, ` +
    `${Math.round(gauge(metrics, 'process_memory_usage') / 1e6)} MB`
  );
}

async function decide(url: string, visitorId: string): Promise<void> {
  const { text } = await post(url, '/v1/decisions', { visitorId, placements: ['first'] });
  if (!text.includes('"served":"full"')) throw new Error(`a decision is not made in full: ${text.slice(0, 200)}`);
}

async function post(
  url: string,
  path: string,
  body: object,
): Promise<{ readonly text: string; readonly length: number }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  return { text, length: text.length };
}

function gauge(metrics: string, name: string): number {
  return Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)`, 'm').exec(metrics)?.[1]);
}
