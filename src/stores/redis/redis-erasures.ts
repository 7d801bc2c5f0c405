import { type Erasure, Erasures } from '../erasures.js';
import type { RedisConnection } from './redis-connection.js';

/** A hash: by key, the erasure. */
const ERASURES = 'usher:{erasures}';

/** Who is being erased, in Redis. */
export class RedisErasures extends Erasures {
  /** The connection is closed by whoever opened it. */
  constructor(private readonly connection: RedisConnection) {
    super();
  }

  async note(erasure: Erasure): Promise<void> {
    await this.connection.run((redis) => redis.hset(ERASURES, erasure.key, JSON.stringify(erasure)));
  }

  async unfinished(): Promise<readonly Erasure[]> {
    const texts = await this.connection.run((redis) => redis.hvals(ERASURES));
    return texts.map((text) => JSON.parse(text) as Erasure);
  }

  async end(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.connection.run((redis) => redis.hdel(ERASURES, ...keys));
  }
}
