import type { SqliteFile } from './sqlite-file.js';

/** As many as SQLite itself waits for. */
const PAGES = 1_000;
/** When SQLite does it inside of a commit after all, as that is the last chance. */
const PAGES_AT_COMMIT = 16_000;

/**
 * Has the write-ahead log brought into the file when nobody waits: after the answers, not inside of a commit as SQLite
 * would. What is given back is called whenever that may be due. Readers are never in the way of it and never wait;
 * what one of them still needs stays in the log until the next time.
 */
export function keepLogShort(file: SqliteFile): () => void {
  file.exec(`PRAGMA wal_autocheckpoint = ${PAGES_AT_COMMIT}`);
  const look = file.prepare('PRAGMA wal_checkpoint(NOOP)');
  const bringIn = file.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  return () => {
    try {
      const { log, checkpointed } = look.get() ?? {};
      if (Number(log) - Number(checkpointed) >= PAGES) bringIn.get();
    } catch {
      // The disk is full or broken: the next write says so, and the log holds all until then.
    }
  };
}
