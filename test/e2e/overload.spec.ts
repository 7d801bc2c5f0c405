import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { until } from '../until.js';
import { describeOn, describeOnBothStores, someone } from './harness.js';

describeOn(
  'Redis',
  'more than can be done at once',
  (service) => {
    const ask = (more: object = {}) => ({ visitorId: someone(), placements: ['hero', 'banner'], ...more });

    /** Has one decision and one event wait for the store, so that there is room for neither. */
    async function whileFull(look: () => Promise<void>): Promise<void> {
      service.redis.pause();
      const held = [service.post('/v1/decisions', ask()), service.post('/v1/track', { userId: someone(), event: 'e' })];
      try {
        await until('there to be no room', async () => (await service.decide(ask())).served === 'fallback');
        await until('there to be none for events', async () => {
          const { status } = await service.post('/v1/track', { userId: someone(), event: 'e' });
          return status === 503;
        });
        await look();
      } finally {
        service.redis.resume();
        expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
      }
    }

    test('has decisions answered by the fallbacks of their placements, at once', async () => {
      await whileFull(async () => {
        const { decisionId, elapsedMs, ...answer } = await service.decide(ask({ visitorId: 'who', context: { a: 1 } }));
        expect([decisionId, elapsedMs]).toEqual([expect.any(String), expect.any(Number)]);
        expect(answer).toEqual({
          visitorId: 'who',
          rulebook: { version: 1, digest: expect.any(String) },
          served: 'fallback',
          decisions: [
            {
              placement: 'hero',
              reason: 'STALE',
              items: [expect.objectContaining({ offer: 'welcome', reason: 'STALE', content: { title: 'Welcome' } })],
            },
            { placement: 'banner', reason: 'STALE', items: [] },
          ],
        });
      });
    });

    test('has evaluations refused in the words of OFREP, as their clients have a default', async () => {
      await whileFull(async () => {
        const context = { targetingKey: someone() };
        for (const [path, key] of [
          ['/hero', { key: 'hero' }],
          ['', {}],
        ] as const) {
          const { status, headers, body } = await service.post(`/ofrep/v1/evaluate/flags${path}`, { context });
          expect([status, headers.get('retry-after'), body]).toEqual([
            429,
            '1',
            { ...key, errorCode: 'GENERAL', errorDetails: expect.any(String), code: 'OVERLOADED' },
          ]);
        }
      });
    });

    test('has the events of such a decision told as unconfirmed', async () => {
      await whileFull(async () => {
        const events = [{ type: 'track', event: 'Product Viewed' }, { type: 'nothing' }];
        expect(await service.decide(ask({ events }))).toMatchObject({
          events: 'unconfirmed',
          eventOutcomes: [{ outcome: 'unconfirmed' }, { outcome: 'unconfirmed' }],
        });
      });
    });

    test('has bad requests refused as ever', async () => {
      await whileFull(async () => {
        const statuses = await Promise.all(
          [
            '{',
            [],
            {},
            ask({ placements: ['nowhere'] }),
            ask({ channel: 1 }),
            ask({ context: 'x'.repeat(70_000) }),
          ].map(async (body) => (await service.post('/v1/decisions', body)).status),
        );
        expect(statuses).toEqual([400, 400, 400, 400, 400, 413]);
      });
    });

    test('has events, mailings and what is packed refused with 503, to be sent again', async () => {
      await whileFull(async () => {
        const packed = {
          body: gzipSync(JSON.stringify(ask())),
          headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        };
        const answers = await Promise.all([
          service.post('/v1/track', { userId: someone(), event: 'e' }),
          service.post('/v1/batch', { batch: [] }),
          service.post('/v1/decisions/batch', JSON.stringify(ask()), 'application/x-ndjson'),
          service.post('/v1/visitors/import', '{"visitorId":"v","traits":{}}', 'application/x-ndjson'),
          service.send('POST', '/v1/decisions', packed),
        ]);
        for (const { status, headers, body } of answers)
          expect([status, headers.get('retry-after'), body]).toMatchObject([503, '1', { code: 'OVERLOADED' }]);
      });
    });

    test('is looked at again once a body that was waited for is there', async () => {
      const { hostname, port } = new URL(service.url);
      const [decision, event] = [connect(Number(port), hostname), connect(Number(port), hostname)];
      const bodies = [JSON.stringify(ask({ context: { ratio: 1e-7 } })), JSON.stringify({ userId: 'u', event: 'e' })];
      const head = (path: string, length: number) =>
        `POST ${path} HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
      decision.write(head('/v1/decisions', bodies[0]?.length ?? 0));
      event.write(head('/v1/track', bodies[1]?.length ?? 0));
      // Neither takes the only room there is.
      await until('both to have stepped aside', async () => (await service.decide(ask())).served === 'full');
      expect((await service.post('/v1/track', { userId: someone(), event: 'e' })).status).toBe(200);
      await whileFull(async () => {
        const heard = [once(decision, 'data'), once(event, 'data')];
        decision.write(bodies[0] ?? '');
        event.write(bodies[1] ?? '');
        const [first = [], second = []] = (await Promise.all(heard)) as Buffer[][];
        expect(String(first[0])).toMatch(/^HTTP\/1.1 200 [^]*"served":"fallback"/);
        expect(String(second[0])).toMatch(/^HTTP\/1.1 503 [^]*"OVERLOADED"/);
      });
      decision.destroy();
      event.destroy();
    });

    test('is counted, and leaves no trace once there is room again', async () => {
      const count = async (name: string) =>
        Number(new RegExp(`^${name}.* (\\d+)$`, 'm').exec((await service.get('/metrics')).text)?.[1] ?? 0);
      const TURNED_AWAY = 'usher_turned_away_total{lane="decisions"';
      const FALLBACKS = 'usher_decision_duration_count{served="fallback"';
      const before = [await count(TURNED_AWAY), await count(FALLBACKS)];
      await whileFull(async () => {
        await service.decide(ask());
      });
      const after = [await count(TURNED_AWAY), await count(FALLBACKS)];
      expect(after.map((one, at) => one > (before[at] ?? NaN))).toEqual([true, true]);
      expect((await service.decide(ask())).served).toBe('full');
      expect((await service.post('/v1/track', { userId: someone(), event: 'e' })).status).toBe(200);
      // Nor do probes ever depend on it.
      expect((await service.get('/health/ready')).status).toBe(200);
    });
  },
  { settings: { USHER_MAX_IN_FLIGHT: '1' } },
);

describeOnBothStores('a process that is busy with something else', (service) => {
  test('tells callers for how long they were not heard', async () => {
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const body = JSON.stringify({ visitorId: someone(), placements: ['hero'] });
    const type = 'content-type: application/json';
    // Once it was heard the connection is known to be taken.
    for (const busyMs of [0, 100]) {
      socket.write(
        `POST /v1/decisions HTTP/1.1\r\nhost: here\r\n${type}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      for (const end = performance.now() + busyMs; performance.now() < end;);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      const { elapsedMs } = JSON.parse(answer.toString().split('\r\n\r\n')[1] ?? '') as { elapsedMs: number };
      expect(elapsedMs).toBeGreaterThanOrEqual(busyMs);
    }
    socket.destroy();
  });
});
