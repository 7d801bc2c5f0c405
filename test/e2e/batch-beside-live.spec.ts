import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../until.js';
import { BatchClient, type BatchAnswer } from './batch-client.js';
import { describeOn, describeOnBothStores, someone } from './harness.js';

const lineFor = (visitorId: string, more: object = {}) => JSON.stringify({ visitorId, placements: ['hero'], ...more });

async function read(answers: AsyncIterable<BatchAnswer>): Promise<BatchAnswer[]> {
  const all: BatchAnswer[] = [];
  for await (const answer of answers) all.push(answer);
  return all;
}

for (const [what, commandMs] of [
  ['answers late', '30000'],
  ['fails again and again', '100'],
] as const)
  describeOn(
    'Redis',
    `a batch while its store ${what}`,
    (service) => {
      test('waits for the visitors, and nobody is decided without a look at them', async () => {
        const people = Array.from({ length: 100 }, someone);
        await service.tell(...people.map((userId) => ({ type: 'track', userId, event: 'Product Viewed' })));
        const events = [{ type: 'track', event: 'Letter Sent', messageId: 'letter' }];
        service.redis.pause();
        const client = new BatchClient(service.url);
        await client.write(`${people.map((id, at) => lineFor(id, at % 2 === 0 ? { events } : {})).join('\n')}\n`);
        client.end();
        // Longer than the deadline, and than a command may take.
        await sleep(400);
        service.redis.resume();
        const answers = await read(client.answers());
        expect(answers.map(({ visitorId }) => visitorId)).toEqual(people);
        expect(new Set(answers.map(({ served }) => served))).toEqual(new Set(['full']));
        // Tried again, an event counts once.
        const counted = await Promise.all(people.slice(0, 10).map((id) => service.visitor(id)));
        expect(counted.map(({ counters }) => counters['Letter Sent']?.count)).toEqual(
          counted.map((_, at) => (at % 2 === 0 ? 1 : undefined)),
        );
      });
    },
    { settings: { USHER_DEADLINE_MS: '20', USHER_REDIS_TIMEOUT_MS: commandMs } },
  );

describeOnBothStores(
  'live work beside a batch',
  (service) => {
    test('is answered in full while the batch runs, and the batch to its end', async () => {
      const client = new BatchClient(service.url);
      const LINES = 2_000;
      const lines = Array.from({ length: LINES }, (_, at) => `${lineFor(`letter-${at}`)}\n`);
      const sent = client.write(lines.join('')).then(() => client.end());
      let answered = 0;
      const all = (async () => {
        for await (const { served } of client.answers()) answered += served === 'full' ? 1 : 0;
      })();
      await until('the batch to begin', () => answered > 0);
      const live: string[] = [];
      while (live.length < 5 || answered === 0) live.push((await service.decide(JSON.parse(lineFor('live')))).served);
      expect([new Set(live), answered < LINES]).toEqual([new Set(['full']), true]);
      await Promise.all([sent, all]);
      expect(answered).toBe(LINES);
    });

    test('is told apart from it in the metrics', async () => {
      const { text } = await service.get('/metrics');
      const count = (labels: string) =>
        Number(new RegExp(`^usher_decision_duration_count\\{${labels}[^}]*\\} (\\d+)$`, 'm').exec(text)?.[1]);
      expect(count('served="full",batch="true"')).toBeGreaterThanOrEqual(2_000);
    });
  },
  { settings: { USHER_RECORD_SHARE: '1' } },
);
