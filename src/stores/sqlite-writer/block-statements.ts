import type { SqliteFile } from './sqlite-file.js';

/** Of which record blocks are: the names of their tables begin with it. */
export type BlockKind = 'decision' | 'recorded';

/** What is known of a block without its body. */
export interface Span {
  readonly seq: number;
  readonly count: number;
  readonly first_at: number;
  readonly last_at: number;
  readonly length: number;
  readonly ids: Uint8Array;
  readonly states: Uint8Array;
}

/** What is asked of the tables of one record. */
export function blockStatements(file: SqliteFile, kind: BlockKind) {
  const next = `SELECT next FROM block_counts WHERE kind = '${kind}'`;
  const columns = 'seq, count, first_at, last_at, length, ids, states';
  const values = 'count = ?, first_at = ?, last_at = ?, length = ?, ids = ?, states = ?';
  return {
    grow: file.prepare(`UPDATE block_counts SET next = next + ?, bytes = bytes + ? WHERE kind = '${kind}'`),
    moved: file.prepare(`UPDATE block_counts SET moved = moved + ? WHERE kind = '${kind}' RETURNING moved`),
    next: file.prepare(next),
    first: file.prepare(`SELECT seq + count AS end, (${next}) AS next FROM ${kind}_spans ORDER BY seq LIMIT 1`),
    body: file.prepare(`SELECT body FROM ${kind}_blocks WHERE seq = ?`),
    insertBody: file.prepare(`INSERT INTO ${kind}_blocks (seq, body) VALUES (?, ?)`),
    extendBody: file.prepare(`UPDATE ${kind}_blocks SET body = body || char(10) || ? WHERE seq = ?`),
    updateBody: file.prepare(`UPDATE ${kind}_blocks SET body = ? WHERE seq = ?`),
    deleteBody: file.prepare(`DELETE FROM ${kind}_blocks WHERE seq = ?`),
    span: file.prepare(`SELECT ${columns} FROM ${kind}_spans WHERE seq = ?`),
    firstSpan: file.prepare(`SELECT ${columns} FROM ${kind}_spans ORDER BY seq LIMIT 1`),
    lastSpan: file.prepare(`SELECT ${columns}, (${next}) AS next FROM ${kind}_spans ORDER BY seq DESC LIMIT 1`),
    insertSpan: file.prepare(`INSERT INTO ${kind}_spans (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`),
    updateSpan: file.prepare(`UPDATE ${kind}_spans SET ${values} WHERE seq = ?`),
    nameState: file.prepare(`UPDATE ${kind}_spans SET ids = ?, states = ? WHERE seq = ?`),
    deleteSpan: file.prepare(`DELETE FROM ${kind}_spans WHERE seq = ?`),
    begunBefore: file.prepare(`SELECT seq FROM ${kind}_spans WHERE first_at < ? ORDER BY first_at LIMIT ?`),
  };
}
