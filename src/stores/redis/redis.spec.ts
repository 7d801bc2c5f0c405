import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  PATIENT,
  type RedisClusterServers,
  type RedisServer,
  startRedis,
  startRedisCluster,
  startRedisWithSentinel,
} from '../../../test/redis-server.js';
import { until } from '../../../test/until.js';
import { decision, describeDecisionLog } from '../decision-log.contract.js';
import { describeErasures } from '../erasures.contract.js';
import { describeHousekeeping } from '../housekeeping.contract.js';
import { RedisConnection } from './redis-connection.js';
import { RedisDecisionLog } from './redis-decision-log.js';
import { RedisRejectedEvents } from './redis-rejected-events.js';
import { RedisErasures } from './redis-erasures.js';
import { RedisHousekeeping } from './redis-housekeeping.js';
import { RedisVisitorStore } from './redis-visitor-store.js';
import { describeRejectedEvents, rejected } from '../rejected-events.contract.js';
import type { RejectedLimits } from '../rejected-events.js';
import { describeVisitorStore } from '../visitor-store.contract.js';
import type { StoreConnection } from '../store-connection.js';
import { describeStoreConnection } from '../store-connection.contract.js';
import type { VisitorStore } from '../visitor-store.js';

const bytes = (text: string) => Buffer.from(text);

const openVisitors = async (url: string) => {
  const connection = await RedisConnection.open(url, PATIENT);
  return { visitors: new RedisVisitorStore(connection), connection };
};

describeVisitorStore('the visitor store on Redis', async () => {
  const server = await startRedis();
  return { open: () => openVisitors(server.url), tearDown: server.stop };
});

describeVisitorStore('the visitor store on Redis Cluster', async () => {
  const cluster = await startRedisCluster();
  return { open: () => openVisitors(cluster.url), tearDown: cluster.stop };
});

describeVisitorStore('the visitor store on Redis Sentinel', async () => {
  const sentinel = await startRedisWithSentinel();
  return { open: () => openVisitors(sentinel.url), tearDown: sentinel.stop };
});

describeStoreConnection('the connection of the stores on Redis', async () => {
  const server = await startRedis();
  return { open: () => openVisitors(server.url), tearDown: server.stop };
});

describeDecisionLog('the decision log on Redis', async () => {
  const server = await startRedis();
  const connection = await RedisConnection.open(server.url, PATIENT);
  const open = async (keep: number) => {
    await connection.run((redis) => redis.flushall());
    return new RedisDecisionLog(connection, keep);
  };
  const tearDown = async () => {
    await connection.close();
    await server.stop();
  };
  return { open, tearDown };
});

describeRejectedEvents('the list of refused events on Redis', async () => {
  const server = await startRedis();
  const connection = await RedisConnection.open(server.url, PATIENT);
  const reopen = async (limits: RejectedLimits) => new RedisRejectedEvents(connection, limits);
  const open = async (limits: RejectedLimits) => {
    await connection.run((redis) => redis.flushall());
    return reopen(limits);
  };
  const tearDown = async () => {
    await connection.close();
    await server.stop();
  };
  return { open, reopen, tearDown };
});

describeErasures('erasures on Redis', async () => {
  const server = await startRedis();
  const connection = await RedisConnection.open(server.url, PATIENT);
  const tearDown = async () => {
    await connection.close();
    await server.stop();
  };
  return { erasures: new RedisErasures(connection), tearDown };
});

describeHousekeeping('housekeeping on Redis', async () => housekeepingOn(await startRedis()));

describeHousekeeping('housekeeping on Redis Cluster', async () => housekeepingOn(await startRedisCluster()));

async function housekeepingOn(server: { readonly url: string; stop(): Promise<void> }) {
  const connection = await RedisConnection.open(server.url, PATIENT);
  const visitors = new RedisVisitorStore(connection);
  const tearDown = async () => {
    await connection.close();
    await server.stop();
  };
  return { visitors, housekeeping: new RedisHousekeeping(connection), tearDown };
}

describe('the connection on Redis', () => {
  let server: RedisServer;
  let connection: RedisConnection;
  let store: VisitorStore;
  let news: string[];

  beforeAll(async () => {
    server = await startRedis({ appendOnly: true, args: ['--appendfsync', 'always'] });
  });
  afterAll(async () => {
    await server.stop();
  });
  beforeEach(async () => {
    news = [];
    const watch = { onDown: () => void news.push('down'), onUp: () => void news.push('up') };
    connection = await RedisConnection.open(server.url, { ...PATIENT, watch });
    store = new RedisVisitorStore(connection);
  });
  afterEach(async () => {
    await connection.close();
  });

  test('a Redis that dies is told at once, and found again when it is back, with what was saved', async () => {
    await store.save([{ id: 'u-1', from: undefined, document: bytes('kept') }]);
    await server.kill();
    await expectUnavailable(store);
    await expect(connection.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await server.restart();
    await untilAnswers(connection);
    expect((await store.load(['u-1']))[0]?.document).toEqual(bytes('kept'));
    expect(news).toEqual(['down', 'up']);
  });

  test('commands under way when Redis dies are rejected, not left hanging and not sent again', async () => {
    server.pause();
    const save = store.save([{ id: 'u-2', from: undefined, document: bytes('lost') }]);
    const outcome = expect(save).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await sleep(20);
    await server.kill();
    await outcome;
    await server.restart();
    await untilAnswers(connection);
    expect(await store.load(['u-2'])).toEqual([undefined]);
  });

  test('a Redis that hangs is given up after the command timeout, and answers again when it does', async () => {
    const impatient = await RedisConnection.open(server.url, { commandTimeoutMs: 200 });
    await untilAnswers(impatient);
    const store = new RedisVisitorStore(impatient);
    server.pause();
    const givenUp = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('did not answer in time') };
    await Promise.all(Array.from({ length: 20 }, () => expect(store.load(['u-1'])).rejects.toMatchObject(givenUp)));
    server.resume();
    await until('a load', async () => (await store.load(['nobody']))[0] === undefined);
    await impatient.close();
  });

  test('a service starts without its Redis and finds it later', async () => {
    await server.kill();
    const early = await openVisitors(server.url);
    await expectUnavailable(early.visitors);
    await server.restart();
    await untilAnswers(early.connection);
    await early.connection.close();
    await untilAnswers(connection);
  });

  test('closing while Redis is away ends the attempts', async () => {
    await server.kill();
    const early = await openVisitors(server.url);
    await early.connection.close();
    await server.restart();
    await sleep(100);
    await expect(early.connection.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await untilAnswers(connection);
  });

  test('a long outage is told once', async () => {
    await server.kill();
    await until('news of it', () => news.length > 0);
    await sleep(500);
    expect(news).toEqual(['down']);
    await server.restart();
    await untilAnswers(connection);
  });

  test('a script that Redis has forgotten is sent again', async () => {
    await store.save([{ id: 'u-3', from: undefined, document: bytes('1') }]);
    await server.ask('SCRIPT FLUSH');
    const changes = ['u-4', 'u-5', 'u-5'].map((id) => ({ id, from: undefined, document: bytes(id) }));
    expect(await store.save(changes)).toEqual([true, true, false]);
  });

  test('what Redis says against a command is passed on', async () => {
    await server.ask('SET usher:{u-6}:visitor "v 1"');
    await server.ask('CONFIG SET maxmemory 1');
    const save = store.save([{ id: 'u-7', from: undefined, document: bytes('x') }]);
    await expect(save).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('OOM') });
    await server.ask('CONFIG SET maxmemory 0');
  });

  test('the keys of a visitor share the hash slot of the id, whatever the id', async () => {
    const ids = ['}', 'a}b', '{', '%7D'];
    await store.save(ids.map((id) => ({ id, from: undefined, document: bytes(id) })));
    const keys = await server.ask('KEYS usher:{*');
    for (const key of ['{%7D}', '{a%7Db}', '{{}', '{%257D}']) expect(keys).toContain(`usher:${key}:visitor`);
  });

  test('the log of decisions does not grow beyond its limit', async () => {
    const connection = await RedisConnection.open(server.url, PATIENT);
    const log = new RedisDecisionLog(connection, 100);
    for (let batch = 0; batch < 20; batch += 1)
      await log.append(Array.from({ length: 50 }, (_, n) => decision(batch * 50 + n)));
    expect(await server.ask('LLEN usher:decision-log')).toBe(':100\r\n');
    await connection.close();
  });

  test('an erased decision leaves no byte, nor do its neighbours move', async () => {
    const connection = await RedisConnection.open(server.url, PATIENT);
    const log = new RedisDecisionLog(connection, 100);
    await server.ask('CONFIG SET rdbcompression no');
    await log.append([1, 2, 3].map((n) => ({ ...decision(n), visitorId: `of-${n}` })));
    const dumped = () =>
      connection.run(async (redis) => (await redis.dumpBuffer('usher:decision-log'))?.includes('of-2'));
    expect(await dumped()).toBe(true);
    await log.erase(['of-2']);
    expect(await dumped()).toBe(false);
    expect((await log.latest(2)).map(({ visitorId }) => visitorId)).toEqual(['of-3', 'of-1']);
    await connection.close();
  });
});

describe('a connection that is closed while there is no Redis', () => {
  const NOWHERE = '/nowhere/redis.sock';

  test.each([`unix://${NOWHERE}`, 'redis://127.0.0.1:1', 'redis://127.0.0.1:1,redis://127.0.0.1:1'])(
    'leaves nothing behind that keeps the process: %s',
    async (url) => {
      const before = timers();
      const connection = await RedisConnection.open(url, { ...PATIENT });
      connection.subscribe('changed', () => undefined);
      await expect(connection.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await connection.close();
      await sleep(20);
      expect(timers()).toBeLessThanOrEqual(before);
    },
  );

  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
});

describe('a failing node on Redis Cluster', () => {
  let cluster: RedisClusterServers;
  let connection: RedisConnection;
  let store: VisitorStore;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    ({ connection, visitors: store } = await openVisitors(cluster.url));
  });
  afterAll(async () => {
    await connection.close();
    await cluster.stop();
  });

  test('keeps the list of refused events on one node', async () => {
    const list = new RedisRejectedEvents(connection, { keep: 2, keepDays: 0 });
    await list.append([rejected(1), rejected(2), rejected(3)]);
    expect(await list.page(10)).toEqual([rejected(3), rejected(2)]);
    expect(await list.eraseAbout(rejected(3).about)).toBe(1);
  });

  test('fails the visitors it holds without waiting for it, and they are back soon after it is', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `u-${n}`);
    await cluster.nodes[1]?.kill();
    await expectUnavailable(store, ids);
    await cluster.nodes[1]?.restart();
    await untilAnswers({ ping: async () => void (await store.load(ids)) });
  });
});

/** At once: by what is known of the connection, not by waiting in vain for an answer. */
async function expectUnavailable(store: VisitorStore, ids: readonly string[] = ['u-1']): Promise<void> {
  await expect(store.load(ids)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.not.stringContaining('did not answer in time'),
  });
}

function untilAnswers(connection: Pick<StoreConnection, 'ping'>): Promise<void> {
  return until('an answer of Redis', () => connection.ping().then(() => true));
}
