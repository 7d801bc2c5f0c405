import { Agent, request } from 'node:http';
import type { UsherProcess } from '../acceptance/usher-process.ts';
import { until } from '../until.ts';
import { Deployment } from './deployment.ts';

/** How much of it. */
export interface CapsPlan {
  readonly processes: number;
  readonly connections: number;
  readonly decisions: number;
  /** Of the offer, in all. */
  readonly limit: number;
  readonly perVisitor: number;
  readonly people: number;
  /** Kills a process, and a master of a Cluster, in the middle. */
  readonly kill?: boolean;
  /** How many replicas must have a grant. */
  readonly wait?: number;
}

type Store = 'SQLite' | 'Redis' | 'Cluster';

/** What the answers came to. */
interface Seen {
  /** How often each person got the offer. */
  readonly byPerson: ReadonlyMap<string, number>;
  readonly granted: number;
  /** Requests that nobody answered: their process was killed. */
  readonly unanswered: number;
}

/**
 * Many processes decide for many people at once on an offer that is limited, in all and for each: throws unless as many
 * get it as may, and never one more; and unless the places of whoever does nothing with it come back.
 */
export async function checkCaps(dist: string, store: Store, plan: CapsPlan): Promise<string> {
  const deployment = new Deployment(dist);
  await deployment.open(store, cappedRules(plan), { replicas: store === 'Cluster' });
  try {
    const settings = {
      ...(store === 'SQLite' && { USHER_DATA: deployment.pathOf('shared') }),
      ...(plan.wait !== undefined && { USHER_LIMITS_WAIT: String(plan.wait) }),
    };
    const names = Array.from({ length: plan.processes }, (_one, at) => `p${at}`);
    const services: UsherProcess[] = [];
    for (const name of names) services.push(await deployment.start(name, settings));
    const seen = await load(services, plan, deployment, store);
    const { url } = services.at(-1) ?? { url: '' };
    const { left, confirmed, held } = await totalOf(url, 'limited');
    const taken = confirmed + held;
    const most = Math.max(0, ...seen.byPerson.values());
    const mayLose = plan.kill === true && store === 'Cluster' && plan.wait === undefined;
    const line =
      `${store}: ${plan.processes} processes, ${plan.connections} connections, ${plan.decisions} decisions` +
      `${plan.kill ? ', one process killed' : ''}${mayLose ? ' and a master' : ''}` +
      `${plan.wait === undefined ? '' : ` and a master, WAIT ${plan.wait}`}: ` +
      `${seen.granted} answers with the offer, ${taken} of ${plan.limit} places taken, ${left} left, ` +
      `${most} at most for one person, ${seen.unanswered} requests without an answer`;
    if (most > plan.perVisitor) throw new Error(`too many for one person: ${line}`);
    if (seen.granted > plan.limit && !mayLose) throw new Error(`too many in all: ${line}`);
    if (!plan.kill && (seen.granted !== plan.limit || taken !== plan.limit)) throw new Error(`not as many: ${line}`);
    // The replica that took the place of the dead master has none itself: then nothing is granted any more.
    if (plan.kill && !mayLose && plan.wait === undefined && taken !== plan.limit)
      throw new Error(`not all places are taken: ${line}`);
    return `${line}\n${await comesBack(url, store)}`;
  } finally {
    await deployment.close();
  }
}

/** Places of a short hold are all taken, and free again when it is over. */
async function comesBack(url: string, store: Store): Promise<string> {
  const agent = new Agent({ keepAlive: true });
  const ask = async (visitorId: string) => (await decide(url, agent, visitorId, 'briefly'))?.includes('brief') ?? false;
  for (let at = 0; at < 5; at++) if (!(await ask(`brief-${at}`))) throw new Error(`${store}: a place is missing`);
  const taken = performance.now();
  if (await ask('one-too-many')) throw new Error(`${store}: a sixth got one of five places`);
  await until('places to come back', async () => (await totalOf(url, 'brief')).left === 5);
  const tookMs = performance.now() - taken;
  if (tookMs < HOLD_MS - 500) throw new Error(`${store}: places came back after ${Math.round(tookMs)} ms, too soon`);
  await until('a place to be given again', () => ask('one-more'));
  agent.destroy();
  return `  places held for ${HOLD_MS} ms were free after ${Math.round(tookMs)} ms`;
}

const HOLD_MS = 2_000;

async function load(
  services: readonly UsherProcess[],
  plan: CapsPlan,
  deployment: Deployment,
  store: Store,
): Promise<Seen> {
  const byPerson = new Map<string, number>();
  let [sent, granted, unanswered] = [0, 0, 0];
  let dead: UsherProcess | undefined;
  const agents = services.map(() => new Agent({ keepAlive: true, maxSockets: plan.connections }));
  const work = async (worker: number): Promise<void> => {
    while (sent < plan.decisions) {
      const number = sent++;
      if (plan.kill && number === Math.floor(plan.limit / 2)) dead = await killOne(services, deployment, store);
      const at = services[worker % services.length] === dead ? services.length - 1 : worker % services.length;
      const person = `person-${(number * 7919) % plan.people}`;
      const answer = await decide(services[at]?.url ?? '', agents[at], person, 'hot').catch(() => undefined);
      if (answer === undefined) unanswered++;
      if (!answer?.includes('limited')) continue;
      granted++;
      byPerson.set(person, (byPerson.get(person) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: plan.connections }, (_one, worker) => work(worker)));
  for (const agent of agents) agent.destroy();
  return { byPerson, granted, unanswered };
}

async function killOne([first]: readonly UsherProcess[], deployment: Deployment, store: Store) {
  await first?.kill();
  if (store === 'Cluster') await deployment.killMasterOf('limited');
  return first;
}

/** The offers that a person gets in a placement; undefined where nobody answers. */
function decide(
  url: string,
  agent: Agent | undefined,
  visitorId: string,
  placement: string,
): Promise<readonly string[] | undefined> {
  const body = JSON.stringify({ visitorId, placements: [placement] });
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/v1/decisions`,
      { ...(agent && { agent }), method: 'POST', headers: HEADERS },
      (reply) => {
        const pieces: Buffer[] = [];
        reply.on('data', (piece: Buffer) => pieces.push(piece));
        reply.once('error', reject);
        reply.once('end', () => {
          const answer = JSON.parse(Buffer.concat(pieces).toString()) as {
            readonly decisions?: readonly { readonly items: readonly { readonly offer: string }[] }[];
          };
          resolve(answer.decisions?.flatMap(({ items }) => items.map(({ offer }) => offer)));
        });
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

const HEADERS = { 'content-type': 'application/json' };

async function totalOf(
  url: string,
  offer: string,
): Promise<{ readonly left: number; readonly confirmed: number; readonly held: number }> {
  const response = await fetch(`${url}/v1/offers/${offer}/limits`);
  const { limits } = (await response.json()) as {
    readonly limits: readonly { per: string; left: number; confirmed: number; held: number }[];
  };
  const total = limits.find(({ per }) => per === 'total');
  if (!total) throw new Error(`${offer} has no limit in total`);
  return total;
}

function cappedRules({ limit, perVisitor }: CapsPlan): Record<string, string> {
  const shown = (id: string) => ({ '*': { content: { title: id } } });
  const rule = (placement: string, offer: string) => ({
    name: offer,
    placements: [placement],
    conditions: { all: [] },
    event: { type: 'offer', params: { offer } },
  });
  const files: Readonly<Record<string, object>> = {
    'placements/hot.json': { name: 'Hot', fallback: 'otherwise' },
    'placements/briefly.json': { name: 'Briefly', fallback: 'otherwise' },
    'offers/otherwise.json': { name: 'Otherwise', treatments: shown('otherwise') },
    'offers/limited.json': {
      name: 'Limited',
      treatments: shown('limited'),
      caps: [
        { event: 'shown', limit, per: 'total', hold: '1d' },
        { event: 'shown', limit: perVisitor, per: 'visitor', hold: '1d' },
      ],
    },
    'offers/brief.json': {
      name: 'Brief',
      treatments: shown('brief'),
      caps: [{ event: 'shown', limit: 5, per: 'total', hold: `${HOLD_MS / 1_000}s` }],
    },
    'proactive/limited.json': rule('hot', 'limited'),
    'proactive/brief.json': rule('briefly', 'brief'),
  };
  return Object.fromEntries(Object.entries(files).map(([path, definition]) => [path, JSON.stringify(definition)]));
}
