import type { WatchOutages } from '../outage-watch.js';
import type { Asked, Outcome } from '../sqlite-writer/commit-together.js';
import { LOCK_WAIT_MS, SqliteFile, type Statement } from '../sqlite-writer/sqlite-file.js';
import { WriterAside, WriterEnded } from '../sqlite-writer/writer-aside.js';
import { messageOf } from '../sqlite-writer/message-of.js';
import { type Writer, WriterHere } from '../sqlite-writer/writer.js';
import type { WriteArguments, WriteName, Written } from '../sqlite-writer/writes.js';
import { storeFailure } from '../store-failure.js';

export type { Statement } from '../sqlite-writer/sqlite-file.js';

/** How a database is opened. */
export interface DatabaseOptions {
  /** How long it waits for the writes of other processes. */
  readonly lockWaitMs?: number;
  /** The program of the thread that is to write; without one, who asks for a write does it. */
  readonly thread?: URL | undefined;
  /** Hears when that thread has ended against our will, and when another does its work. */
  readonly watch?: WatchOutages;
}

/** The results of SQLite that say that a write can't be done, whatever is written: READONLY, IOERR and FULL. */
const REFUSALS: ReadonlySet<unknown> = new Set([8, 10, 13]);

/**
 * One SQLite file: read here and written by a {@link Writer}, in a thread where there is to be one. What was written is
 * read as soon as its promise has resolved. Several processes may open the same file: each writes in turn and waits up
 * to two seconds for the others, which with a thread holds nobody else here. What a crash may cost is said at
 * {@link SqliteFile}.
 */
export class SqliteDatabase {
  /** Since a write failed for want of room, until one goes through. */
  private refusesWrites = false;

  private constructor(
    private readonly file: SqliteFile,
    private readonly writer: Writer,
  ) {}

  /**
   * Opens or begins a file, `:memory:` for none, which takes no thread. The folder must exist. Throws `InvalidSettings`
   * when it can't.
   */
  static open(path: string, { lockWaitMs = LOCK_WAIT_MS, thread, watch = {} }: DatabaseOptions = {}): SqliteDatabase {
    const file = SqliteFile.open(path, lockWaitMs);
    if (thread === undefined) return new SqliteDatabase(file, new WriterHere(file));
    file.exec('PRAGMA query_only = ON');
    const writer = new WriterAside({ program: thread, path, lockWaitMs, watch });
    writer.start();
    return new SqliteDatabase(file, writer);
  }

  /** A statement that reads. */
  prepare(sql: string): Statement {
    return this.file.prepare(sql);
  }

  /** Reads at once; what the work throws becomes a rejection with `STORE_UNAVAILABLE`. */
  async run<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      return this.fail(error);
    }
  }

  /**
   * Does one of the writes, all of it or nothing, in the order in which they are asked for. Once the promise resolves
   * it is committed; it rejects with `STORE_UNAVAILABLE`.
   */
  async write<Name extends WriteName>(name: Name, ...given: WriteArguments<Name>): Promise<Written<Name>> {
    const value = await this.outcome(() => this.writer.write([name, ...given] satisfies Asked));
    this.refusesWrites = false;
    return value as Written<Name>;
  }

  /** Resolves while what is asked for is written. Looks by writing, but only after a write has failed. */
  async tryWrite(): Promise<void> {
    if (this.writer.isStuck()) throw storeFailure('SQLite: what is written does not come to an end', undefined);
    if (this.refusesWrites) await this.write('probe');
  }

  /**
   * Ends what the write-ahead log still holds of values that are no longer in the tables. Rejects when other processes
   * are in the way for too long.
   */
  async scrub(): Promise<void> {
    await this.outcome(() => this.writer.scrub());
  }

  /** Until it is closed. */
  get isOpen(): boolean {
    return this.file.isOpen;
  }

  /**
   * Nothing is read or asked for any more; resolves when all that was asked for before is written. Closing twice is no
   * mistake.
   */
  async close(): Promise<void> {
    if (!this.file.isOpen) return;
    // First, so that the writer is the last to close the file: what is then left to be done is not done here.
    this.file.close();
    await this.writer.end();
  }

  private async outcome(ask: () => Promise<Outcome>): Promise<unknown> {
    if (!this.file.isOpen) throw storeFailure('SQLite: the database is closed', undefined);
    const outcome = await ask().catch((error: unknown) => this.fail(error));
    if ('message' in outcome) this.fail(outcome);
    return outcome.value;
  }

  private fail(error: unknown): never {
    this.refusesWrites ||= isRefusal(error);
    throw storeFailure(`SQLite: ${messageOf(error)}`, error);
  }
}

function isRefusal(error: unknown): boolean {
  const { errcode } = error as { readonly errcode?: number };
  // The lowest byte; what is above says more.
  return error instanceof WriterEnded || (errcode !== undefined && REFUSALS.has(errcode & 0xff));
}
