import { beside, Floor, post, startWatched, tellCost } from './beside.ts';
import { Deployment } from './deployment.ts';
import { markedRules } from './releases.ts';

/** How many requests are wrong all over. */
export interface SmallRequests {
  /** Of 64 kB, as many with a list of events. */
  readonly requests: number;
  /** Names of files in one request that has rules checked. */
  readonly names: number;
}

/** The answer to a request that is refused is small, however much of it is wrong. */
const MOST_CHARACTERS = 64 * 1024;
const MOST_EVENT_CHARACTERS = 200;
const MOST_EVENTS = 2_500;

/**
 * Requests that cost their sender nothing, and are wrong all over: throws unless each is refused with a small answer,
 * and all decisions of a bystander are made in full meanwhile.
 */
export async function checkSmallRequests(dist: string, how: SmallRequests): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open('SQLite', markedRules('mark'));
  const floor = await Floor.start(deployment);
  try {
    const service = await startWatched(deployment, 'a');
    const sendOften = async (url: string, path: string, body: string) => {
      for (let request = 0; request < how.requests; request++) await refused(url, path, body);
    };
    const ones = `[${'1,'.repeat(32_000)}1]`;
    const parts = [
      ['64 kB of placements', () => sendOften(service.url, '/v1/decisions', `{"visitorId":"v","placements":${ones}}`)],
      ['64 kB of events', () => sendOften(service.url, '/v1/batch', `{"batch":${ones}}`)],
      ['500,000 events', () => refused(service.url, '/v1/batch', `{"batch":[${'1,'.repeat(500_000)}1]}`)],
      ['2,500 wrong events', () => refused(service.url, '/v1/batch', `{"batch":[${'1,'.repeat(2_499)}1]}`)],
      ['500 kB that are no text at their end', () => refused(service.url, '/v1/track', NO_TEXT)],
      [`${how.names} misplaced names to check`, () => checkNames(service.url, how.names)],
    ] as const;
    const lines: string[] = [];
    for (const [name, work] of parts) lines.push(tellCost(name, await beside(service, floor, work)));
    return [`SQLite: small requests that are wrong all over, ${how.requests} of each`, ...lines].join('\n');
  } finally {
    await floor.stop();
    await deployment.close();
  }
}

/** Characters that stand for broken bytes, and one broken byte. */
const NO_TEXT = Buffer.concat([Buffer.from('\uFFFD'.repeat(170_000)), Buffer.from([0xff])]);

async function refused(url: string, path: string, body: string | Buffer): Promise<void> {
  const { status, text } = await post(url, path, body);
  // Of a batch each event has its own line, as some may be right.
  const most = status === 200 ? MOST_EVENT_CHARACTERS * MOST_EVENTS : MOST_CHARACTERS;
  if (status >= 500 || text.length > most)
    throw new Error(`a request that is wrong is answered ${status} with ${text.length} characters`);
}

async function checkNames(url: string, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_one, at) => `"nowhere/${at}.json":""`);
  await refused(url, '/v1/rulebook/check', `{"files":{${names.join()}}}`);
}
