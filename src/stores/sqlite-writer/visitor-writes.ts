import { nextVersion } from '../next-version.js';
import type { IndexChange } from '../search-index.js';
import type { DocumentAddition, DocumentChange, DocumentReplacement } from '../visitor-store.js';
import type { SqliteFile } from './sqlite-file.js';

/** What is written of visitors' documents. */
export function visitorWrites(file: SqliteFile) {
  const exists = file.prepare('SELECT 1 FROM visitors WHERE id = ?');
  const insert = file.prepare('INSERT INTO visitors (id, version, document) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const update = file.prepare('UPDATE visitors SET version = ?, document = ? WHERE id = ? AND version = ?');
  // What `||` gives is called a text, of the same bytes.
  const extend = file.prepare(
    'UPDATE visitors SET version = ?, document = CAST(document || ? AS BLOB) WHERE id = ? AND version = ?',
  );
  const remove = file.prepare('DELETE FROM visitors WHERE id = ? AND version = ?');
  const keepAside = file.prepare(
    'INSERT OR REPLACE INTO set_aside (id, document) SELECT id, document FROM visitors WHERE id = ? AND version = ?',
  );
  const removeAside = file.prepare('DELETE FROM set_aside WHERE id = ?');

  const compareAndAppend = ({ id, from, append, to = nextVersion() }: DocumentAddition): boolean =>
    Number(extend.run(to, append, id, from).changes) === 1;

  const compareAndSet = ({ id, from, document, to = nextVersion() }: DocumentReplacement): boolean => {
    if (document === undefined)
      return from === undefined ? exists.get(id) === undefined : Number(remove.run(id, from).changes) === 1;
    const { changes } = from === undefined ? insert.run(id, to, document) : update.run(to, document, id, from);
    return Number(changes) === 1;
  };

  return {
    /** As `VisitorStore.save`. */
    saveVisitors: (changes: readonly DocumentChange[]): boolean[] =>
      changes.map((change) => ('append' in change ? compareAndAppend(change) : compareAndSet(change))),
    /** As `VisitorStore.setAside`. */
    setVisitorAside: (id: string, version: string): boolean => {
      keepAside.run(id, version);
      return Number(remove.run(id, version).changes) === 1;
    },
    eraseAsides: (ids: readonly string[]): void => ids.forEach((id) => void removeAside.run(id)),
  };
}

/** What is written of the index by which people are found. */
export function searchWrites(file: SqliteFile) {
  const put = file.prepare('INSERT OR IGNORE INTO search_keys (key, id) VALUES (?, ?)');
  const take = file.prepare('DELETE FROM search_keys WHERE key = ? AND id = ?');
  const cover = file.prepare(
    'INSERT INTO search_coverage (one, body) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET body = excluded.body',
  );
  return {
    /** As `SearchIndex.change`. */
    changeSearchIndex: (change: IndexChange): void => {
      for (const { key, id } of change.put) put.run(Buffer.from(key, 'hex'), id);
      for (const { key, id } of change.take) take.run(Buffer.from(key, 'hex'), id);
    },
    coverSearch: (what: string): void => void cover.run(what),
  };
}
