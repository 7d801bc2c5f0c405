import type { IdsPage } from './housekeeping.js';

/** That a key leads to an id. */
export interface IndexEntry {
  /** 128 bits of the hash of a value, as 32 hexadecimal digits. */
  readonly key: string;
  readonly id: string;
}

/** What becomes of the index in one step. */
export interface IndexChange {
  readonly put: readonly IndexEntry[];
  readonly take: readonly IndexEntry[];
}

/**
 * Keeps which ids the hashes of people's values lead to. It only points: whoever finds an id looks at its document,
 * which owns the values. It knows nothing of what the keys are made of.
 */
export abstract class SearchIndex {
  /** The ids that a key leads to, at most so many, in the order of their bytes. */
  abstract find(key: string, limit: number): Promise<readonly string[]>;

  /** All keys that lead to each of these ids. */
  abstract keysOf(ids: readonly string[]): Promise<(readonly string[])[]>;

  /**
   * Puts entries, also those that are there, and takes others out, also those that are not. When the promise resolves,
   * it survives the death of this process. Where it rejects, some of it may be done; what {@link keysOf} no longer
   * tells of is not found either, and what is found is told of.
   */
  abstract change(change: IndexChange): Promise<void>;

  /** About a hundred ids that keys lead to, as {@link Housekeeping.ids} gives those that have a document. */
  abstract ids(from?: string): Promise<IdsPage>;

  /** What was said last to be covered by the index; undefined before anything was. Its meaning is its writer's. */
  abstract coverage(): Promise<string | undefined>;

  /** Says what is covered from now on. */
  abstract cover(what: string): Promise<void>;
}
