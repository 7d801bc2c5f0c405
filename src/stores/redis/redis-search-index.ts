import type { IdsPage } from '../housekeeping.js';
import { type IndexChange, type IndexEntry, SearchIndex } from '../search-index.js';
import type { RedisCommands, RedisConnection } from './redis-connection.js';
import { idsPage } from './redis-housekeeping.js';
import { ALL_FOUND_KEYS, foundKey, idOfFoundKey } from './redis-visitor-keys.js';

/** What is covered. */
const COVERAGE = 'usher:{search}';
/** The bits of a key that say in which of the sorted sets it lies: some 250,000, which stay small and take little. */
const BUCKET_BITS = 18;
/** The bytes of a key that stand in a set: all but those that its bucket tells. */
const KEY_BYTES = 14;

/**
 * The index of the search in Redis. An entry lies in one of many small sorted sets, as the end of its key with the id
 * behind it; and for each id there is a set of its keys, in the hash slot of its document. Who puts an entry notes it
 * there first, and who takes one out does so there last: what is found is noted.
 */
export class RedisSearchIndex extends SearchIndex {
  /** The connection is closed by whoever opened it. */
  constructor(private readonly connection: RedisConnection) {
    super();
  }

  async find(key: string, limit: number): Promise<readonly string[]> {
    const bytes = endOf(key);
    const [from, to] = [Buffer.concat([INCLUDED, bytes]), Buffer.concat([EXCLUDED, bytes, BEYOND_IDS])];
    const members = await this.connection.run((redis) =>
      redis.zrangebylexBuffer(bucketOf(key), from, to, 'LIMIT', 0, limit),
    );
    return members.map((member) => member.toString('utf8', KEY_BYTES));
  }

  async keysOf(ids: readonly string[]): Promise<(readonly string[])[]> {
    const sets = await this.connection.run((redis) => Promise.all(ids.map((id) => redis.smembersBuffer(foundKey(id)))));
    return sets.map((keys) => keys.map((key) => key.toString('hex')));
  }

  async change({ put, take }: IndexChange): Promise<void> {
    if (put.length > 0) {
      await this.each(byId(put), (redis, [id, all]) => redis.sadd(foundKey(id), ...all.map(wholeOf)));
      await this.each(byBucket(put), (redis, [bucket, all]) =>
        redis.zadd(bucket, ...all.flatMap((one): [number, Buffer] => [0, memberOf(one)])),
      );
    }
    if (take.length > 0) {
      await this.each(byBucket(take), (redis, [bucket, all]) => redis.zrem(bucket, ...all.map(memberOf)));
      await this.each(byId(take), (redis, [id, all]) => redis.srem(foundKey(id), ...all.map(wholeOf)));
    }
  }

  /** Goes through the nodes of a Cluster one after the other. */
  ids(from?: string): Promise<IdsPage> {
    return this.connection.run((redis) => idsPage(redis, { pattern: ALL_FOUND_KEYS, idOf: idOfFoundKey, from }));
  }

  async coverage(): Promise<string | undefined> {
    return (await this.connection.run((redis) => redis.get(COVERAGE))) ?? undefined;
  }

  async cover(what: string): Promise<void> {
    await this.connection.run((redis) => redis.set(COVERAGE, what));
  }

  /** All of them leave at once, some hundreds at a time. */
  private async each<T>(all: readonly T[], send: (redis: RedisCommands, one: T) => Promise<unknown>): Promise<void> {
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const some = all.slice(at, at + AT_ONCE);
      await this.connection.run((redis) => Promise.all(some.map((one) => send(redis, one))));
    }
  }
}

/** Commands that are sent without waiting: about a millisecond of Redis. */
const AT_ONCE = 500;
const INCLUDED = Buffer.from('[');
const EXCLUDED = Buffer.from('(');
/** No text in UTF-8 has such a byte. */
const BEYOND_IDS = Buffer.from([0xff]);

function bucketOf(key: string): string {
  return `usher:{search:${(Number.parseInt(key.slice(0, 8), 16) >>> (32 - BUCKET_BITS)).toString(16)}}`;
}

function wholeOf({ key }: IndexEntry): Buffer {
  return Buffer.from(key, 'hex');
}

function endOf(key: string): Buffer {
  return Buffer.from(key, 'hex').subarray(-KEY_BYTES);
}

function memberOf({ key, id }: IndexEntry): Buffer {
  return Buffer.concat([endOf(key), Buffer.from(id)]);
}

function byId(entries: readonly IndexEntry[]): [string, IndexEntry[]][] {
  return [...Map.groupBy(entries, ({ id }) => id)];
}

/** Of a bucket not so many at once that Redis does nothing else. */
function byBucket(entries: readonly IndexEntry[]): [string, IndexEntry[]][] {
  const buckets = [...Map.groupBy(entries, ({ key }) => bucketOf(key))];
  return buckets.flatMap(([bucket, all]) =>
    Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, page): [string, IndexEntry[]] => [
      bucket,
      all.slice(page * AT_ONCE, (page + 1) * AT_ONCE),
    ]),
  );
}
