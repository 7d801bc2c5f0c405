import { Housekeeping, type IdsPage } from '../housekeeping.js';
import type { RedisCommands, RedisConnection } from './redis-connection.js';
import { ALL_VISITOR_KEYS, asideKey, idOfVisitorKey } from './redis-visitor-keys.js';

const PAGE_SIZE = 100;

/** Housekeeping in Redis. */
export class RedisHousekeeping extends Housekeeping {
  /** The connection is closed by whoever opened it. */
  constructor(private readonly connection: RedisConnection) {
    super();
  }

  /** Goes through the nodes of a Cluster one after the other. */
  ids(from?: string): Promise<IdsPage> {
    return this.connection.run((redis) => idsPage(redis, { pattern: ALL_VISITOR_KEYS, idOf: idOfVisitorKey, from }));
  }

  async asides(ids: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const values = await this.connection.run((redis) => Promise.all(ids.map((id) => redis.getBuffer(asideKey(id)))));
    return values.map((value) => value?.subarray(value.indexOf(' ') + 1));
  }

  async eraseAsides(ids: readonly string[]): Promise<void> {
    await this.connection.run((redis) => Promise.all(ids.map((id) => redis.del(asideKey(id)))));
  }

  /** A removed value leaves the memory of Redis at once; what of it is in files is for Redis to rewrite. */
  async scrub(): Promise<void> {
    // Nothing is left to do here.
  }
}

/** Which keys are walked through, and where a page begins. */
export interface KeyWalk {
  readonly pattern: string;
  readonly idOf: (key: string) => string;
  /** The number of the node and its cursor, as `next` of the page before has them. */
  readonly from: string | undefined;
}

/** The ids of about a hundred keys. */
export async function idsPage(redis: RedisCommands, { pattern, idOf, from = '0:0' }: KeyWalk): Promise<IdsPage> {
  const [node = '0', cursor = '0'] = from.split(':');
  const number = Number(node);
  const nodes = nodesOf(redis);
  const [nextCursor, keys] = (await nodes[number]?.scan(cursor, 'MATCH', pattern, 'COUNT', PAGE_SIZE)) ?? ['0', []];
  const next =
    nextCursor !== '0' ? `${number}:${nextCursor}` : number + 1 < nodes.length ? `${number + 1}:0` : undefined;
  return { ids: keys.map(idOf), next };
}

function nodesOf(redis: RedisCommands) {
  return 'nodes' in redis ? redis.nodes('master') : [redis];
}
