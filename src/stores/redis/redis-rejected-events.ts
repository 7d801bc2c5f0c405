import type { RedisConnection } from './redis-connection.js';
import { eraseEach, firstKept, type RejectedEvent, RejectedEvents, type RejectedLimits } from '../rejected-events.js';

/** Both in one hash slot: the ids in their order, and the events by id. */
const ORDER = 'usher:{rejected}:order';
const EVENTS = 'usher:{rejected}:events';
/** Redis does nothing else meanwhile. */
const AT_ONCE = 50;

/** The list of refused events in Redis. */
export class RedisRejectedEvents extends RejectedEvents {
  /** The connection is closed by whoever opened it. */
  constructor(
    private readonly connection: RedisConnection,
    private readonly limits: RejectedLimits,
  ) {
    super();
  }

  async append(events: readonly RejectedEvent[]): Promise<void> {
    for (let at = 0; at === 0 || at < events.length; at += AT_ONCE) {
      const pairs = events.slice(at, at + AT_ONCE).flatMap((event) => [event.id, JSON.stringify(event)]);
      await this.connection.run((redis) =>
        redis.keepRejected(ORDER, EVENTS, this.limits.keep, firstKept(this.limits), ...pairs),
      );
    }
  }

  async page(limit: number, before?: string): Promise<RejectedEvent[]> {
    const newest = before === undefined ? '+' : `(${before}`;
    const ids = await this.connection.run((redis) =>
      redis.zrevrangebylex(ORDER, newest, `[${firstKept(this.limits)}`, 'LIMIT', 0, Math.max(0, limit)),
    );
    return this.find(ids);
  }

  async find(ids: readonly string[]): Promise<RejectedEvent[]> {
    const first = firstKept(this.limits);
    const wanted = ids.filter((id) => id >= first);
    if (wanted.length === 0) return [];
    const texts = await this.connection.run((redis) => redis.hmget(EVENTS, ...wanted));
    return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as RejectedEvent]));
  }

  async remove(ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0;
    return this.connection.run((redis) => redis.dropRejected(ORDER, EVENTS, ...ids));
  }

  eraseAbout(ids: readonly string[]): Promise<number> {
    return eraseEach(this, ids);
  }
}
