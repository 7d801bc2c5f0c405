import { until } from '../until.ts';
import { beside, Floor, post, startWatched, tellCost } from './beside.ts';
import { Deployment } from './deployment.ts';
import { markedRules } from './releases.ts';

/** Who is exported and erased, beside whom. */
export interface ErasedPerson {
  readonly ids: number;
  /** Decisions in the log for them, and for others. */
  readonly decisions: number;
  readonly others: number;
  /** Events that were refused, of some 30 kB each, half of which name them. */
  readonly refused: number;
}

/**
 * A person of many ids, for whom much was decided, is exported and erased while events of theirs come all the time:
 * throws unless the export has all of it, nothing is left of it afterwards, nothing is missing of others, and all
 * decisions of a bystander are made in full meanwhile.
 */
export async function checkErasure(dist: string, store: 'SQLite' | 'Redis', how: ErasedPerson): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open(store, markedRules('mark'));
  const floor = await Floor.start(deployment);
  try {
    const service = await startWatched(deployment, 'a', { USHER_MOST_IDS: '5000', USHER_RECORD_SHARE: '0.1' });
    const { url } = service;
    await prepare(url, how);
    const exported = tellCost(
      'export',
      await beside(service, floor, () => whileTheyGoOn(url, () => exportAll(url, how))),
    );
    const erased = tellCost('erasure', await beside(service, floor, () => whileTheyGoOn(url, () => erase(url))));
    const kept = (await held(url, 'other-0'))?.decisions.length;
    if (kept !== Math.ceil(how.others / OTHERS)) throw new Error(`of somebody else ${kept} decisions are left`);
    return [
      `${store}: a person of ${how.ids} ids and ${how.decisions} logged decisions beside ${how.others} of others`,
      exported,
      erased,
    ].join('\n');
  } finally {
    await floor.stop();
    await deployment.close();
  }
}

interface Held {
  readonly ids: readonly string[];
  readonly decisions: readonly unknown[];
  readonly rejected: readonly unknown[];
}

const PERSON = 'erased-person';
const OTHERS = 100;
const idOf = (at: number) => (at === 0 ? PERSON : `device-${at}`);

async function prepare(url: string, { ids, decisions, others, refused }: ErasedPerson): Promise<void> {
  const line = { visitorId: PERSON, ids: Array.from({ length: ids - 1 }, (_one, at) => idOf(at + 1)) };
  await post(url, '/v1/visitors/import', JSON.stringify(line), 'application/x-ndjson');
  await decideFor(url, others, (at) => `other-${at % OTHERS}`);
  await decideFor(url, decisions, (at) => idOf(at % ids));
  for (let at = 0; at < refused; at++) {
    const userId = at % 2 === 0 ? PERSON : 'somebody';
    const words = Array.from({ length: 1_000 }, (_one, word) => `"property ${word}":"value ${word}"`);
    await post(
      url,
      '/v1/batch',
      `{"batch":[{"type":"track","userId":"${userId}","event":7,"properties":{${words.join()}}}]}`,
    );
  }
  await until('all decisions to be logged', async () => (await held(url, PERSON))?.decisions.length === decisions);
}

async function decideFor(url: string, count: number, idOf: (at: number) => string): Promise<void> {
  for (let at = 0; at < count; at += 5_000) {
    const lines = Array.from({ length: Math.min(5_000, count - at) }, (_one, line) =>
      JSON.stringify({ visitorId: idOf(at + line), placements: ['first', 'second'] }),
    );
    await post(url, '/v1/decisions/batch', lines.join('\n'), 'application/x-ndjson');
  }
}

/** Does something while events of the person come one after the other. */
async function whileTheyGoOn(url: string, work: () => Promise<void>): Promise<void> {
  let isOver = false;
  const goOn = async (): Promise<void> => {
    while (!isOver) {
      const { status } = await post(url, '/v1/track', { userId: PERSON, event: 'Goes on' });
      if (status !== 200) throw new Error(`an event of theirs is answered ${status}`);
    }
  };
  const going = goOn();
  await work().finally(() => (isOver = true));
  await going;
}

async function exportAll(url: string, { ids, decisions, refused }: ErasedPerson): Promise<void> {
  const found = await held(url, PERSON);
  const counts = [found?.ids.length, found?.decisions.length, found?.rejected.length];
  if (counts.join() !== [ids, decisions, Math.ceil(refused / 2)].join())
    throw new Error(`an export has ${counts.join(', ')} ids, decisions and refused events`);
}

async function erase(url: string): Promise<void> {
  const { status } = await fetch(`${url}/v1/visitors/${idOf(1)}`, { method: 'DELETE' });
  if (status !== 204) throw new Error(`the erasure is answered ${status}`);
  const left = await held(url, PERSON);
  if (left && (left.ids.length !== 1 || left.decisions.length > 0 || left.rejected.length > 0))
    throw new Error(`after the erasure ${left.ids.length} ids and ${left.decisions.length} decisions are left`);
}

/** What an export tells; undefined for a stranger. */
async function held(url: string, id: string): Promise<Held | undefined> {
  const response = await fetch(`${url}/v1/visitors/${id}/export`);
  const told: unknown = await response.json();
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`an export is answered ${response.status}`);
  return told as Held;
}
