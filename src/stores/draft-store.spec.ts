import { afterAll, beforeAll } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENT, startRedis, startRedisCluster } from '../../test/redis-server.js';
import { type DraftBackend, describeDraftStore } from './draft-store.contract.js';
import type { DraftLimits } from './draft-store.js';
import { RedisConnection } from './redis/redis-connection.js';
import { RedisDraftStore } from './redis/redis-draft-store.js';
import { SqliteDatabase } from './sqlite/sqlite-database.js';
import { SqliteDraftStore } from './sqlite/sqlite-draft-store.js';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-drafts-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describeDraftStore('the store of drafts on SQLite', async () => {
  const opened: SqliteDatabase[] = [];
  let path = '';
  const another = async (limits: DraftLimits) => {
    const database = SqliteDatabase.open(path);
    opened.push(database);
    return new SqliteDraftStore(database, limits);
  };
  const open = async (limits: DraftLimits) => {
    path = join(folder, `${(files += 1)}.db`);
    return another(limits);
  };
  return { open, another, tearDown: async () => void (await Promise.all(opened.map((database) => database.close()))) };
});

describeDraftStore('the store of drafts on Redis', async () => onRedis(await startRedis()));

describeDraftStore('the store of drafts on Redis Cluster', async () => onRedis(await startRedisCluster()));

async function onRedis(server: { readonly url: string; stop(): Promise<void> }): Promise<DraftBackend> {
  const connections: RedisConnection[] = [];
  const connect = async () => {
    const connection = await RedisConnection.open(server.url, PATIENT);
    connections.push(connection);
    return connection;
  };
  const open = async (limits: DraftLimits) => {
    const connection = await connect();
    await connection.run(async (redis) =>
      Promise.all(('nodes' in redis ? redis.nodes('master') : [redis]).map((node) => node.flushall())),
    );
    return new RedisDraftStore(connection, limits);
  };
  const tearDown = async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await server.stop();
  };
  return { open, another: async (limits) => new RedisDraftStore(await connect(), limits), tearDown };
}
