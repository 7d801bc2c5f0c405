import { DecisionLog, type LoggedDecision } from './decision-log.js';
import type { RedisConnection } from './redis-connection.js';

const STREAM = 'usher:decisions';
/** Redis does nothing else meanwhile. */
const AT_ONCE = 200;

/** The log of decisions in a Redis stream, which may run over its limit by about a hundred. */
export class RedisDecisionLog extends DecisionLog {
  /** The connection is closed by whoever opened it. */
  constructor(
    private readonly connection: RedisConnection,
    private readonly keep: number,
  ) {
    super();
  }

  async append(decisions: readonly LoggedDecision[]): Promise<void> {
    if (this.keep === 0) return;
    const texts = decisions.map((decision) => JSON.stringify(decision));
    for (let at = 0; at < texts.length; at += AT_ONCE) {
      await this.connection.run((redis) => redis.appendAll(STREAM, this.keep, ...texts.slice(at, at + AT_ONCE)));
    }
  }

  async latest(limit: number): Promise<LoggedDecision[]> {
    const most = Math.min(limit, this.keep);
    if (most <= 0) return [];
    const entries = await this.connection.run((redis) => redis.xrevrange(STREAM, '+', '-', 'COUNT', most));
    return entries.flatMap(([, [, body]]) => (body === undefined ? [] : [JSON.parse(body) as LoggedDecision]));
  }
}
