import { DecisionLog, type LoggedDecision } from '../decision-log.js';
import type { RedisConnection } from './redis-connection.js';

/**
 * A list, oldest first: in a stream, what is deleted stays where it was until all its neighbours are gone. An erased
 * decision leaves an empty text, so that nothing else moves.
 */
const LIST = 'usher:decision-log';
/** Redis does nothing else meanwhile. */
const AT_ONCE = 200;

/** The log of decisions in a Redis list. */
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
      await this.connection.run((redis) => redis.appendAll(LIST, this.keep, ...texts.slice(at, at + AT_ONCE)));
    }
  }

  async latest(limit: number): Promise<LoggedDecision[]> {
    const most = Math.min(limit, this.keep);
    const found: LoggedDecision[] = [];
    for (let passed = 0; found.length < most; passed += AT_ONCE) {
      const texts = await this.connection.run((redis) => redis.lrange(LIST, -passed - AT_ONCE, -passed - 1));
      if (texts.length === 0) break;
      found.push(...texts.toReversed().flatMap((text) => (text === '' ? [] : [JSON.parse(text) as LoggedDecision])));
    }
    return found.slice(0, Math.max(0, most));
  }

  async about(visitorIds: readonly string[]): Promise<LoggedDecision[]> {
    const found = new Map<string, LoggedDecision>();
    await this.search(visitorIds, 'find', (text) => found.set(text, JSON.parse(text) as LoggedDecision));
    return [...found.values()];
  }

  async erase(visitorIds: readonly string[]): Promise<number> {
    const found = new Set<string>();
    await this.search(visitorIds, 'erase', (text) => found.add(text));
    return found.size;
  }

  async forgetBefore(instant: number): Promise<number> {
    return this.connection.run((redis) => redis.forgetBefore(LIST, AT_ONCE, instant));
  }

  /**
   * Goes back from the end, piece by piece: decisions that are appended meanwhile only make it see some twice, and
   * those trimmed at the beginning are in nobody's way. About a second for a million.
   */
  private async search(
    visitorIds: readonly string[],
    what: 'find' | 'erase',
    hear: (text: string) => void,
  ): Promise<void> {
    const ids = [...new Set(visitorIds)].map((id) => JSON.stringify(id));
    for (let passed = 0; ids.length > 0; passed += AT_ONCE) {
      const [looked, texts] = await this.connection.run((redis) =>
        redis.searchList(LIST, passed, AT_ONCE, what, ...ids),
      );
      for (const text of texts.toReversed()) hear(text);
      if (looked === 0) break;
    }
  }
}
