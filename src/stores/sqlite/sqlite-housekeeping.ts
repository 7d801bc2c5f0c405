import { Housekeeping, type IdsPage } from '../housekeeping.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

const PAGE_SIZE = 100;

/** Housekeeping in a SQLite file. */
export class SqliteHousekeeping extends Housekeeping {
  private readonly selectIds: Statement;
  private readonly selectAside: Statement;

  /** The database is closed by whoever opened it. */
  constructor(private readonly database: SqliteDatabase) {
    super();
    this.selectIds = database.prepare('SELECT id FROM visitors WHERE id > ? ORDER BY id LIMIT ?');
    this.selectAside = database.prepare('SELECT document FROM set_aside WHERE id = ?');
  }

  async ids(from = ''): Promise<IdsPage> {
    const ids = await this.database.run(() => this.selectIds.all(from, PAGE_SIZE).map((row) => String(row['id'])));
    return { ids, next: ids.length < PAGE_SIZE ? undefined : ids.at(-1) };
  }

  async asides(ids: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.database.run(() => ids.map((id) => this.selectAside.get(id)?.['document'] as Uint8Array | undefined));
  }

  async eraseAsides(ids: readonly string[]): Promise<void> {
    await this.database.write('eraseAsides', ids);
  }

  scrub(): Promise<void> {
    return this.database.scrub();
  }
}
