import { nextVersion } from '../../stores/next-version.js';
import type { DocumentChange, StoredDocument, VisitorStore } from '../../stores/visitor-store.js';
import type { VisitorDocument } from '../documents/codec.js';
import type { CorruptDocuments } from './corrupt-documents.js';

/**
 * A document in the place of the one that was read, or bytes to append to the one of a version, which is not at hand
 * afterwards where it was not before. `to` is the version that it is to have, one of its own where it is absent.
 */
export type ChangeAtHand = { readonly id: string; readonly to?: string } & (
  | { readonly document: Uint8Array }
  | { readonly from: string; readonly behind: StoredDocument | undefined; readonly append: Uint8Array }
);

/**
 * The documents of one round of writing: read once, and from then on as the round itself has written them. What it
 * could not write was changed by somebody else: that is dropped, and read again when asked for.
 */
export class DocumentsAtHand {
  private readonly stored = new Map<string, StoredDocument | undefined>();
  private readonly decoded = new Map<string, VisitorDocument | undefined>();

  constructor(
    private readonly store: Pick<VisitorStore, 'load' | 'save'>,
    private readonly corrupt: CorruptDocuments,
  ) {}

  /** Undefined for a stranger, and for what was not read or was dropped. */
  get(id: string): StoredDocument | undefined {
    return this.stored.get(id);
  }

  /** Takes a document for read that was read before. */
  keep(id: string, stored: StoredDocument): void {
    this.stored.set(id, stored);
  }

  /** As {@link VisitorStore.load}, but the store is asked only for what was not read yet. */
  async load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    const missing = [...new Set(ids)].filter((id) => !this.stored.has(id));
    const loaded = missing.length > 0 ? await this.store.load(missing) : [];
    for (const [index, id] of missing.entries()) this.stored.set(id, loaded[index]);
    return ids.map((id) => this.stored.get(id));
  }

  /** What these documents say, and all those asked for before; one that can't be read is set aside. */
  async read(ids: readonly string[]): Promise<ReadonlyMap<string, VisitorDocument | undefined>> {
    await this.load(ids);
    for (const id of ids) if (!this.decoded.has(id)) this.decoded.set(id, await this.decodeOrSetAside(id));
    return this.decoded;
  }

  /** Forgets documents that somebody else has changed. */
  drop(ids: Iterable<string>): void {
    for (const id of ids) {
      this.stored.delete(id);
      this.decoded.delete(id);
    }
  }

  /** Compare-and-set for each change on its own, from the state that was read; true where it was stored. */
  async save(changes: readonly ChangeAtHand[]): Promise<boolean[]> {
    if (changes.length === 0) return [];
    const made = changes.map((change) => {
      const to = change.to ?? nextVersion();
      return { change, to, after: stateAfter(change, to) };
    });
    const saved = await this.store.save(made.map(({ change, to }) => this.wish(change, to)));
    for (const [index, { change, after }] of made.entries()) this.learn(change.id, saved[index] ? after : undefined);
    return saved;
  }

  private async decodeOrSetAside(id: string): Promise<VisitorDocument | undefined> {
    const stored = this.stored.get(id);
    const document = stored && (await this.corrupt.decodeOrSetAside(id, stored));
    if (!document) this.stored.set(id, undefined);
    return document;
  }

  private wish(change: ChangeAtHand, to: string): DocumentChange {
    const { id } = change;
    return 'append' in change
      ? { id, from: change.from, to, append: change.append }
      : { id, from: this.stored.get(id)?.version, was: this.stored.get(id)?.document, to, document: change.document };
  }

  private learn(id: string, after: StoredDocument | undefined): void {
    this.decoded.delete(id);
    if (after) this.stored.set(id, after);
    else this.stored.delete(id);
  }
}

/** Undefined for what is not at hand afterwards. */
function stateAfter(change: ChangeAtHand, version: string): StoredDocument | undefined {
  if (!('append' in change)) return { version, document: change.document };
  return change.behind && new Extended(version, change.behind.document, change.append);
}

/** A document with more behind it. Most are never looked at again: it is put together when somebody does. */
class Extended implements StoredDocument {
  private joined: Uint8Array | undefined;

  constructor(
    readonly version: string,
    private readonly before: Uint8Array,
    private readonly append: Uint8Array,
  ) {}

  get document(): Uint8Array {
    return (this.joined ??= Buffer.concat([this.before, this.append]));
  }
}
