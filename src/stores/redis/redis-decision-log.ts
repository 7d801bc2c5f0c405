import { DecisionLog, type LoggedDecision } from '../decision-log.js';
import type { RedisConnection } from './redis-connection.js';
import type { DecisionKeys } from '../redis-scripts/decision-scripts.js';

/**
 * What is in them stands with the scripts. The braces have the whole name of the list, so that all are in its hash
 * slot.
 */
const KEYS: DecisionKeys = [
  'usher:decision-log',
  'usher:{usher:decision-log}:entries',
  'usher:{usher:decision-log}:index',
];
const [LIST, ENTRIES, INDEX] = KEYS;
/** So many are looked at or written in one step, about a millisecond, in which Redis does nothing else. */
const AT_ONCE = 200;
/** At most this many of the oldest are forgotten for each one appended, so that a lowered limit stalls nobody. */
const TRIM_PER_APPENDED = 5;
/** So many ids of a person go in one command. */
const IDS_AT_ONCE = 100;

/**
 * The log of decisions in Redis, with an index by the id of the visitor. What versions before the index have logged is
 * a list: whoever asks for a person goes through it, until the log has turned over once and it is gone.
 */
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
    for (const some of inSlices(decisions, AT_ONCE)) {
      const parts = some.flatMap((decision) => [JSON.stringify(decision.visitorId), JSON.stringify(decision)]);
      await this.connection.run((redis) =>
        redis.logDecisions(...KEYS, this.keep, TRIM_PER_APPENDED * some.length, ...parts),
      );
    }
  }

  async latest(limit: number): Promise<LoggedDecision[]> {
    const most = Math.max(0, Math.min(limit, this.keep));
    const found: LoggedDecision[] = [];
    const ends = await this.connection.run((redis) => redis.hmget(ENTRIES, 'from', 'to'));
    const [first, last] = [Number(ends[0] ?? 1), Number(ends[1] ?? 0)];
    for (let end = last; found.length < most && end >= first; end -= AT_ONCE) {
      const count = Math.min(AT_ONCE, end - first + 1);
      found.push(...(await this.entries(Array.from({ length: count }, (_one, back) => nameOf(end - back)))));
    }
    for (let passed = 0; found.length < most; passed += AT_ONCE) {
      const texts = await this.connection.run((redis) => redis.lrange(LIST, -passed - AT_ONCE, -passed - 1));
      if (texts.length === 0) break;
      found.push(...texts.toReversed().flatMap((text) => (text === '' ? [] : [JSON.parse(text) as LoggedDecision])));
    }
    return found.slice(0, most);
  }

  async *about(visitorIds: readonly string[]): AsyncGenerator<readonly LoggedDecision[]> {
    const ids = new Set(visitorIds);
    const names: string[] = [];
    for (const some of inSlices([...ids], IDS_AT_ONCE))
      names.push(...(await Promise.all(some.map((id) => this.namesOf(JSON.stringify(id))))).flat());
    for (const some of inSlices(names.sort().reverse(), AT_ONCE))
      yield (await this.entries(some)).filter(({ visitorId }) => ids.has(visitorId));
    const told = new Set<string>();
    for await (const texts of this.search(visitorIds, 'find')) {
      const news = texts.filter((text) => !told.has(text));
      for (const text of news) told.add(text);
      yield news.map((text) => JSON.parse(text) as LoggedDecision);
    }
  }

  async latestAbout(visitorIds: readonly string[], limit: number): Promise<LoggedDecision[]> {
    const ids = new Set(visitorIds);
    if (limit <= 0 || ids.size === 0) return [];
    const names: string[] = [];
    for (const some of inSlices([...ids], IDS_AT_ONCE))
      names.push(...(await Promise.all(some.map((id) => this.latestNamesOf(JSON.stringify(id), limit)))).flat());
    const latest = names.sort().reverse().slice(0, limit);
    if (latest.length === 0) return [];
    return (await this.entries(latest)).filter(({ visitorId }) => ids.has(visitorId));
  }

  async erase(visitorIds: readonly string[]): Promise<number> {
    let all = 0;
    for (const some of inSlices([...new Set(visitorIds)], IDS_AT_ONCE)) {
      const ids = some.map((id) => JSON.stringify(id));
      all += await untilNone(() => this.connection.run((redis) => redis.eraseLogged(...KEYS, AT_ONCE, ...ids)));
    }
    const ofList = new Set<string>();
    for await (const texts of this.search(visitorIds, 'erase')) for (const text of texts) ofList.add(text);
    return all + ofList.size;
  }

  async forgetBefore(instant: number): Promise<number> {
    return this.connection.run((redis) => redis.forgetLogged(...KEYS, AT_ONCE, instant));
  }

  /** The numbers of what was decided for an id, a JSON text, page by page. */
  private async namesOf(id: string): Promise<string[]> {
    const names: string[] = [];
    for (let [from, isMore] = [`[${id}`, true]; isMore;) {
      const members = await this.connection.run((redis) =>
        redis.zrangebylex(INDEX, from, `(${id}:`, 'LIMIT', 0, AT_ONCE),
      );
      for (const member of members) names.push(member.slice(id.length));
      from = `(${members.at(-1) ?? ''}`;
      isMore = members.length === AT_ONCE;
    }
    return names;
  }

  private async latestNamesOf(id: string, limit: number): Promise<string[]> {
    const members = await this.connection.run((redis) =>
      redis.zrevrangebylex(INDEX, `(${id}:`, `[${id}`, 'LIMIT', 0, limit),
    );
    return members.map((member) => member.slice(id.length));
  }

  /** Those that are still there, in the order of their names. */
  private async entries(names: readonly string[]): Promise<LoggedDecision[]> {
    const texts = await this.connection.run((redis) => redis.hmget(ENTRIES, ...names));
    return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as LoggedDecision]));
  }

  /**
   * Goes back from the end of the list, piece by piece: decisions that an earlier version appends meanwhile only make
   * it see some twice, and those trimmed at the beginning are in nobody's way. About a second for a million.
   */
  private async *search(visitorIds: readonly string[], what: 'find' | 'erase'): AsyncGenerator<readonly string[]> {
    const ids = [...new Set(visitorIds)].map((id) => JSON.stringify(id));
    for (let passed = 0; ids.length > 0; passed += AT_ONCE) {
      const [looked, texts] = await this.connection.run((redis) =>
        redis.searchList(LIST, passed, AT_ONCE, what, ...ids),
      );
      if (texts.length > 0) yield texts.toReversed();
      if (looked === 0) break;
    }
  }
}

/** Erases some, again and again until no more are taken; how many were erased. */
async function untilNone(erase: () => Promise<[taken: number, erased: number]>): Promise<number> {
  let all = 0;
  for (;;) {
    const [taken, erased] = await erase();
    if (taken === 0) return all;
    all += erased;
  }
}

/** As the scripts write it: in the order of time as texts too. */
function nameOf(number: number): string {
  return String(number).padStart(16, '0');
}

function inSlices<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_one, slice) =>
    all.slice(slice * size, (slice + 1) * size),
  );
}
