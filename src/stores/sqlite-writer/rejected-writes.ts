import type { SqliteFile } from './sqlite-file.js';

/** A refused event as it lies in the list. */
export type RejectedRow = readonly [id: string, body: string];

/** What is written of refused events, and of who is being erased. */
export function rejectedWrites(file: SqliteFile) {
  const put = file.prepare(
    'INSERT INTO rejected (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
  );
  const trim = file.prepare(
    'DELETE FROM rejected WHERE id < ? OR id IN (SELECT id FROM rejected ORDER BY id DESC LIMIT -1 OFFSET ?)',
  );
  const remove = file.prepare('DELETE FROM rejected WHERE id = ?');
  const noteErasure = file.prepare('INSERT OR REPLACE INTO erasures (key, body) VALUES (?, ?)');
  const endErasure = file.prepare('DELETE FROM erasures WHERE key = ?');
  return {
    /** Of which those from an id on are kept, and at most so many. */
    keepRejected: (rows: readonly RejectedRow[], firstKept: string, keep: number): void => {
      for (const row of rows) put.run(...row);
      trim.run(firstKept, keep);
    },
    /** How many there were. */
    removeRejected: (ids: readonly string[]): number =>
      ids.reduce((sum, id) => sum + Number(remove.run(id).changes), 0),
    noteErasure: (key: string, body: string): void => void noteErasure.run(key, body),
    endErasures: (keys: readonly string[]): void => keys.forEach((key) => void endErasure.run(key)),
  };
}
