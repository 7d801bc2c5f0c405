import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { InvalidSettings, type UsherError } from '../../errors.js';
import { storeFailure } from '../store-failure.js';

/** A prepared statement. */
export type Statement = StatementSync;

const LOCK_WAIT_MS = 2_000;

/** Append only: entry N brings a file from `user_version` N to N + 1. */
const MIGRATIONS = [
  `CREATE TABLE visitors (id TEXT NOT NULL PRIMARY KEY, version TEXT NOT NULL, document BLOB NOT NULL);
   CREATE TABLE decisions (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);`,
  'CREATE TABLE set_aside (id TEXT NOT NULL PRIMARY KEY, document BLOB NOT NULL)',
  'CREATE TABLE rejected (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL)',
  `ALTER TABLE decisions ADD COLUMN visitor_id TEXT NOT NULL DEFAULT '';
   ALTER TABLE decisions ADD COLUMN decided_at INTEGER NOT NULL DEFAULT 0;
   UPDATE decisions SET visitor_id = json_extract(body, '$.visitorId'), decided_at = json_extract(body, '$.decidedAt');
   CREATE INDEX decisions_by_visitor ON decisions (visitor_id);`,
  `CREATE TABLE releases (version INTEGER PRIMARY KEY, summary TEXT NOT NULL, pieces TEXT NOT NULL);
   CREATE TABLE release_pieces (name TEXT NOT NULL PRIMARY KEY, body BLOB NOT NULL);
   CREATE TABLE release_events (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
   CREATE TABLE rollout (one INTEGER PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL);
   CREATE TABLE shadow_counts (version INTEGER NOT NULL, key TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (version, key)) WITHOUT ROWID;
   CREATE TABLE recorded_inputs (seq INTEGER PRIMARY KEY, decided_at INTEGER NOT NULL, visitor_id TEXT NOT NULL, state_key TEXT, body TEXT NOT NULL);
   CREATE INDEX recorded_inputs_by_time ON recorded_inputs (decided_at);
   CREATE INDEX recorded_inputs_by_visitor ON recorded_inputs (visitor_id);
   CREATE INDEX recorded_inputs_by_state ON recorded_inputs (state_key);
   CREATE TABLE recorded_states (key TEXT NOT NULL PRIMARY KEY, id TEXT NOT NULL, document BLOB NOT NULL);
   CREATE INDEX recorded_states_by_id ON recorded_states (id);`,
  'CREATE TABLE erasures (key TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL)',
  `CREATE TABLE recorded_bytes (one INTEGER PRIMARY KEY, bytes INTEGER NOT NULL);
   INSERT INTO recorded_bytes SELECT 1, (SELECT coalesce(sum(length(body)), 0) FROM recorded_inputs)
                                      + (SELECT coalesce(sum(length(document)), 0) FROM recorded_states);
   CREATE TRIGGER recorded_input_came AFTER INSERT ON recorded_inputs
     BEGIN UPDATE recorded_bytes SET bytes = bytes + length(new.body); END;
   CREATE TRIGGER recorded_input_went AFTER DELETE ON recorded_inputs
     BEGIN UPDATE recorded_bytes SET bytes = bytes - length(old.body); END;
   CREATE TRIGGER recorded_state_came AFTER INSERT ON recorded_states
     BEGIN UPDATE recorded_bytes SET bytes = bytes + length(new.document); END;
   CREATE TRIGGER recorded_state_went AFTER DELETE ON recorded_states
     BEGIN UPDATE recorded_bytes SET bytes = bytes - length(old.document); END;`,
];

/** The results of SQLite that say that a write can't be done, whatever is written: READONLY, IOERR and FULL. */
const REFUSALS: ReadonlySet<unknown> = new Set([8, 10, 13]);

/** Larger than most of what is written, and gone when it is done. */
const PROBE = 'CREATE TABLE probe (body BLOB); INSERT INTO probe VALUES (zeroblob(65536)); DROP TABLE probe;';

/**
 * One SQLite file and the only door to `node:sqlite`. Several processes may open the same file: each writes in turn and
 * waits up to two seconds for the others (the wait blocks the process, as every call here does).
 *
 * The journal is a write-ahead log with `synchronous = NORMAL`: what is committed is with the operating system and
 * survives `kill -9` of the process. A power cut may cost the commits since the log was last synced to the disk, the
 * latest ones first, but never breaks the file.
 */
export class SqliteDatabase {
  /** Since a write failed for want of room, until one goes through. */
  private refusesWrites = false;

  private constructor(private readonly database: DatabaseSync) {}

  /**
   * Opens or begins a file, `:memory:` for none. The folder must exist. Throws {@link InvalidSettings} when it can't.
   */
  static open(path: string, lockWaitMs = LOCK_WAIT_MS): SqliteDatabase {
    try {
      const database = new DatabaseSync(path);
      prepareFile(database, path, lockWaitMs);
      return new SqliteDatabase(database);
    } catch (error) {
      throw error instanceof InvalidSettings ? error : cannotOpen(path, error);
    }
  }

  prepare(sql: string): Statement {
    return this.database.prepare(sql);
  }

  /** Runs the work at once; what it throws becomes a rejection with `STORE_UNAVAILABLE`. */
  async run<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      this.refusesWrites ||= isRefusal(error);
      throw storeFailure(`SQLite: ${messageOf(error)}`, error);
    }
  }

  /**
   * As {@link run}, all or nothing. Takes the write lock first, so that nothing read inside can change before the end.
   */
  async transact<T>(work: () => T): Promise<T> {
    const result = await this.run(() => inTransaction(this.database, work));
    this.refusesWrites = false;
    return result;
  }

  /** Resolves while there is room to write. Looks by writing, but only after a write has failed. */
  async tryWrite(): Promise<void> {
    if (this.refusesWrites) await this.transact(() => this.database.exec(PROBE));
  }

  /**
   * Ends what the write-ahead log still holds of values that are no longer in the tables (what is removed from the file
   * itself is overwritten at once). Rejects when other processes are in the way for too long.
   */
  async scrub(): Promise<void> {
    await this.run(() => {
      const outcome = this.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      if (outcome?.['busy'] !== 0)
        throw storeFailure('SQLite: other processes keep the write-ahead log in use', outcome);
    });
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
  // What is removed is overwritten with zeros: an erased person is in no free page.
  database.exec('PRAGMA secure_delete = ON');
  if (versionOf(database) === MIGRATIONS.length) return;
  inTransaction(database, () => migrate(database, path));
}

function migrate(database: DatabaseSync, path: string): void {
  // Read again under the write lock: another process may have done it meanwhile.
  const version = versionOf(database);
  if (version > MIGRATIONS.length) throw fromTheFuture(path);
  for (const statements of MIGRATIONS.slice(version)) database.exec(statements);
  database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

function isRefusal(error: unknown): boolean {
  const { errcode } = error as { readonly errcode?: number };
  // The lowest byte; what is above says more.
  return errcode !== undefined && REFUSALS.has(errcode & 0xff);
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
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
    `can't keep its database in ${path} (${messageOf(error)}). Name a folder that exists and may be written, ` +
    'or restore the file from a backup.';
  return new InvalidSettings([{ path: 'USHER_DATA', message }]);
}

function fromTheFuture(path: string): UsherError {
  const message = `${path} was written by a newer Usher. Start that one, or name another folder.`;
  return new InvalidSettings([{ path: 'USHER_DATA', message }]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
