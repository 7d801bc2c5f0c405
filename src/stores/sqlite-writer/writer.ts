import { type Asked, commitTogether, type Outcome, refused } from './commit-together.js';
import type { SqliteFile } from './sqlite-file.js';
import { type Writes, writesOn } from './writes.js';

/** Whoever writes to a file. What is asked for is done in the order of asking. */
export interface Writer {
  /** What became of a write once it is committed or refused; rejects where that can't be known. */
  write(asked: Asked): Promise<Outcome>;
  /** What became of {@link cutLog}. */
  scrub(): Promise<Outcome>;
  /** Whether something was asked for and nothing is heard of any more, as of a disk that hangs. */
  isStuck(): boolean;
  /** Resolves when all that was asked for is done. Nothing may be asked for afterwards. */
  end(): Promise<void>;
}

/** Writes at once, over the connection that is read by too. */
export class WriterHere implements Writer {
  private readonly writes: Writes;

  constructor(private readonly file: SqliteFile) {
    this.writes = writesOn(file);
  }

  async write(asked: Asked): Promise<Outcome> {
    return commitTogether(this.file, this.writes, [asked])[0] ?? refused('nothing was done');
  }

  async scrub(): Promise<Outcome> {
    return cutLog(this.file);
  }

  isStuck(): boolean {
    return false;
  }

  async end(): Promise<void> {
    this.file.close();
  }
}

/**
 * Ends what the write-ahead log still holds of values that are no longer in the tables (what is removed from the file
 * itself is overwritten at once). Is refused when other processes are in the way for too long.
 */
export function cutLog(file: SqliteFile): Outcome {
  try {
    const { busy } = file.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() ?? {};
    return busy === 0 ? { value: undefined } : refused('other processes keep the write-ahead log in use');
  } catch (error) {
    return refused(error);
  }
}
