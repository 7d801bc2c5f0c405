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
import type { LoggedDecision } from '../decision-log.js';
import { decision, describeDecisionLog } from '../decision-log.contract.js';
import { describeErasures } from '../erasures.contract.js';
import { describeHousekeeping } from '../housekeeping.contract.js';
import { describeOfferFigures } from '../offer-figures.contract.js';
import { type RedisCommands, RedisConnection } from './redis-connection.js';
import { RedisDecisionLog } from './redis-decision-log.js';
import { RedisRejectedEvents } from './redis-rejected-events.js';
import { RedisOfferFigures } from './redis-offer-figures.js';
import { RedisErasures } from './redis-erasures.js';
import { RedisHousekeeping } from './redis-housekeeping.js';
import { RedisSearchIndex } from './redis-search-index.js';
import { RedisVisitorStore } from './redis-visitor-store.js';
import { describeRejectedEvents, rejected } from '../rejected-events.contract.js';
import type { RejectedLimits } from '../rejected-events.js';
import { describeVisitorStore } from '../visitor-store.contract.js';
import { describeSearchIndex } from '../search-index.contract.js';
import type { StoreConnection } from '../store-connection.js';
import { describeStoreConnection } from '../store-connection.contract.js';
import type { VisitorStore } from '../visitor-store.js';
import { allOf } from '../../../test/in-parts.js';

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

describeDecisionLog('the decision log on Redis', async () => logOn(await startRedis()));

describeDecisionLog('the decision log on Redis Cluster', async () => logOn(await startRedisCluster()));

async function logOn(server: { readonly url: string; stop(): Promise<void> }) {
  const connection = await RedisConnection.open(server.url, PATIENT);
  const open = async (keep: number) => {
    await connection.run((redis) => Promise.all(nodesOf(redis).map((node) => node.flushall())));
    return new RedisDecisionLog(connection, keep);
  };
  const tearDown = async () => {
    await connection.close();
    await server.stop();
  };
  return { open, tearDown };
}

function nodesOf(redis: RedisCommands) {
  return 'nodes' in redis ? redis.nodes('master') : [redis];
}

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

describeOfferFigures('figures of offers on Redis', async () => {
  const server = await startRedis();
  const connection = await RedisConnection.open(server.url, PATIENT);
  const tearDown = async () => {
    await connection.close();
    await server.stop();
  };
  return { figures: new RedisOfferFigures(connection), tearDown };
});

describeSearchIndex('the index of the search on Redis', async () => searchOn(await startRedis()));

describeSearchIndex('the index of the search on Redis Cluster', async () => searchOn(await startRedisCluster()));

async function searchOn(server: { readonly url: string; stop(): Promise<void> }) {
  const connection = await RedisConnection.open(server.url, PATIENT);
  const tearDown = async () => {
    await connection.close();
    await server.stop();
  };
  return { index: new RedisSearchIndex(connection), tearDown };
}

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
});

describe('the decision log on Redis, inside', () => {
  const [LIST, ENTRIES, INDEX] = [
    'usher:decision-log',
    'usher:{usher:decision-log}:entries',
    'usher:{usher:decision-log}:index',
  ];
  let server: RedisServer;
  let connection: RedisConnection;
  beforeAll(async () => {
    server = await startRedis();
    connection = await RedisConnection.open(server.url, PATIENT);
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });
  beforeEach(() => connection.run((redis) => redis.flushall()));

  const of = (visitorId: string, number: number) => ({ ...decision(number), visitorId });
  const numbersOf = (found: readonly LoggedDecision[]) => found.map(({ decidedAt }) => decidedAt);
  const sizes = () =>
    connection.run(async (redis) => [await redis.llen(LIST), await redis.hlen(ENTRIES), await redis.zcard(INDEX)]);
  /** As versions before the index have logged them. */
  const logAsBefore = (...decisions: readonly LoggedDecision[]) =>
    connection.run((redis) => redis.rpush(LIST, ...decisions.map((one) => JSON.stringify(one))));

  test('does not grow beyond its limit, nor does its index', async () => {
    const log = new RedisDecisionLog(connection, 100);
    for (let batch = 0; batch < 20; batch += 1)
      await log.append(Array.from({ length: 50 }, (_, n) => decision(batch * 50 + n)));
    // The numbers that it begins and ends with are beside the entries.
    expect(await sizes()).toEqual([0, 102, 100]);
  });

  test('has nothing left in its index of what was forgotten or erased', async () => {
    const log = new RedisDecisionLog(connection, 1_000);
    await log.append([...Array.from({ length: 500 }, (_, n) => decision(n)), of('u', 500), of('v', 501)]);
    await log.erase(['u']);
    for (let gone = 1; gone > 0;) gone = await log.forgetBefore(501);
    expect([await sizes(), await allOf(log.about(['v']))]).toEqual([[0, 3, 1], [of('v', 501)]]);
  });

  test('keeps no byte of somebody who was erased, in whatever key', async () => {
    const log = new RedisDecisionLog(connection, 100);
    await server.ask('CONFIG SET rdbcompression no');
    const all = [1, 2, 3].map((n) => of(`of-${n}`, n));
    await logAsBefore(...all);
    await log.append(all);
    const dumped = () =>
      connection.run(async (redis) => {
        const dumps = await Promise.all((await redis.keys('*')).map((key) => redis.dumpBuffer(key)));
        return dumps.filter((dump) => dump?.includes('of-2')).length;
      });
    expect(await dumped()).toBe(3);
    expect(await log.erase(['of-2'])).toBe(2);
    expect(await dumped()).toBe(0);
    expect((await log.latest(9)).map(({ visitorId }) => visitorId)).toEqual(['of-3', 'of-1', 'of-3', 'of-1']);
  });

  test('asks no more of Redis for a person the more it has of others', async () => {
    const log = new RedisDecisionLog(connection, 10_000);
    await log.append([of('u', 1), of('u', 2)]);
    const costOf = async (work: () => Promise<unknown>): Promise<number> => {
      await server.ask('CONFIG RESETSTAT');
      await work();
      const told = await connection.run((redis) => redis.info('commandstats'));
      const calls = [...told.matchAll(/^cmdstat_(?!config|info)\S+:calls=(\d+)/gm)];
      return calls.reduce((sum, [, count]) => sum + Number(count), 0);
    };
    const before = await costOf(() => allOf(log.about(['u', 'w'])));
    await log.append(Array.from({ length: 3_000 }, (_, n) => decision(n)));
    expect(await costOf(() => allOf(log.about(['u', 'w'])))).toBe(before);
    expect(await costOf(() => log.erase(['u', 'w']))).toBeLessThan(20);
    expect(await allOf(log.about(['u']))).toEqual([]);
  });

  test('goes on with what earlier versions have logged, until it has turned over once', async () => {
    const log = new RedisDecisionLog(connection, 6);
    await logAsBefore(of('u', 1), of('v', 2), of('u', 3), of('v', 4));
    await log.append([of('u', 5), of('v', 6)]);
    expect(numbersOf(await log.latest(10))).toEqual([6, 5, 4, 3, 2, 1]);
    expect(numbersOf(await allOf(log.about(['u'])))).toEqual([5, 3, 1]);
    await log.append([of('u', 7)]);
    expect(numbersOf(await log.latest(10))).toEqual([7, 6, 5, 4, 3, 2]);
    expect(await log.erase(['u'])).toBe(3);
    expect(numbersOf(await allOf(log.about(['u', 'v'])))).toEqual([6, 4, 2]);
    await log.append([8, 9, 10, 11, 12].map((n) => of('v', n)));
    // The one that was erased still counts.
    expect([await sizes(), numbersOf(await log.latest(10))]).toEqual([
      [0, 7, 5],
      [12, 11, 10, 9, 8],
    ]);
  });

  test('forgets by age what earlier versions have logged, and what came since', async () => {
    const log = new RedisDecisionLog(connection, 1_000);
    await logAsBefore(of('u', 1), of('v', 2));
    await log.append([of('u', 3), of('v', 4)]);
    for (let gone = 1; gone > 0;) gone = await log.forgetBefore(4);
    expect(numbersOf(await log.latest(10))).toEqual([4]);
    expect(await connection.run((redis) => redis.exists(LIST))).toBe(0);
  });

  test('shows and erases nothing of others where its index leads astray', async () => {
    const log = new RedisDecisionLog(connection, 100);
    await log.append([of('u', 1), of('v', 2)]);
    await connection.run((redis) => redis.zadd(INDEX, 0, `"u"${'2'.padStart(16, '0')}`));
    expect(await allOf(log.about(['u']))).toEqual([of('u', 1)]);
    expect(await log.erase(['u'])).toBe(1);
    expect(await log.latest(10)).toEqual([of('v', 2)]);
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
