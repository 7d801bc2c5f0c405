import { eraseEach, firstKept, type RejectedEvent, RejectedEvents, type RejectedLimits } from '../rejected-events.js';
import type { RejectedRow } from '../sqlite-writer/rejected-writes.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** The list of refused events in a SQLite file. */
export class SqliteRejectedEvents extends RejectedEvents {
  private readonly select: Statement;
  private readonly selectOne: Statement;

  /** The database is closed by whoever opened it. */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly limits: RejectedLimits,
  ) {
    super();
    this.select = database.prepare('SELECT body FROM rejected WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?');
    this.selectOne = database.prepare('SELECT body FROM rejected WHERE id = ? AND id >= ?');
  }

  async append(events: readonly RejectedEvent[]): Promise<void> {
    const rows = events.map((event): RejectedRow => [event.id, JSON.stringify(event)]);
    await this.database.write('keepRejected', rows, firstKept(this.limits), this.limits.keep);
  }

  async page(limit: number, before = LAST): Promise<RejectedEvent[]> {
    return this.database.run(() => this.select.all(firstKept(this.limits), before, Math.max(0, limit)).map(read));
  }

  async find(ids: readonly string[]): Promise<RejectedEvent[]> {
    return this.database.run(() => ids.flatMap((id) => this.selectOne.all(id, firstKept(this.limits)).map(read)));
  }

  async remove(ids: readonly string[]): Promise<number> {
    return this.database.write('removeRejected', ids);
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
