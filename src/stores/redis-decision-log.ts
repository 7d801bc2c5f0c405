import { DecisionLog, type LoggedDecision } from './decision-log.js';
import type { RedisConnection } from './redis-connection.js';

const STREAM = 'usher:decisions';

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
    await this.connection.run((redis) =>
      Promise.all(
        decisions.map((decision) => redis.xadd(STREAM, 'MAXLEN', '~', this.keep, '*', 'body', JSON.stringify(decision))),
      ),
    );
  }

  async latest(limit: number): Promise<LoggedDecision[]> {
    const most = Math.min(limit, this.keep);
    if (most <= 0) return [];
    const entries = await this.connection.run((redis) => redis.xrevrange(STREAM, '+', '-', 'COUNT', most));
    return entries.flatMap(([, [, body]]) => (body === undefined ? [] : [JSON.parse(body) as LoggedDecision]));
  }
}
