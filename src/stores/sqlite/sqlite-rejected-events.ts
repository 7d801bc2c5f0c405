import { eraseEach, firstKept, type RejectedEvent, RejectedEvents, type RejectedLimits } from '../rejected-events.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** The list of refused events in a SQLite file. */
export class SqliteRejectedEvents extends RejectedEvents {
  private readonly put: Statement;
  private readonly trim: Statement;
  private readonly select: Statement;
  private readonly selectOne: Statement;
  private readonly delete: Statement;

  /** The database is closed by whoever opened it. */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly limits: RejectedLimits,
  ) {
    super();
    this.put = database.prepare(
      'INSERT INTO rejected (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
    );
    this.trim = database.prepare(
      'DELETE FROM rejected WHERE id < ? OR id IN (SELECT id FROM rejected ORDER BY id DESC LIMIT -1 OFFSET ?)',
    );
    this.select = database.prepare('SELECT body FROM rejected WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?');
    this.selectOne = database.prepare('SELECT body FROM rejected WHERE id = ? AND id >= ?');
    this.delete = database.prepare('DELETE FROM rejected WHERE id = ?');
  }

  async append(events: readonly RejectedEvent[]): Promise<void> {
    await this.database.transact(() => {
      for (const event of events) this.put.run(event.id, JSON.stringify(event));
      this.trim.run(firstKept(this.limits), this.limits.keep);
    });
  }

  async page(limit: number, before = LAST): Promise<RejectedEvent[]> {
    return this.database.run(() => this.select.all(firstKept(this.limits), before, Math.max(0, limit)).map(read));
  }

  async find(ids: readonly string[]): Promise<RejectedEvent[]> {
    return this.database.run(() => ids.flatMap((id) => this.selectOne.all(id, firstKept(this.limits)).map(read)));
  }

  async remove(ids: readonly string[]): Promise<number> {
    return this.database.transact(() => ids.reduce((sum, id) => sum + Number(this.delete.run(id).changes), 0));
  }

  eraseAbout(ids: readonly string[]): Promise<number> {
    return eraseEach(this, ids);
  }
}

/** Ids are of digits and letters, all of which sort before it. */
const LAST = '~';

function read(row: Record<string, unknown>): RejectedEvent {
  return JSON.parse(String(row['body'])) as RejectedEvent;
}
