/** A document as it lies in the store. */
export interface StoredDocument {
  /** Opaque; hand it back to {@link VisitorStore.save} to say which state a change was made from. */
  readonly version: string;
  /** Bytes as they were saved; not to be changed. */
  readonly document: Uint8Array;
}

/** One wish to change a document. */
export type DocumentChange = DocumentReplacement | DocumentAddition;

/** To have another document in its place. */
export interface DocumentReplacement {
  readonly id: string;
  /** The version the change was made from; undefined says that no document was there. */
  readonly from: string | undefined;
  /** Undefined removes it. */
  readonly document: Uint8Array | undefined;
  /** The document at `from`, where it is at hand: who keeps an index of documents then need not ask what it has. */
  readonly was?: Uint8Array | undefined;
  /** The version that it is to have: one of `nextVersion()`, never used before. The store's own choice when absent. */
  readonly to?: string;
}

/** To have more behind what is there. */
export interface DocumentAddition {
  readonly id: string;
  /** The version the change was made from. */
  readonly from: string;
  readonly append: Uint8Array;
  /** As for {@link DocumentReplacement.to}. */
  readonly to?: string;
}

/**
 * Keeps one document per id. It knows nothing of what is inside: visitors' memory is folded elsewhere, so that every
 * implementation behaves alike.
 *
 * All keys of an id are in one Redis Cluster hash slot. Ids are any non-empty strings of at most 512 characters.
 */
export abstract class VisitorStore {
  /**
   * The part of the store that holds the documents of an id, where there are parts that fail each by itself, such as
   * the nodes of a Cluster; undefined where the store fails as a whole.
   */
  partOf(_id: string): string | undefined {
    return undefined;
  }

  /** Reads documents, in the order of `ids`, in one round trip per node; undefined for a stranger. */
  abstract load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]>;

  /**
   * Compare-and-set for each change on its own, in their order: true where it was stored, false where the document was
   * no longer at `from`. When the promise resolves, what is true survives the death of this process.
   */
  abstract save(changes: readonly DocumentChange[]): Promise<boolean[]>;

  /**
   * Moves a document that can't be read out of the way, for somebody to look at; the id is a stranger's then. False
   * where the document was no longer at that version.
   */
  abstract setAside(id: string, stored: StoredDocument): Promise<boolean>;
}
