import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { InvalidSettings, type UsherError } from '../../errors.js';
import { messageOf } from './message-of.js';
import { MIGRATIONS } from './migrations.js';

/** A prepared statement. */
export type Statement = StatementSync;

/** How long a connection waits for the writes of other processes. */
export const LOCK_WAIT_MS = 2_000;

/** A write-ahead log that grew beyond this, as somebody read for long, is cut back once it begins anew. */
const LOG_BYTES = 64 * 1024 * 1024;

/**
 * One connection to a SQLite file and the only door to `node:sqlite`. All it does is done when it returns, and it
 * throws what SQLite says.
 *
 * The journal is a write-ahead log with `synchronous = NORMAL`: what is committed is with the operating system and
 * survives `kill -9` of the process. A power cut may cost the commits since the log was last synced to the disk, the
 * latest ones first, but never breaks the file.
 */
export class SqliteFile {
  private constructor(private readonly database: DatabaseSync) {}

  /**
   * Opens or begins a file, `:memory:` for none. The folder must exist. Throws {@link InvalidSettings} when it can't.
   */
  static open(path: string, lockWaitMs = LOCK_WAIT_MS): SqliteFile {
    try {
      const database = new DatabaseSync(path);
      prepareFile(database, path, lockWaitMs);
      return new SqliteFile(database);
    } catch (error) {
      throw error instanceof InvalidSettings ? error : cannotOpen(path, error);
    }
  }

  prepare(sql: string): Statement {
    return this.database.prepare(sql);
  }

  exec(sql: string): void {
    this.database.exec(sql);
  }

  /** Takes the write lock first, so that nothing read before {@link commit} can change until then. */
  begin(): void {
    this.database.exec('BEGIN IMMEDIATE');
  }

  commit(): void {
    this.database.exec('COMMIT');
  }

  /** Never throws. */
  rollBack(): void {
    rollBack(this.database);
  }

  /** Until it is closed. */
  get isOpen(): boolean {
    return this.database.isOpen;
  }

  /** Closing twice is no mistake. */
  close(): void {
    if (this.database.isOpen) this.database.close();
  }
}

function prepareFile(database: DatabaseSync, path: string, lockWaitMs: number): void {
  // First of all, as turning to WAL may itself have to wait for another process that opens the file.
  database.exec(`PRAGMA busy_timeout = ${lockWaitMs}`);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = NORMAL');
  database.exec(`PRAGMA journal_size_limit = ${LOG_BYTES}`);
  // What is removed is overwritten with zeros: an erased person is in no free page.
  database.exec('PRAGMA secure_delete = ON');
  if (versionOf(database) !== MIGRATIONS.length) migrate(database, path);
}

function migrate(database: DatabaseSync, path: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again under the write lock: another process may have done it meanwhile.
    const version = versionOf(database);
    if (version > MIGRATIONS.length) throw fromTheFuture(path);
    for (const statements of MIGRATIONS.slice(version)) database.exec(statements);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite rolls back by itself on some errors, such as a full disk; the first error is the one to tell.
  }
}

function cannotOpen(path: string, error: unknown): UsherError {
  const message =
    `can't keep its database in ${path} (${messageOf(error)}). Name a folder ` +
    'that exists and may be written, or restore the file from a backup.';
  return new InvalidSettings([{ path: 'USHER_DATA', message }]);
}

function fromTheFuture(path: string): UsherError {
  const message = `${path} was written by a newer Usher. Start that one, or name another folder.`;
  return new InvalidSettings([{ path: 'USHER_DATA', message }]);
}
