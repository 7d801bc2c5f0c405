import { messageOf } from './message-of.js';
import type { SqliteFile } from './sqlite-file.js';
import type { WriteName, Writes } from './writes.js';

/** A write that is asked for, with what it is given. */
export type Asked = readonly [name: WriteName, ...given: readonly unknown[]];

/** What became of it. */
export type Outcome = { readonly value: unknown } | Refused;

/** It was not done, and nothing of it is in the file. */
export interface Refused {
  readonly message: string;
  /** SQLite's own code, where it was SQLite that refused. */
  readonly errcode: number | undefined;
}

/**
 * Does writes in one transaction, in their order, each with an outcome of its own. One that fails takes no other with
 * it: all are done again then, each in a transaction of its own. While the file takes no transaction at all, none of
 * them is tried.
 */
export function commitTogether(file: SqliteFile, writes: Writes, asked: readonly Asked[]): Outcome[] {
  try {
    file.begin();
  } catch (error) {
    return asked.map(() => refused(error));
  }
  try {
    const outcomes = asked.map((one) => ({ value: call(writes, one) }));
    file.commit();
    return outcomes;
  } catch (error) {
    file.rollBack();
    if (asked.length === 1) return [refused(error)];
    return asked.flatMap((one) => commitTogether(file, writes, [one]));
  }
}

/** What was thrown, so that another thread can be told. */
export function refused(error: unknown): Refused {
  const { errcode } = error as { readonly errcode?: number };
  return { message: messageOf(error), errcode };
}

function call(writes: Writes, [name, ...given]: Asked): unknown {
  // What is given was checked by its type where it was asked for.
  const write = writes[name] as (...all: readonly unknown[]) => unknown;
  return write(...given);
}
