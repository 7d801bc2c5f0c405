import { DecisionLog, type LoggedDecision } from './decision-log.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** At most this many of the oldest are forgotten for each one appended, so that a lowered limit stalls nobody. */
const TRIM_PER_APPENDED = 10;

/** The log of decisions in a SQLite file. Never shows more than its limit, even while older ones still wait to be trimmed. */
export class SqliteDecisionLog extends DecisionLog {
  private readonly insert: Statement;
  private readonly trim: Statement;
  private readonly select: Statement;

  /** The database is closed by whoever opened it. */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly keep: number,
  ) {
    super();
    this.insert = database.prepare('INSERT INTO decisions (body) VALUES (?)');
    this.trim = database.prepare(
      `DELETE FROM decisions WHERE seq <= (SELECT max(seq) FROM decisions) - ?
                               AND seq < (SELECT min(seq) FROM decisions) + ?`,
    );
    this.select = database.prepare('SELECT body FROM decisions ORDER BY seq DESC LIMIT ?');
  }

  async append(decisions: readonly LoggedDecision[]): Promise<void> {
    if (decisions.length === 0 || this.keep === 0) return;
    await this.database.transact(() => {
      for (const decision of decisions) this.insert.run(JSON.stringify(decision));
      this.trim.run(this.keep, decisions.length * TRIM_PER_APPENDED);
    });
  }

  async latest(limit: number): Promise<LoggedDecision[]> {
    const most = Math.max(0, Math.min(limit, this.keep));
    return this.database.run(() => this.select.all(most).map((row) => JSON.parse(String(row['body'])) as LoggedDecision));
  }
}
