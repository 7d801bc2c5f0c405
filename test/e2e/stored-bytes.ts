import { readFile } from 'node:fs/promises';
import type * as redisConnection from '../../src/stores/redis/redis-connection.js';
import { PATIENT } from '../redis-server.js';
import { importBuilt } from './built.js';
import type { Service } from './service.js';

const { RedisConnection } = await importBuilt<typeof redisConnection>('./stores/redis/redis-connection.js');

/** Every byte of the store of a service. */
export async function storedBytes(service: Service): Promise<Buffer> {
  if (service.store === 'SQLite')
    return Buffer.concat(await Promise.all(['', '-wal', '-shm'].map((end) => readFile(service.databaseFile + end))));
  await service.redis.ask('CONFIG SET rdbcompression no');
  const connection = await RedisConnection.open(service.redis.url, PATIENT);
  const pieces = await connection.run(async (redis) => {
    const keys = await redis.keys('*');
    const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
    return [...keys.map((key) => Buffer.from(key)), ...dumps.map((dump) => dump ?? Buffer.alloc(0))];
  });
  await connection.close();
  return Buffer.concat(pieces);
}
