/** Some ids that have a document, and where the next are found; without `next` that was all. */
export interface IdsPage {
  readonly ids: readonly string[];
  readonly next: string | undefined;
}

/**
 * What is asked of a store rarely: a walk through all visitors, what lies beside their documents, and the last traces
 * of them.
 */
export abstract class Housekeeping {
  /**
   * About a hundred ids, from the beginning or from where another page says the `next` are. A walk from page to page
   * comes by every id that has a document all the while, perhaps more than once.
   */
  abstract ids(from?: string): Promise<IdsPage>;

  /** The documents that were set aside under these ids; undefined where none was. */
  abstract asides(ids: readonly string[]): Promise<(Uint8Array | undefined)[]>;

  /** Erases what was set aside under these ids. */
  abstract eraseAsides(ids: readonly string[]): Promise<void>;

  /**
   * Ends what the store itself still holds of all that was removed before, here or through another port. Rejects where
   * that could not be done; then it is to be asked for again.
   */
  abstract scrub(): Promise<void>;
}
