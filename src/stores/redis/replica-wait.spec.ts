import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort, PATIENT, type RedisServer, startRedis } from '../../../test/redis-server.js';
import { until } from '../../../test/until.js';
import type { GrantAsk } from '../limit-store.js';
import { RedisConnection } from './redis-connection.js';
import { RedisLimitStore } from './redis-limit-store.js';
import { ReplicaWait } from './replica-wait.js';

const counters = [{ key: 'all', limit: 3, hold: { ms: 60_000 } }];
const ask = (ref: string): GrantAsk => ({ offer: 'o', ref, counters });

let [master, replica]: RedisServer[] = [];
let connection: RedisConnection;
beforeAll(async () => {
  // The replica finds it there.
  const port = await freePort();
  master = await startRedis({ port });
  replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(port)] });
  connection = await RedisConnection.open(master.url, PATIENT);
  await until('the replica', async () => (await master?.ask('INFO replication'))?.includes('state=online') ?? false);
});
afterAll(async () => {
  await connection.close();
  await Promise.all([master?.stop(), replica?.stop()]);
});

const storeFor = (replicas: number, timeoutMs: number) =>
  new RedisLimitStore(connection, new ReplicaWait(connection, { replicas, timeoutMs }));
const left = async () => (await storeFor(0, 1).left([{ offer: 'o', counters }]))[0]?.[0];

test('a place is granted once the replicas have it, and given back where they do not get it in time', async () => {
  expect(await storeFor(1, 30_000).grant([ask('a')])).toEqual([{ granted: true }]);
  replica?.pause();
  const impatient = storeFor(1, 50);
  const answers = await Promise.all(['b', 'c'].map((ref) => impatient.grant([ask(ref)])));
  expect(answers.flat()).toEqual([
    { granted: false, key: 'all' },
    { granted: false, key: 'all' },
  ]);
  expect(await left()).toMatchObject({ held: 1 });
  // Somebody may have been told of this one.
  expect(await impatient.grant([ask('a')])).toEqual([{ granted: false, key: 'all' }]);
  expect(await left()).toMatchObject({ held: 1 });
  replica?.resume();
  expect(await storeFor(1, 30_000).grant([ask('b'), ask('c')])).toEqual([{ granted: true }, { granted: true }]);
  expect(await storeFor(2, 50).grant([ask('a')])).toEqual([{ granted: false, key: 'all' }]);
});

test('who comes while somebody waits shares the wait that follows', async () => {
  const store = storeFor(1, 30_000);
  const waits = async () => Number(/cmdstat_wait:calls=(\d+)/.exec(await infoOf())?.[1] ?? 0);
  const before = await waits();
  await Promise.all(Array.from({ length: 100 }, () => store.grant([ask('a')])));
  expect((await waits()) - before).toBeLessThan(100);
});

const infoOf = () => connection.run((redis) => redis.info('commandstats'));
