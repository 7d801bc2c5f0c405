import type { StoredDocument, VisitorStore } from '../../stores/visitor-store.js';
import { aliasOf } from '../documents/codec.js';
import { ifReadable } from '../documents/if-readable.js';

/** A pointer is written before what it points at: only one that leads nowhere for so long does so for good. */
const SETTLED_MS = 60_000;
const MAX_SEEN = 10_000;

interface Seen {
  readonly version: string;
  readonly at: number;
}

/**
 * Ids that point at a memory which is not there: of a person who was erased in the moment of being joined. They are
 * removed.
 */
export class DanglingPointers {
  private readonly seen = new Map<string, Seen>();

  constructor(private readonly store: VisitorStore) {}

  /** Looks at some documents; `now` in milliseconds. */
  async sweep(
    documents: readonly { readonly id: string; readonly stored: StoredDocument | undefined }[],
    now: number,
  ): Promise<void> {
    const pointers = documents.flatMap(({ id, stored }) => (stored ? pointerIn(id, stored) : []));
    if (pointers.length === 0) return;
    const targets = await this.store.load(pointers.map(({ of }) => of));
    const dangling = pointers.filter((_pointer, index) => !targets[index]);
    const settled = dangling.filter(({ id, version }) => this.isSettled(id, version, now));
    if (settled.length > 0)
      await this.store.save(settled.map(({ id, version }) => ({ id, from: version, document: undefined })));
  }

  /** Forgets that these ids were seen. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) this.seen.delete(id);
  }

  private isSettled(id: string, version: string, now: number): boolean {
    const before = this.seen.get(id);
    if (before?.version === version && now - before.at >= SETTLED_MS) return this.seen.delete(id);
    if (this.seen.size >= MAX_SEEN) this.seen.clear();
    if (before?.version !== version) this.seen.set(id, { version, at: now });
    return false;
  }
}

function pointerIn(
  id: string,
  { version, document }: StoredDocument,
): { readonly id: string; readonly version: string; readonly of: string }[] {
  const of = ifReadable(() => aliasOf(document));
  return of === undefined ? [] : [{ id, version, of }];
}
