import { setImmediate as nextTurn } from 'node:timers/promises';
import { DecisionLog, type LoggedDecision } from '../decision-log.js';
import { untilDone } from '../recorded-inputs.js';
import type { DecisionRow } from '../sqlite-writer/decision-writes.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

const FORGET_AT_ONCE = 1_000;
/** So many of a person are read or erased in one step, a few milliseconds, in which nobody else is served. */
const OF_PERSON_AT_ONCE = 200;
const PLACES_AT_ONCE = 2_000;

/**
 * The log of decisions in a SQLite file. Never shows more than its limit, even while older ones still wait to be
 * trimmed.
 */
export class SqliteDecisionLog extends DecisionLog {
  private readonly select: Statement;
  private readonly selectAbout: Statement;
  private readonly selectOne: Statement;

  /** The database is closed by whoever opened it. */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly keep: number,
  ) {
    super();
    this.select = database.prepare('SELECT body FROM decisions ORDER BY seq DESC LIMIT ?');
    this.selectAbout = database.prepare(
      'SELECT seq FROM decisions WHERE visitor_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
    );
    this.selectOne = database.prepare('SELECT body FROM decisions WHERE seq = ?');
  }

  async append(decisions: readonly LoggedDecision[]): Promise<void> {
    if (decisions.length === 0 || this.keep === 0) return;
    const rows = decisions.map((one): DecisionRow => [JSON.stringify(one), one.visitorId, one.decidedAt]);
    await this.database.write('logDecisions', rows, this.keep);
  }

  async latest(limit: number): Promise<LoggedDecision[]> {
    const most = Math.max(0, Math.min(limit, this.keep));
    return this.database.run(() => this.select.all(most).map(read));
  }

  async *about(visitorIds: readonly string[]): AsyncGenerator<readonly LoggedDecision[]> {
    const places: number[] = [];
    for (const id of distinct(visitorIds)) for await (const some of this.placesOf(id)) places.push(...some);
    places.sort((a, b) => b - a);
    for (let at = 0; at < places.length; at += OF_PERSON_AT_ONCE) {
      const some = places.slice(at, at + OF_PERSON_AT_ONCE);
      // Those that were forgotten meanwhile are gone.
      yield await this.database.run(() => some.flatMap((seq) => this.selectOne.all(seq).map(read)));
      await nextTurn();
    }
  }

  private async *placesOf(id: string): AsyncGenerator<readonly number[]> {
    for (let [before, isMore] = [Number.MAX_SAFE_INTEGER, true]; isMore;) {
      const rows = await this.database.run(() => this.selectAbout.all(id, before, PLACES_AT_ONCE));
      const places = rows.map((row) => Number(row['seq']));
      yield places;
      isMore = rows.length === PLACES_AT_ONCE;
      before = places.at(-1) ?? 0;
      await nextTurn();
    }
  }

  async erase(visitorIds: readonly string[]): Promise<number> {
    let erased = 0;
    for (const id of distinct(visitorIds))
      erased += await untilDone(() => this.database.write('eraseDecisions', id, OF_PERSON_AT_ONCE));
    return erased;
  }

  async forgetBefore(instant: number): Promise<number> {
    return this.database.write('forgetDecisions', FORGET_AT_ONCE, instant);
  }
}

function read(row: Record<string, unknown>): LoggedDecision {
  return JSON.parse(String(row['body'])) as LoggedDecision;
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
