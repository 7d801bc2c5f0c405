import { StoreConnection } from '../store-connection.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** The file that all stores on SQLite share. */
export class SqliteConnection extends StoreConnection {
  private readonly select: Statement;

  constructor(private readonly database: SqliteDatabase) {
    super();
    // A table, not a bare value: it is the file that must answer.
    this.select = database.prepare('SELECT 1 FROM visitors LIMIT 1');
  }

  async ping(): Promise<void> {
    await this.database.run(() => this.select.get());
  }

  tryWrite(): Promise<void> {
    return this.database.tryWrite();
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
