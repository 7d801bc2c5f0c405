import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Redis } from 'ioredis';

const SCAN_COUNT = 1_000;

/**
 * Bytes of all keys of Usher's in a Redis, as `MEMORY USAGE` counts them: the value, the key and what Redis needs to
 * find it.
 */
export async function redisBytes(url: string): Promise<number> {
  const redis = new Redis(url.replace('unix://', ''));
  let bytes = 0;
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', 'usher:*', 'COUNT', SCAN_COUNT);
    const sizes = await Promise.all(keys.map((key) => redis.memory('USAGE', key, 'SAMPLES', 0)));
    bytes += sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    cursor = next;
  } while (cursor !== '0');
  redis.disconnect();
  return bytes;
}

/** Bytes of Usher's SQLite file, once all of the write-ahead log is in it, and what of them its pages in use take. */
export function sqliteBytes(dataDir: string): { readonly file: number; readonly used: number } {
  const path = join(dataDir, 'usher.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const number = (pragma: string) => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  const used = (number('page_count') - number('freelist_count')) * number('page_size');
  database.close();
  return { file: statSync(path).size, used };
}
