import { nextVersion } from '../next-version.js';
import { GatheredReads } from './gathered-reads.js';
import type { RedisCommands, RedisConnection } from './redis-connection.js';
import { asideKey, visitorKey } from './redis-visitor-keys.js';
import {
  type DocumentAddition,
  type DocumentChange,
  type DocumentReplacement,
  type StoredDocument,
  VisitorStore,
} from '../visitor-store.js';

/** So many keys of one command at most: what it costs a client is shared, and others don't wait long for Redis. */
const AT_ONCE = 64;

/**
 * Visitors in Redis, each in one string: its version, a space, its document. What is saved survives the death of this
 * process; whether it survives the death of Redis is for its persistence and replication to say.
 */
export class RedisVisitorStore extends VisitorStore {
  private readonly reads: GatheredReads;

  constructor(private readonly connection: RedisConnection) {
    super();
    this.reads = new GatheredReads({
      readPage: (keys) => this.readNow(keys),
      pageSize: AT_ONCE,
      atEndOfTurn: (send) => connection.atEndOfTurn(send),
    });
  }

  override partOf(id: string): string | undefined {
    return this.connection.nodeOf(visitorKey(id));
  }

  async load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    const keys = ids.map(visitorKey);
    const [key] = keys;
    // A node of a Cluster that is away must not keep those of the others, and who asks for many gathers them already.
    if (keys.length !== 1 || key === undefined || this.connection.isCluster)
      return (await this.readNow(keys)).map(documentIn);
    return [documentIn(await this.reads.read(key))];
  }

  private readNow(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return this.connection.run((redis) => readAll(redis, keys));
  }

  /** When it rejects, some of the changes may have been stored. */
  async save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    return this.connection.run(async (redis) => {
      const runs = runsOf(changes, redis.isCluster ? 1 : AT_ONCE).map((run) =>
        Array.isArray(run) ? appendAll(redis, run) : replace(redis, run),
      );
      return (await Promise.all(runs)).flat();
    });
  }

  async setAside(id: string, { version }: StoredDocument): Promise<boolean> {
    return (await this.connection.run((redis) => redis.setAside(visitorKey(id), asideKey(id), version))) === 1;
  }
}

/** In a Cluster a command for each, as each may be on another node. */
async function readAll(redis: RedisCommands, keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
  const size = redis.isCluster ? 1 : AT_ONCE;
  if (keys.length <= size) return readPage(redis, keys);
  return (await Promise.all(pagesOf(keys, size).map((page) => readPage(redis, page)))).flat();
}

async function readPage(redis: RedisCommands, keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
  const [key] = keys;
  if (key === undefined) return [];
  return keys.length === 1 ? [await redis.getBuffer(key)] : redis.mgetBuffer([...keys]);
}

/**
 * The changes in their order, additions that follow each other as lists. What leaves in one turn of the event loop
 * arrives in its order.
 */
function runsOf(changes: readonly DocumentChange[], most: number): (DocumentReplacement | DocumentAddition[])[] {
  const runs: (DocumentReplacement | DocumentAddition[])[] = [];
  for (const change of changes) {
    const run = runs.at(-1);
    if (!('append' in change)) runs.push(change);
    else if (Array.isArray(run) && run.length < most) run.push(change);
    else runs.push([change]);
  }
  return runs;
}

async function replace(redis: RedisCommands, { id, from = '', document, to }: DocumentReplacement): Promise<boolean[]> {
  return [(await redis.compareAndSet(visitorKey(id), from, ...(document ? [valueOf(document, to)] : []))) === 1];
}

async function appendAll(redis: RedisCommands, additions: readonly DocumentAddition[]): Promise<boolean[]> {
  const keys = additions.map(({ id }) => visitorKey(id));
  const done = await redis.compareAndAppend(
    keys.length,
    ...keys,
    ...additions.flatMap(({ from, append, to = nextVersion() }) => [from, to, append]),
  );
  return done.map((one) => one === 1);
}

function pagesOf<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, page) => all.slice(page * size, (page + 1) * size));
}

function valueOf(document: Uint8Array, version = nextVersion()): Buffer {
  return Buffer.concat([Buffer.from(`${version} `), document]);
}

function documentIn(value: Buffer | null): StoredDocument | undefined {
  if (value === null) return undefined;
  const end = value.indexOf(' ');
  return { version: value.toString('latin1', 0, end), document: value.subarray(end + 1) };
}
