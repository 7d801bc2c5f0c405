/** The connection or the file that all stores of a service share. */
export abstract class StoreConnection {
  /** Resolves when it answers, rejects with the reason when it does not. */
  abstract ping(): Promise<void>;

  /**
   * Resolves while it takes what is to be written, rejects with the reason while it refuses that though it answers: a
   * full disk, a Redis at its `maxmemory` or without the replicas it wants.
   */
  abstract tryWrite(): Promise<void>;

  /** Closes connections and files; whatever is asked of its stores afterwards rejects. Twice does no harm. */
  abstract close(): Promise<void>;
}
