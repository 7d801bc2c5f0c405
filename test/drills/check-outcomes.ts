import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { pick, seeded } from '../../bench/random.ts';
import { Deployment } from './deployment.ts';
import { markedRules } from './releases.ts';

/** How much of it. */
export interface OutcomesPlan {
  readonly outcomes: number;
  readonly people: number;
  readonly batch: number;
}

const EVENTS = ['Offer Shown', 'Offer Clicked', 'Offer Accepted', 'Offer Dismissed', 'Offer Rated'];
const OFFERS = Array.from({ length: 20 }, (_one, at) => `offer-${at}`);
const PLACEMENTS = ['home.hero', 'home.cards', 'email.offer'];
const DAY_MS = 86_400_000;
const AT_ONCE = 8;
/** Of fewer than that nothing is said on the way. */
const LEAST_TOLD = 10_000;

interface Outcome {
  readonly type: 'track';
  readonly userId: string;
  readonly event: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly properties: object;
}

/**
 * The same outcomes are told to two services: once each and in the order of their times to one; shuffled, a third of
 * them twice, and a tenth after all others to the other. Throws unless everybody has the same contacts in both.
 */
export async function checkOutcomes(dist: string, store: 'SQLite' | 'Redis', plan: OutcomesPlan): Promise<string> {
  const [inOrder, shuffled] = [new Deployment(dist), new Deployment(dist)];
  try {
    for (const one of [inOrder, shuffled]) await one.open(store, markedRules('mark'));
    const [a, b] = [await inOrder.start('a'), await shuffled.start('b')];
    const random = seeded(14);
    const outcomes = invent(plan, random);
    const late = outcomes.filter((_one, at) => at % 10 === 0);
    const soon = outcomes.filter((_one, at) => at % 10 !== 0);
    const doubled = [...soon, ...soon.filter((_one, at) => at % 3 === 0)];
    const [first, last] = [shuffle(doubled, random), shuffle([...late, ...soon.slice(0, late.length)], random)];
    const told = 'told out of order';
    const from = performance.now();
    await Promise.all([
      sendAll(a.url, outcomes, plan.batch, { atOnce: 1, told: 'told in order' }),
      (async () => {
        await sendAll(b.url, first, plan.batch, { atOnce: AT_ONCE, told });
        await sendAll(b.url, last, plan.batch, { atOnce: AT_ONCE, told: `${told}, the late ones` });
      })(),
    ]);
    const tookMs = performance.now() - from;
    let contacts = 0;
    for (let person = 0; person < plan.people; person++) {
      const id = `person-${person}`;
      const [ofA, ofB] = await Promise.all([contactsOf(a.url, id), contactsOf(b.url, id)]);
      if (ofA !== ofB) throw new Error(`${store}: ${id} has other contacts:\n${ofA}\n${ofB}`);
      contacts += [...ofA.matchAll(/"count":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    }
    return (
      `${store}: ${plan.outcomes} outcomes of ${plan.people} people, in order and once to one service; shuffled, ` +
      `a third doubled and a tenth late to another: the same ${contacts} contacts, ${Math.round(tookMs / 1_000)} s`
    );
  } finally {
    await Promise.all([inOrder.close(), shuffled.close()]);
  }
}

function invent({ outcomes, people }: OutcomesPlan, random: () => number): Outcome[] {
  const begin = Date.now() - 20 * DAY_MS;
  return Array.from({ length: outcomes }, (_one, at): Outcome => {
    const decisionId = random() < 0.8 ? `decision-${Math.floor(random() * outcomes)}` : undefined;
    return {
      type: 'track',
      userId: `person-${Math.floor(random() * people)}`,
      event: pick(EVENTS, random),
      messageId: `m-${at}`,
      // Some happen in the same millisecond.
      timestamp: new Date(begin + Math.floor((at / outcomes) * 10 * DAY_MS)).toISOString(),
      properties: {
        offer: pick(OFFERS, random),
        placement: pick(PLACEMENTS, random),
        ...(decisionId !== undefined && { decisionId }),
      },
    };
  });
}

/** Says on stderr how far it is, of many a tenth at a time: whoever waits for minutes sees that it goes on. */
async function sendAll(
  url: string,
  outcomes: readonly Outcome[],
  size: number,
  { atOnce, told }: { readonly atOnce: number; readonly told: string },
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const from = performance.now();
  const tenth = Math.max(outcomes.length / 10, LEAST_TOLD);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < outcomes.length) {
      const [begin, end] = [next, Math.min(next + size, outcomes.length)];
      next = end;
      const batch = outcomes.slice(begin, end);
      while ((await send(url, agent, batch)) !== 200) await sleep(50);
      if (Math.floor(begin / tenth) === Math.floor(end / tenth)) continue;
      const perSecond = Math.round((1_000 * end) / (performance.now() - from));
      process.stderr.write(`  ${told}: ${end} of ${outcomes.length}, ${perSecond}/s\n`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  agent.destroy();
}

/** The status that a batch is answered with. */
function send(url: string, agent: Agent, batch: readonly Outcome[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request(`${url}/v1/batch`, { agent, method: 'POST', headers }, (reply) => {
      reply.resume().once('end', () => resolve(reply.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end(JSON.stringify({ batch }));
  });
}

async function contactsOf(url: string, id: string): Promise<string> {
  const { contacts } = (await (await fetch(`${url}/v1/visitors/${id}`)).json()) as { readonly contacts?: object };
  return JSON.stringify(contacts ?? {});
}

function shuffle<T>(list: readonly T[], random: () => number): T[] {
  const shuffled = [...list];
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [shuffled[at], shuffled[other]] = [shuffled[other] as T, shuffled[at] as T];
  }
  return shuffled;
}
