import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../until.js';
import { BatchClient } from './batch-client.js';
import { describeOn, describeOnBothStores, someone } from './harness.js';
import type { Service } from './service.js';

const untilReady = (service: Service) =>
  until(
    'the service to be ready',
    async () => ((await service.get('/health/ready')).body as { status: string }).status === 'ok',
  );

/** What a service owes to a visitor it knows while it can't read them. */
async function expectContextOnly(service: Service, visitorId: string): Promise<void> {
  const { served, decisions } = await service.decide({
    visitorId,
    placements: ['hero', 'banner', 'season', 'greeting'],
    context: { device: 'mobile' },
  });
  expect(served).toBe('context-only');
  expect(decisions).toMatchObject([
    { placement: 'hero', reason: 'TARGETING_MATCH', items: [{ offer: 'app' }] },
    { placement: 'banner', items: [{ offer: 'app' }] },
    { placement: 'season' },
    {
      placement: 'greeting',
      reason: 'STALE',
      items: [{ offer: 'hello', reason: 'STALE', content: { title: 'Hello there' } }],
    },
  ]);
  // That they never viewed a product can't be said of somebody who can't be read.
  expect((await service.decide({ visitorId, placements: ['banner'] })).decisions).toMatchObject([
    { reason: 'STALE', items: [] },
  ]);
}

async function expectFull(service: Service, visitorId: string): Promise<void> {
  const { served, decisions } = await service.decide({ visitorId, placements: ['hero', 'banner'] });
  expect([served, decisions]).toMatchObject(['full', [{ items: [{ offer: 'phone' }] }, { items: [] }]]);
}

const viewed = (userId: string, messageId: string) => ({
  userId,
  event: 'Product Viewed',
  properties: { sku: 'c-1' },
  messageId,
});

describeOn('Redis', 'a store that takes nothing in', (service) => {
  const known = someone();
  const fill = (bytes: number) => service.redis.ask(`CONFIG SET maxmemory ${bytes}`);
  const ready = async () => (await service.get('/health/ready')).body;

  test('is said to be, leaves decisions as full as ever, and all is well again with it', async () => {
    await service.post('/v1/track', viewed(known, 'm-1'));
    expect(await ready()).toEqual({ status: 'ok', store: 'up' });
    await fill(1);
    expect(await ready()).toEqual({ status: 'degraded', store: 'read-only' });
    expect((await service.post('/v1/track', viewed(known, 'm-2'))).status).toBe(503);
    await expectFull(service, known);
    const brought = await service.decide({
      visitorId: known,
      placements: ['hero'],
      events: [{ type: 'track', ...viewed(known, 'm-3') }],
    });
    expect(brought).toMatchObject({
      served: 'full',
      events: 'unconfirmed',
      decisions: [{ items: [{ offer: 'phone' }] }],
    });

    await fill(0);
    await untilReady(service);
    await service.post('/v1/track', viewed(known, 'm-2'));
    expect((await service.visitor(known)).interactions.map(({ messageId }) => messageId)).toEqual(['m-2', 'm-1']);
  });
});

describeOn(
  'Redis',
  'a store that dies and comes back',
  (service) => {
    const known = someone();

    test('leaves decisions to the context, refuses events, says so, and all is well again with it', async () => {
      await service.post('/v1/track', viewed(known, 'm-1'));
      await expectFull(service, known);
      await service.redis.kill();

      await expectContextOnly(service, known);
      expect((await service.get('/health/ready')).body).toEqual({ status: 'degraded', store: 'down' });
      expect((await service.get('/health/live')).status).toBe(200);
      await service.redis.restart();
      await untilReady(service);
      await expectFull(service, known);
    });

    test('has everything that asks for it or for its word answered 503, to be tried again', async () => {
      await service.redis.kill();
      const person = `/v1/visitors/${known}`;
      const answers = await Promise.all([
        service.post('/v1/track', viewed(known, 'm-2')),
        service.post('/v1/identify', { userId: known, traits: {} }),
        service.post('/v1/batch', { batch: [{ type: 'track', ...viewed(known, 'm-3') }] }),
        service.post('/v1/visitors/import', JSON.stringify({ visitorId: known, traits: {} }), 'application/x-ndjson'),
        service.patchTraits(known, { plan: 'gold' }),
        service.get(person),
      ]);
      for (const { status, body, headers } of answers) {
        expect([status, body, headers.get('retry-after')]).toMatchObject([
          503,
          { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('may be stored'), problems: expect.any(Array) },
          '1',
        ]);
      }
      await service.redis.restart();
      await untilReady(service);
      await service.post('/v1/track', viewed(known, 'm-2'));
      expect((await service.visitor(known)).interactions.map(({ messageId }) => messageId)).toEqual(['m-2', 'm-1']);
    });

    test('has bad requests refused as ever', async () => {
      await service.redis.kill();
      expect((await service.post('/v1/track', { event: 'e' })).status).toBe(400);
      expect((await service.post('/v1/decisions', { visitorId: 'v', placements: ['nowhere'] })).status).toBe(400);
      await service.redis.restart();
      await untilReady(service);
    });

    test('has events that came with a decision told as unconfirmed; sent again they count once', async () => {
      const visitorId = someone();
      const request = { visitorId, placements: ['hero'], events: [{ type: 'track', ...viewed(visitorId, 'm-9') }] };
      await service.redis.kill();
      expect(await service.decide(request)).toMatchObject({
        served: 'context-only',
        events: 'unconfirmed',
        decisions: [{ items: [{ offer: 'welcome' }] }],
      });
      await service.redis.restart();
      await untilReady(service);
      await service.decide(request);
      expect(await service.decide(request)).toMatchObject({
        served: 'full',
        events: 'stored',
        decisions: [{ items: [{ offer: 'phone' }] }],
      });
      expect((await service.visitor(visitorId)).counters['Product Viewed']?.count).toBe(1);
    });

    test('has batches go on without it', async () => {
      await service.redis.kill();
      const lines = Array.from({ length: 200 }, () => JSON.stringify({ visitorId: known, placements: ['hero'] }));
      const { status, text } = await service.post('/v1/decisions/batch', lines.join('\n'), 'application/x-ndjson');
      const served = text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { served: string }).served);
      expect([status, served.length, new Set(served)]).toEqual([200, 200, new Set(['context-only'])]);
      await service.redis.restart();
      await untilReady(service);
    });
  },
  { appendOnly: true },
);

describeOn(
  'Redis',
  'a store that hangs',
  (service) => {
    test('holds no decision up beyond the deadline', async () => {
      const known = someone();
      await service.post('/v1/track', viewed(known, 'm-1'));
      service.redis.pause();
      let isStoreHeard = false;
      const heard = service.get(`/v1/visitors/${known}`).then(() => (isStoreHeard = true));
      await expectContextOnly(service, known);
      // The deadline it was: who asked the store before is waiting still.
      expect(isStoreHeard).toBe(false);
      service.redis.resume();
      await heard;
      await untilReady(service);
      await until('a decision within the deadline', () => expectFull(service, known).then(() => true));
    });
  },
  { settings: { USHER_DEADLINE_MS: '200' } },
);

describeOn(
  'Redis',
  'a store that hangs for longer than it may',
  (service) => {
    test('has events answered 503, to be sent again', async () => {
      const known = someone();
      service.redis.pause();
      const tracked = await service.post('/v1/track', viewed(known, 'm-1'));
      expect([tracked.status, tracked.body]).toMatchObject([503, { code: 'STORE_UNAVAILABLE' }]);
      service.redis.resume();
      await until('an event to be taken', async () => {
        const { status } = await service.post('/v1/track', viewed(known, 'm-1'));
        return status === 200;
      });
    });
  },
  { settings: { USHER_REDIS_TIMEOUT_MS: '1000' } },
);

describeOn(
  'Redis',
  'a service whose store is down from the start',
  (service) => {
    test('starts, decides from the context, and finds its store later', async () => {
      const visitorId = someone();
      expect((await service.get('/health/ready')).body).toEqual({ status: 'degraded', store: 'down' });
      await expectContextOnly(service, visitorId);
      await service.redis.restart();
      await untilReady(service);
      await service.post('/v1/track', viewed(visitorId, 'm-1'));
      await expectFull(service, visitorId);
    });
  },
  { startsWithoutRedis: true },
);

describeOn('SQLite', 'a store that another process keeps locked', (service) => {
  test('goes on being read, refuses events after a while, and takes them again', async () => {
    const known = someone();
    await service.post('/v1/track', viewed(known, 'm-1'));
    const other = new DatabaseSync(service.databaseFile);
    other.exec('BEGIN IMMEDIATE');
    const refused = await service.post('/v1/track', viewed(known, 'm-2'));
    expect([refused.status, refused.body]).toMatchObject([503, { code: 'STORE_UNAVAILABLE' }]);
    await expectFull(service, known);
    other.exec('ROLLBACK');
    other.close();
    expect((await service.post('/v1/track', viewed(known, 'm-2'))).status).toBe(200);
    expect((await service.visitor(known)).interactions).toHaveLength(2);
  });

  test('keeps nobody waiting who reads, and has what was sent once it is free', async () => {
    const known = someone();
    await service.post('/v1/track', viewed(known, 'm-1'));
    const other = new DatabaseSync(service.databaseFile);
    other.exec('BEGIN IMMEDIATE');
    const sent = service.post('/v1/track', viewed(known, 'm-2'));
    await expectFull(service, known);
    expect((await service.get('/health/ready')).body).toEqual({ status: 'ok', store: 'up' });
    other.exec('ROLLBACK');
    other.close();
    expect((await sent).status).toBe(200);
    expect((await service.visitor(known)).interactions).toHaveLength(2);
  });
});

describeOnBothStores(
  'a restart',
  (service) => {
    test('forgets nobody and nothing, and what was sent before is still known', async () => {
      const [device, user] = [someone(), someone()];
      await service.tell(
        { type: 'track', anonymousId: device, ...viewed(user, 'm-1') },
        { type: 'identify', userId: user, traits: { plan: 'gold' } },
      );
      const before = [await service.visitor(user), await service.visitor(device)];
      await service.restart();
      expect([await service.visitor(user), await service.visitor(device)]).toEqual(before);
      await expectFull(service, device);
      expect(await service.tell({ type: 'track', ...viewed(user, 'm-1') })).toMatchObject({
        accepted: 0,
        duplicates: 1,
      });
    });

    test('ends what is under way before it ends: an acknowledged event is never lost', async () => {
      const userId = someone();
      const calls = Array.from({ length: 50 }, (_, index) =>
        service.post('/v1/track', viewed(userId, `m-${index}`)).catch(() => undefined),
      );
      await sleep(5);
      await service.restart();
      const acknowledged = (await Promise.all(calls)).filter((answer) => answer?.status === 200).length;
      const stored = acknowledged === 0 ? 0 : (await service.visitor(userId)).interactions.length;
      expect(stored).toBeGreaterThanOrEqual(acknowledged);
    });
  },
  { appendOnly: true },
);

describeOnBothStores('a stop', (service) => {
  test('does not wait for connections on which nothing is under way', async () => {
    const { hostname, port } = new URL(service.url);
    const early = connect(Number(port), hostname);
    await once(early, 'connect');
    await service.get('/health/live');
    const busy = new BatchClient(service.url);
    const line = `${JSON.stringify({ visitorId: someone(), placements: ['hero'], dryRun: true })}\n`;
    await busy.write(line.repeat(100));
    const answers = busy.answers();
    await answers.next();
    const isStopped = service.halt();
    await once(early.resume(), 'close');
    // They are not all hung up on: what is under way goes on to its end.
    busy.end();
    let answered = 1;
    for await (const { served } of answers) answered += served === 'full' ? 1 : 0;
    expect(answered).toBe(100);
    await isStopped;
  });
});

describeOn(
  'Redis',
  'a store killed without warning and restarted from its append-only file',
  (service) => {
    test('has every acknowledged event still', async () => {
      const userId = someone();
      await service.tell(
        ...Array.from({ length: 20 }, (_, index) => ({ type: 'track', ...viewed(userId, `m-${index}`) })),
      );
      await service.redis.restart();
      await untilReady(service);
      expect((await service.visitor(userId)).interactions).toHaveLength(20);
    });
  },
  { appendOnly: true },
);
