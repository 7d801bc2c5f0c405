import { nextVersion } from '../next-version.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';
import {
  type DocumentAddition,
  type DocumentChange,
  type DocumentReplacement,
  type StoredDocument,
  VisitorStore,
} from '../visitor-store.js';

/** Visitors in a SQLite file; what it promises of crashes is said at {@link SqliteDatabase}. */
export class SqliteVisitorStore extends VisitorStore {
  private readonly select: Statement;
  private readonly insert: Statement;
  private readonly update: Statement;
  private readonly append: Statement;
  private readonly remove: Statement;
  private readonly keepAside: Statement;

  constructor(private readonly database: SqliteDatabase) {
    super();
    this.select = database.prepare('SELECT version, document FROM visitors WHERE id = ?');
    this.insert = database.prepare(
      'INSERT INTO visitors (id, version, document) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.update = database.prepare('UPDATE visitors SET version = ?, document = ? WHERE id = ? AND version = ?');
    // What `||` gives is called a text, of the same bytes.
    this.append = database.prepare(
      'UPDATE visitors SET version = ?, document = CAST(document || ? AS BLOB) WHERE id = ? AND version = ?',
    );
    this.remove = database.prepare('DELETE FROM visitors WHERE id = ? AND version = ?');
    this.keepAside = database.prepare(
      'INSERT OR REPLACE INTO set_aside (id, document) SELECT id, document FROM visitors WHERE id = ? AND version = ?',
    );
  }

  async load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    return this.database.run(() => ids.map((id) => this.read(id)));
  }

  async save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    if (changes.length === 0) return [];
    return this.database.transact(() => changes.map((change) => this.apply(change)));
  }

  async setAside(id: string, { version }: StoredDocument): Promise<boolean> {
    return this.database.transact(() => {
      this.keepAside.run(id, version);
      return Number(this.remove.run(id, version).changes) === 1;
    });
  }

  private read(id: string): StoredDocument | undefined {
    const row = this.select.get(id);
    return row && { version: String(row['version']), document: row['document'] as Uint8Array };
  }

  private apply(change: DocumentChange): boolean {
    if ('append' in change) return this.compareAndAppend(change);
    return this.compareAndSet(change);
  }

  private compareAndAppend({ id, from, append, to = nextVersion() }: DocumentAddition): boolean {
    return Number(this.append.run(to, append, id, from).changes) === 1;
  }

  private compareAndSet({ id, from, document, to = nextVersion() }: DocumentReplacement): boolean {
    if (document === undefined)
      return from === undefined ? this.read(id) === undefined : Number(this.remove.run(id, from).changes) === 1;
    const { changes } =
      from === undefined ? this.insert.run(id, to, document) : this.update.run(to, document, id, from);
    return Number(changes) === 1;
  }
}
