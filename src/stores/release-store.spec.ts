import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENT, startRedis, startRedisCluster, startRedisWithSentinel } from '../../test/redis-server.js';
import { until } from '../../test/until.js';
import { RedisConnection } from './redis/redis-connection.js';
import { RedisReleaseStore } from './redis/redis-release-store.js';
import { describeReleaseStore, published, releaseOf } from './release-store.contract.js';
import { NOTHING_LIVE } from './release-store.js';
import { SqliteDatabase } from './sqlite/sqlite-database.js';
import { SqliteReleaseStore } from './sqlite/sqlite-release-store.js';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-releases-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
const newFile = () => join(folder, `${(files += 1)}.db`);

describeReleaseStore('the release store on SQLite', async () => {
  const opened: SqliteDatabase[] = [];
  let path = '';
  const another = async () => {
    opened.push(SqliteDatabase.open(path));
    return new SqliteReleaseStore(opened.at(-1) ?? SqliteDatabase.open(path));
  };
  const open = async () => {
    path = newFile();
    return another();
  };
  return { open, another, tearDown: async () => void (await Promise.all(opened.map((database) => database.close()))) };
});

describeReleaseStore('the release store on Redis', async () => onRedis(await startRedis()));

describeReleaseStore('the release store on Redis Cluster', async () => onRedis(await startRedisCluster()));

describeReleaseStore('the release store on Redis Sentinel', async () => onRedis(await startRedisWithSentinel()));

async function onRedis(server: { readonly url: string; stop(): Promise<void> }) {
  const connections: RedisConnection[] = [];
  const another = async () => {
    const connection = await RedisConnection.open(server.url, PATIENT);
    connections.push(connection);
    return new RedisReleaseStore(connection);
  };
  const open = async () => {
    const store = await another();
    await connections
      .at(-1)
      ?.run(async (redis) =>
        Promise.all(('nodes' in redis ? redis.nodes('master') : [redis]).map((node) => node.flushall())),
      );
    return store;
  };
  const tearDown = async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await server.stop();
  };
  return { open, another, tearDown };
}

describe('releases in a file on SQLite', () => {
  test('a change that fails in the middle leaves all as it was', async () => {
    const database = SqliteDatabase.open(newFile());
    const store = new SqliteReleaseStore(database);
    database
      .prepare(`CREATE TRIGGER no_log BEFORE INSERT ON release_events BEGIN SELECT raise(ABORT, 'no log here'); END`)
      .run();
    await expect(store.add(releaseOf(1), published(1))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.change({ ...NOTHING_LIVE, revision: 1, live: 1 }, published(1))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    expect([await store.list(10), await store.rollout(), await store.events(10)]).toEqual([[], NOTHING_LIVE, []]);
    await database.close();
  });

  test('a piece that two releases have in common is kept once', async () => {
    const database = SqliteDatabase.open(newFile());
    const store = new SqliteReleaseStore(database);
    const rules = Array.from({ length: 2_000 }, (_, n) => ({
      path: `proactive/rule-${String(n).padStart(5, '0')}.json`,
      text: `{"priority":${n}}`,
    }));
    const first = releaseOf(1, rules);
    await store.add(first, published(1));
    const count = () => Number(database.prepare('SELECT count(*) AS n FROM release_pieces').get()?.['n']);
    const pieces = count();
    await store.add(
      {
        ...first,
        version: 2,
        files: rules.toSpliced(1_000, 0, { path: 'proactive/rule-00999a.json', text: '{}' }),
        fileCount: 2_001,
      },
      published(2),
    );
    expect(pieces).toBeGreaterThan(10);
    expect(count() - pieces).toBeLessThanOrEqual(2);
    await database.close();
  });

  test('watching ends when the file is closed', async () => {
    const database = SqliteDatabase.open(newFile());
    let heard = 0;
    new SqliteReleaseStore(database).subscribe(() => (heard += 1));
    await database.close();
    await sleep(500);
    expect(heard).toBe(0);
  });
});

describe('releases when Redis comes and goes on Redis', () => {
  test('who subscribed hears again after an outage, and that there may have been news', async () => {
    const server = await startRedis();
    const [store, other] = await Promise.all([
      RedisConnection.open(server.url, PATIENT),
      RedisConnection.open(server.url, PATIENT),
    ]);
    let heard = 0;
    const end = new RedisReleaseStore(store).subscribe(() => (heard += 1));
    await until('the first news', () => heard > 0);
    await server.restart();
    await until('news after the outage', () => heard > 1);
    const before = heard;
    await until('a release', () => new RedisReleaseStore(other).add(releaseOf(1), published(1)));
    await until('news of it', () => heard > before);
    end();
    await Promise.all([store.close(), other.close()]);
    await server.stop();
  });

  test('who subscribes before Redis is there hears once it is', async () => {
    const server = await startRedis();
    await server.kill();
    const connection = await RedisConnection.open(server.url, PATIENT);
    let heard = 0;
    new RedisReleaseStore(connection).subscribe(() => (heard += 1));
    await sleep(100);
    await server.restart();
    await until('the first news', () => heard > 0);
    await connection.close();
    await server.stop();
  });

  test('a subscription that is quiet for long stays, and closing ends it', async () => {
    const server = await startRedis();
    const [connection, other] = [
      await RedisConnection.open(server.url, { commandTimeoutMs: 100 }),
      await RedisConnection.open(server.url, PATIENT),
    ];
    let heard = 0;
    new RedisReleaseStore(connection).subscribe(() => (heard += 1));
    await until('the first news', () => heard > 0);
    await sleep(1_000);
    expect(heard).toBe(1);
    await new RedisReleaseStore(other).add(releaseOf(1), published(1));
    await until('news', () => heard === 2);
    await connection.close();
    await until('the end of the subscription', async () =>
      (await server.ask('PUBSUB NUMSUB usher:{releases}:changed')).endsWith(':0\r\n'),
    );
    await other.close();
    await server.stop();
  });

  test('a release that lost a piece is no release: its reader is told, not given half', async () => {
    const server = await startRedis();
    const connection = await RedisConnection.open(server.url, PATIENT);
    const store = new RedisReleaseStore(connection);
    await store.add(releaseOf(1), published(1));
    await server.ask('DEL usher:{releases}:pieces');
    await expect(store.release(1)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('release 1'),
    });
    await connection.close();
    await server.stop();
  });
});
