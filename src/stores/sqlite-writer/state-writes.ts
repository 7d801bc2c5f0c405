import type { VisitorState } from '../recorded-inputs.js';
import type { NamedState } from './block-writes.js';
import type { SqliteFile } from './sqlite-file.js';

/**
 * How the states that recorded inputs need are written: each once, with the number of blocks that name it. One goes
 * with the last of them.
 */
export class StateWrites {
  private readonly statements: ReturnType<typeof prepareAll>;

  constructor(file: SqliteFile) {
    this.statements = prepareAll(file);
  }

  /** Of the states of these keys those that are there. */
  named(keys: readonly string[]): NamedState[] {
    return keys.flatMap((key) => {
      const row = this.statements.select.get(key);
      return row ? { seq: Number(row['seq']), key, id: JSON.parse(String(row['id'])) as string } : [];
    });
  }

  /** Puts a state, which no block names yet; undefined where it is there already. */
  put({ key, id, document }: VisitorState): NamedState | undefined {
    // As JSON, in which half a character is kept that is none in UTF-8.
    const row = this.statements.insert.get(key, JSON.stringify(id));
    if (!row) return undefined;
    const seq = Number(row['seq']);
    this.statements.insertDocument.run(seq, document);
    return { seq, key, id };
  }

  /** One block more names each of these. */
  use(seqs: readonly number[]): void {
    for (const seq of seqs) this.statements.use.run(seq);
  }

  /** One block less names each of these; of how many bytes those were that no block names now, and that went. */
  release(seqs: readonly number[]): number {
    return seqs.reduce((sum, seq) => sum + this.releaseOne(seq), 0);
  }

  /** Notes that a block names states that are not there, in place of those that it was said to. */
  await(block: number, keys: readonly string[]): void {
    this.statements.stopAwaiting.run(block);
    this.alsoAwait(block, keys);
  }

  /** Notes that a block names states as well that are not there. */
  alsoAwait(block: number, keys: readonly string[]): void {
    for (const key of keys) this.statements.await.run(key, block);
  }

  /** Whether any block names a state which is not there: seldom. */
  isAnyAwaited(): boolean {
    return this.statements.anyAwaited.get() !== undefined;
  }

  /** The blocks that name a state which is not there. */
  awaiting(key: string): number[] {
    return this.statements.awaiting.all(key).map((row) => Number(row['block']));
  }

  /** It came. */
  arrived(key: string): void {
    this.statements.arrived.run(key);
  }

  private releaseOne(seq: number): number {
    if (Number(this.statements.release.get(seq)?.['uses'] ?? 1) > 0) return 0;
    this.statements.remove.run(seq);
    return Number(this.statements.removeDocument.get(seq)?.['bytes'] ?? 0);
  }
}

function prepareAll(file: SqliteFile) {
  return {
    select: file.prepare('SELECT seq, id FROM recorded_keys WHERE key = ?'),
    insert: file.prepare(
      'INSERT INTO recorded_keys (key, id, uses) VALUES (?, ?, 0) ON CONFLICT DO NOTHING RETURNING seq',
    ),
    insertDocument: file.prepare('INSERT INTO recorded_documents (seq, document) VALUES (?, ?)'),
    use: file.prepare('UPDATE recorded_keys SET uses = uses + 1 WHERE seq = ?'),
    release: file.prepare('UPDATE recorded_keys SET uses = uses - 1 WHERE seq = ? RETURNING uses'),
    remove: file.prepare('DELETE FROM recorded_keys WHERE seq = ?'),
    removeDocument: file.prepare('DELETE FROM recorded_documents WHERE seq = ? RETURNING length(document) AS bytes'),
    await: file.prepare('INSERT OR IGNORE INTO recorded_awaited (key, block) VALUES (?, ?)'),
    anyAwaited: file.prepare('SELECT 1 FROM recorded_awaited LIMIT 1'),
    awaiting: file.prepare('SELECT block FROM recorded_awaited WHERE key = ?'),
    arrived: file.prepare('DELETE FROM recorded_awaited WHERE key = ?'),
    stopAwaiting: file.prepare('DELETE FROM recorded_awaited WHERE block = ?'),
  };
}
