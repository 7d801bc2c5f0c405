import { type Erasure, Erasures } from '../erasures.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** Who is being erased, in a SQLite file. */
export class SqliteErasures extends Erasures {
  private readonly select: Statement;

  /** The database is closed by whoever opened it. */
  constructor(private readonly database: SqliteDatabase) {
    super();
    this.select = database.prepare('SELECT body FROM erasures');
  }

  async note(erasure: Erasure): Promise<void> {
    await this.database.write('noteErasure', erasure.key, JSON.stringify(erasure));
  }

  async unfinished(): Promise<readonly Erasure[]> {
    return this.database.run(() => this.select.all().map((row) => JSON.parse(String(row['body'])) as Erasure));
  }

  async end(keys: readonly string[]): Promise<void> {
    await this.database.write('endErasures', keys);
  }
}
