/** A person who is being erased. */
export interface Erasure {
  readonly key: string;
  /** Every id of theirs. */
  readonly ids: readonly string[];
  /** Their documents are gone: whoever comes under one of the ids now is somebody new. */
  readonly isForgotten: boolean;
}

/**
 * Who is being erased. It is noted before anything is removed and taken away at the end, so that whoever comes after a
 * crash knows what is left to do: the documents, which say whose ids are whose, are the first to go.
 */
export abstract class Erasures {
  /** Notes an erasure, or how far one of this key has come. */
  abstract note(erasure: Erasure): Promise<void>;

  /** Those that have not come to their end. */
  abstract unfinished(): Promise<readonly Erasure[]>;

  /** Takes these away, by their keys. */
  abstract end(keys: readonly string[]): Promise<void>;
}
