import { beside, decide, Floor, post, startWatched, tellCost } from './beside.ts';
import { Deployment } from './deployment.ts';
import { markedRules } from './releases.ts';

/** How much is sent in the name of one person. */
export interface LargePerson {
  /** Requests of 500 events each with names of their own, and as many with 400 traits. */
  readonly requests: number;
  /** Events with a property of 950 kB each. */
  readonly largeEvents: number;
  /** Interactions in one line of an import. */
  readonly imported: number;
}

/**
 * One person grows as large as whoever has a key can make them, and is then decided for, looked at and exported: throws
 * unless they have what the limits let in, and all decisions of a bystander are made in full meanwhile.
 */
export async function checkLargePerson(dist: string, store: 'SQLite' | 'Redis', how: LargePerson): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open(store, markedRules('mark'));
  const floor = await Floor.start(deployment);
  try {
    const service = await startWatched(deployment, 'a', { USHER_RECORD_SHARE: '1' });
    const parts = [
      ['grows by names and traits', () => grow(service.url, how.requests)],
      ['is sent events of 950 kB', () => sendLarge(service.url, how.largeEvents)],
      ['is imported in one line', () => importLine(service.url, how.imported)],
      ['is decided for, looked at and exported', () => look(service.url)],
    ] as const;
    const lines: string[] = [];
    for (const [name, work] of parts) lines.push(tellCost(name, await beside(service, floor, work)));
    return [`${store}: a large person, of ${how.requests} requests`, ...lines].join('\n');
  } finally {
    await floor.stop();
    await deployment.close();
  }
}

const PERSON = 'large-person';
const MOST_NAMES = 500;

async function grow(url: string, requests: number): Promise<void> {
  for (let request = 0; request < requests; request++) {
    const batch = Array.from({ length: 500 }, (_one, at) => ({
      ...{ type: 'track', userId: PERSON, event: `Name ${request * 500 + at}` },
      properties: { text: 'x'.repeat(at % 50 === 0 ? 5_000 : 10) },
    }));
    await post(url, '/v1/batch', { batch });
    const names = Array.from({ length: 400 }, (_one, at) => [`trait-${request}-${at}`, at]);
    const traits = Object.fromEntries(names) as object;
    await post(url, '/v1/batch', { batch: [{ type: 'identify', userId: PERSON, traits }] });
  }
}

async function sendLarge(url: string, events: number): Promise<void> {
  const text = 'x'.repeat(950_000);
  for (let event = 0; event < events; event++) {
    const { status } = await post(url, '/v1/track', { userId: PERSON, event: 'Name 0', properties: { text } });
    if (status !== 400) throw new Error(`an event of 950 kB is answered with ${status}`);
    await decide(url, PERSON);
  }
}

async function importLine(url: string, count: number): Promise<void> {
  const interactions = Array.from({ length: count }, (_one, at) => ({
    ...{ event: `Name ${at % MOST_NAMES}`, timestamp: new Date(Date.now() - at * 1_000).toISOString() },
    properties: { at, text: 'x'.repeat(100) },
  }));
  const line = JSON.stringify({ visitorId: PERSON, interactions });
  const { status } = await post(url, '/v1/visitors/import', line, 'application/x-ndjson');
  if (status !== 200) throw new Error(`the import is answered with ${status}`);
}

async function look(url: string): Promise<void> {
  for (let time = 0; time < 20; time++) {
    await decide(url, PERSON);
    const texts = await Promise.all(['', '/timeline?limit=500', '/export'].map((what) => read(url, what)));
    const { counters, interactions } = JSON.parse(texts[2] ?? '') as Record<string, object>;
    const [names, kept] = [Object.keys(counters ?? {}).length, Object.keys(interactions ?? {}).length];
    if (names !== MOST_NAMES || kept !== 500)
      throw new Error(`an export of the large person has ${names} names of events and ${kept} interactions`);
  }
}

async function read(url: string, what: string): Promise<string> {
  const response = await fetch(`${url}/v1/visitors/${PERSON}${what}`);
  if (!response.ok) throw new Error(`${what} is answered with ${response.status}`);
  return response.text();
}
