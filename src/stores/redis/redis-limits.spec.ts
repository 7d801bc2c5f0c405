import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PATIENT, type RedisServer, startRedis, startRedisCluster } from '../../../test/redis-server.js';
import { until } from '../../../test/until.js';
import { type LimitBackend, describeLimitStore } from '../limit-store.contract.js';
import type { GrantAsk } from '../limit-store.js';
import { RedisConnection } from './redis-connection.js';
import { RedisLimitStore } from './redis-limit-store.js';

describeLimitStore('the limits in total on Redis', async () => limitsOn(await startRedis(), 200));

describeLimitStore('the limits in total on Redis Cluster', async () => limitsOn(await startRedisCluster(3), 20));

async function limitsOn(server: { readonly url: string; stop(): Promise<void> }, runs: number): Promise<LimitBackend> {
  const connections = [
    await RedisConnection.open(server.url, PATIENT),
    await RedisConnection.open(server.url, PATIENT),
  ];
  let opened = 0;
  return {
    open: async () => new RedisLimitStore(connections[(opened += 1) % 2] ?? raise()),
    // All are on one machine.
    now: () => Date.now(),
    pass: async (ms) => {
      const end = Date.now() + ms;
      await until('a while', () => Date.now() > end, { everyMs: 1 });
    },
    runs,
    tearDown: async () => {
      await Promise.all(connections.map((one) => one.close()));
      await server.stop();
    },
  };
}

function raise(): never {
  throw new Error('there is no such connection');
}

describe('the limits in total on Redis, inside', () => {
  let server: RedisServer;
  let connection: RedisConnection;
  let store: RedisLimitStore;
  beforeAll(async () => {
    server = await startRedis();
    connection = await RedisConnection.open(server.url, PATIENT);
    store = new RedisLimitStore(connection);
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  const ask = (offer: string, ref: string, hold: GrantAsk['counters'][number]['hold'], limit = 1_000): GrantAsk => ({
    offer,
    ref,
    counters: [{ key: 'all', limit, hold }],
  });

  test('keys end by themselves when nothing in them counts any more, or can be told once more', async () => {
    const now = Date.now();
    await store.grant([
      ask('a', 'held', { ms: 60_000 }),
      ask('a', 'shorter', { ms: 1_000 }),
      ask('a', 'ending', { confirmedUntil: now + 120_000 }),
      ask('a', 'ever', { confirmedUntil: Infinity }),
    ]);
    const ends = async (part: string) => connection.run((redis) => redis.pexpiretime(`usher:{limits:a}:all:${part}`));
    expect(await ends('held')).toBeGreaterThanOrEqual(now + 60_000);
    expect(await ends('held')).toBeLessThan(now + 120_000);
    expect(await ends('ending')).toBe(now + 120_000);
    expect(await ends('ever')).toBeGreaterThanOrEqual(now + 35 * 86_400_000);
    expect(await ends('sums')).toBe(-1);
  });

  test('what counts for ever goes on counting when its name is forgotten, a few at once', async () => {
    const old = Array.from({ length: 250 }, (_, n) => [Date.now() - 36 * 86_400_000, `old ${n}`]).flat();
    await connection.run(async (redis) => {
      await redis.zadd('usher:{limits:b}:all:ever', ...(old as [number, string]));
      await redis.hset('usher:{limits:b}:all:sums', 'ever', 250);
    });
    const left: number[] = [];
    for (const ref of ['x', 'y', 'z']) {
      await store.confirm([{ offer: 'b', ref, counters: [{ key: 'all', until: Infinity }] }]);
      left.push(await connection.run((redis) => redis.zcard('usher:{limits:b}:all:ever')));
    }
    expect(left).toEqual([151, 52, 3]);
    const told = await store.left([{ offer: 'b', counters: [{ key: 'all', limit: 300 }] }]);
    expect(told).toEqual([[{ key: 'all', limit: 300, confirmed: 253, held: 0 }]]);
  });

  test('places that are over are not counted, and go a few at once', async () => {
    const over = Array.from({ length: 250 }, (_, n) => [Date.now() - 1_000, `over ${n}`]).flat();
    await connection.run((redis) => redis.zadd('usher:{limits:c}:all:held', ...(over as [number, string])));
    const told = await store.left([{ offer: 'c', counters: [{ key: 'all', limit: 1 }] }]);
    expect(told).toEqual([[{ key: 'all', limit: 1, confirmed: 0, held: 0 }]]);
    const answers = [
      await store.grant([ask('c', 'x', { ms: 60_000 }, 1)]),
      await store.grant([ask('c', 'y', { ms: 1 }, 1)]),
    ];
    expect(answers).toMatchObject([[{ granted: true }], [{ granted: false, key: 'all' }]]);
    expect(await connection.run((redis) => redis.zcard('usher:{limits:c}:all:held'))).toBe(51);
  });

  test('a script that Redis has forgotten is sent again', async () => {
    await server.ask('SCRIPT FLUSH');
    const answers = (await store.grant(['x', 'y', 'x'].map((ref) => ask('d', ref, { ms: 60_000 }, 1)))).map(
      ({ granted }) => granted,
    );
    expect(answers).toEqual([answers[0], !answers[0], answers[0]]);
  });

  test('nothing is granted while Redis is away, and it goes on when it is back', async () => {
    await server.kill();
    await until('an outage', () =>
      store.left([]).then(() =>
        connection.ping().then(
          () => false,
          () => true,
        ),
      ),
    );
    await expect(store.grant([ask('e', 'x', { ms: 1 })])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await server.restart();
    await until('Redis', () => connection.ping().then(() => true));
    expect(await store.grant([ask('e', 'x', { ms: 60_000 })])).toEqual([{ granted: true }]);
  });
});
