import { type Erasure, Erasures } from '../erasures.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** Who is being erased, in a SQLite file. */
export class SqliteErasures extends Erasures {
  private readonly insert: Statement;
  private readonly select: Statement;
  private readonly remove: Statement;

  /** The database is closed by whoever opened it. */
  constructor(private readonly database: SqliteDatabase) {
    super();
    this.insert = database.prepare('INSERT OR REPLACE INTO erasures (key, body) VALUES (?, ?)');
    this.select = database.prepare('SELECT body FROM erasures');
    this.remove = database.prepare('DELETE FROM erasures WHERE key = ?');
  }

  async note(erasure: Erasure): Promise<void> {
    await this.database.transact(() => this.insert.run(erasure.key, JSON.stringify(erasure)));
  }

  async unfinished(): Promise<readonly Erasure[]> {
    return this.database.run(() => this.select.all().map((row) => JSON.parse(String(row['body'])) as Erasure));
  }

  async end(keys: readonly string[]): Promise<void> {
    await this.database.transact(() => keys.forEach((key) => this.remove.run(key)));
  }
}
