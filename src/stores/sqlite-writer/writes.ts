import { decisionWrites } from './decision-writes.js';
import { figureWrites, limitWrites } from './limit-writes.js';
import { recordedWrites } from './recorded-writes.js';
import { rejectedWrites } from './rejected-writes.js';
import { draftWrites, releaseWrites } from './release-writes.js';
import type { SqliteFile } from './sqlite-file.js';
import { searchWrites, visitorWrites } from './visitor-writes.js';

/** Larger than most of what is written, and gone when it is done. */
const PROBE = 'CREATE TABLE probe (body BLOB); INSERT INTO probe VALUES (zeroblob(65536)); DROP TABLE probe;';

/**
 * All that is ever written to a file, each by its name. A write is called inside a transaction, perhaps more than once,
 * of which one is committed at most. What it is given and gives back can be sent from thread to thread: texts, numbers,
 * bytes, and lists, maps and objects of them.
 */
export function writesOn(file: SqliteFile) {
  return {
    ...visitorWrites(file),
    ...searchWrites(file),
    ...decisionWrites(file),
    ...recordedWrites(file),
    ...rejectedWrites(file),
    ...releaseWrites(file),
    ...draftWrites(file),
    ...limitWrites(file),
    ...figureWrites(file),
    /** Throws where nothing can be written. */
    probe: (): void => file.exec(PROBE),
  };
}

/** What {@link writesOn} gives. */
export type Writes = ReturnType<typeof writesOn>;

/** The name of a write. */
export type WriteName = keyof Writes;

/** What a write is given. */
export type WriteArguments<Name extends WriteName> = Parameters<Writes[Name]>;

/** What a write gives back. */
export type Written<Name extends WriteName> = ReturnType<Writes[Name]>;
