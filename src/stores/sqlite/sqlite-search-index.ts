import type { IdsPage } from '../housekeeping.js';
import { type IndexChange, SearchIndex } from '../search-index.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

const PAGE_SIZE = 100;

/** The index of the search in a SQLite file: a table in the order of its keys, and an index of it by id. */
export class SqliteSearchIndex extends SearchIndex {
  private readonly select: Statement;
  private readonly selectKeys: Statement;
  private readonly selectIds: Statement;
  private readonly selectCoverage: Statement;

  /** The database is closed by whoever opened it. */
  constructor(private readonly database: SqliteDatabase) {
    super();
    this.select = database.prepare('SELECT id FROM search_keys WHERE key = ? ORDER BY id LIMIT ?');
    this.selectKeys = database.prepare('SELECT key FROM search_keys WHERE id = ?');
    this.selectIds = database.prepare('SELECT DISTINCT id FROM search_keys WHERE id > ? ORDER BY id LIMIT ?');
    this.selectCoverage = database.prepare('SELECT body FROM search_coverage');
  }

  async find(key: string, limit: number): Promise<readonly string[]> {
    return this.database.run(() => this.select.all(Buffer.from(key, 'hex'), limit).map((row) => String(row['id'])));
  }

  async keysOf(ids: readonly string[]): Promise<(readonly string[])[]> {
    return this.database.run(() => ids.map((id) => this.selectKeys.all(id).map((row) => hexOf(row['key']))));
  }

  async change(change: IndexChange): Promise<void> {
    if (change.put.length + change.take.length > 0) await this.database.write('changeSearchIndex', change);
  }

  async ids(from = ''): Promise<IdsPage> {
    const ids = await this.database.run(() => this.selectIds.all(from, PAGE_SIZE).map((row) => String(row['id'])));
    return { ids, next: ids.length < PAGE_SIZE ? undefined : ids.at(-1) };
  }

  async coverage(): Promise<string | undefined> {
    const row = await this.database.run(() => this.selectCoverage.get());
    return row && String(row['body']);
  }

  async cover(what: string): Promise<void> {
    await this.database.write('coverSearch', what);
  }
}

function hexOf(key: unknown): string {
  return Buffer.from(key as Uint8Array).toString('hex');
}
