import { type DocumentChange, type StoredDocument, VisitorStore } from '../visitor-store.js';
import { aloneInMemory } from '../sqlite-writer/alone-in-memory.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** Visitors in a SQLite file; what it promises of crashes is said at `SqliteFile`. */
export class SqliteVisitorStore extends VisitorStore {
  private readonly select: Statement;

  /** The database is closed by whoever opened it. */
  constructor(private readonly database: SqliteDatabase) {
    super();
    this.select = database.prepare('SELECT version, document FROM visitors WHERE id = ?');
  }

  async load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    return this.database.run(() => ids.map((id) => this.read(id)));
  }

  async save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    if (changes.length === 0) return [];
    return this.database.write('saveVisitors', changes.map(toBeSent));
  }

  async setAside(id: string, { version }: StoredDocument): Promise<boolean> {
    return this.database.write('setVisitorAside', id, version);
  }

  private read(id: string): StoredDocument | undefined {
    const row = this.select.get(id);
    return row && { version: String(row['version']), document: row['document'] as Uint8Array };
  }
}

function toBeSent(change: DocumentChange): DocumentChange {
  if ('append' in change) return { ...change, append: aloneInMemory(change.append) };
  const { was: _before, document, ...rest } = change;
  return { ...rest, document: document && aloneInMemory(document) };
}
