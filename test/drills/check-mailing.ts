import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Deployment } from './deployment.ts';

/** How much of it. */
export interface MailingPlan {
  readonly people: number;
  readonly limit: number;
  readonly runs: number;
}

/**
 * A mailing asks for everybody about a discount that is limited in total: throws unless as many get it as may in each
 * run; and unless, where the service is killed in the middle of one that is then run again under the same id, as many
 * hold a place in the end, who are those that the second run tells of.
 */
export async function checkMailing(dist: string, store: 'SQLite' | 'Redis', plan: MailingPlan): Promise<string> {
  const lines: string[] = [];
  for (let run = 1; run <= plan.runs; run++) {
    const deployment = new Deployment(dist);
    try {
      await deployment.open(store, letterRules(plan.limit));
      const service = await deployment.start('a');
      const got = await mail(service.url, plan.people, 'letter');
      if (got.size !== plan.limit) throw new Error(`${store}: ${got.size} of ${plan.limit} got the discount`);
    } finally {
      await deployment.close();
    }
  }
  lines.push(
    `${store}: a mailing to ${plan.people} people, ${plan.runs} times: ${plan.limit} got the discount each time`,
  );
  const deployment = new Deployment(dist);
  try {
    await deployment.open(store, letterRules(plan.limit));
    const killed = await deployment.start('a');
    const before = await mail(killed.url, plan.people, 'letter', {
      after: Math.floor(plan.limit / 2),
      stop: () => killed.kill(),
    });
    const service = await deployment.start('a');
    const after = await mail(service.url, plan.people, 'letter');
    const lost = [...before].filter((id) => !after.has(id));
    if (after.size !== plan.limit) throw new Error(`${store}: ${after.size} got the discount after the kill`);
    if (lost.length > 0) throw new Error(`${store}: ${lost.length} had it before the kill and not after`);
    lines.push(
      `  killed after ${before.size} had it, run again under the same id: ${after.size} in all, those among them`,
    );
  } finally {
    await deployment.close();
  }
  return lines.join('\n');
}

/** Who got the discount, as far as the answers came. */
async function mail(
  url: string,
  people: number,
  batchId: string,
  kill?: { readonly after: number; stop(): Promise<void> },
): Promise<ReadonlySet<string>> {
  const got = new Set<string>();
  const sent = request(`${url}/v1/decisions/batch?batchId=${batchId}&hold=2d`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/x-ndjson' },
  });
  const failed = new Promise<never>((_resolve, reject) => sent.once('error', reject));
  failed.catch(() => undefined);
  const replied = new Promise<Readable>((resolve) => sent.once('response', resolve));
  Readable.from(linesFor(people)).pipe(sent);
  try {
    const reply = await Promise.race([replied, failed]);
    for await (const line of createInterface({ input: reply })) {
      const { visitorId, decisions } = JSON.parse(line) as {
        readonly visitorId: string;
        readonly decisions: readonly { readonly items: readonly { readonly offer: string }[] }[];
      };
      if (decisions[0]?.items[0]?.offer === 'discount') got.add(visitorId);
      if (kill && got.size >= kill.after) await kill.stop();
    }
  } catch (error) {
    if (!kill) throw error;
  }
  sent.destroy();
  return got;
}

function* linesFor(people: number): Generator<string> {
  for (let at = 0; at < people; at++)
    yield `${JSON.stringify({ visitorId: `reader-${at}`, placements: ['letter'], channel: 'email' })}\n`;
}

function letterRules(limit: number): Record<string, string> {
  const files: Readonly<Record<string, object>> = {
    'placements/letter.json': { name: 'Letter', channel: 'email', fallback: 'story' },
    'offers/story.json': { name: 'A story', treatments: { '*': { content: { title: 'A story' } } } },
    'offers/discount.json': {
      name: 'Discount',
      treatments: { '*': { content: { title: 'A fifth off' } } },
      caps: [{ event: 'accepted', limit, per: 'total' }],
    },
    'proactive/discount.json': {
      name: 'A discount for everybody',
      placements: ['letter'],
      conditions: { all: [] },
      event: { type: 'offer', params: { offer: 'discount' } },
    },
  };
  return Object.fromEntries(Object.entries(files).map(([path, definition]) => [path, JSON.stringify(definition)]));
}
