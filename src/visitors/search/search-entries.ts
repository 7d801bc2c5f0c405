import { CorruptDocument } from '../../errors.js';
import type { SearchPolicy } from '../../engine/visitor/search-policy.js';
import type { IndexEntry, SearchIndex } from '../../stores/search-index.js';
import type { StoredDocument, VisitorStore } from '../../stores/visitor-store.js';
import { termsOf, type SearchKeys } from './search-keys.js';
import { searchedWords } from './searched-words.js';

/** What the index is kept with. */
export interface EntriesOptions {
  readonly index: SearchIndex;
  readonly store: Pick<VisitorStore, 'load'>;
  /** Rejects where their secret can't be read. */
  readonly keys: () => Promise<SearchKeys>;
  readonly policy: () => SearchPolicy;
}

/**
 * The entries of the index, held against the documents that own the values.
 *
 * Nobody locks anything, so whoever writes and whoever takes out what is not due any more looks once more at the end.
 * Who writes: puts, saves, looks whether what was put is still there, else puts again. Who takes out: takes, looks at
 * the document, puts back what it has. Whichever of the two comes last sees what the other did.
 */
export class SearchEntries {
  readonly index: SearchIndex;

  constructor(private readonly options: EntriesOptions) {
    this.index = options.index;
  }

  /** The keys that a document is to be found by: none for one that is not there, points elsewhere or can't be read. */
  async keysOf(document: Uint8Array | undefined): Promise<ReadonlySet<string>> {
    return this.made([...this.termsOf(document)]);
  }

  /** The keys that only one of two documents is to be found by: what is the same in both need not be made a key. */
  async apart(
    was: Uint8Array | undefined,
    document: Uint8Array | undefined,
  ): Promise<{ readonly news: ReadonlySet<string>; readonly over: ReadonlySet<string> }> {
    const [before, after] = [this.termsOf(was), this.termsOf(document)];
    const [news, over] = [[...after.difference(before)], [...before.difference(after)]];
    return { news: await this.made(news), over: await this.made(over) };
  }

  /** Puts again what is not there any more of what was put before a document was saved. */
  async confirm(entries: readonly IndexEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const there = await this.noted(entries);
    const put = entries.filter(({ id, key }) => there.get(id)?.has(key) !== true);
    if (put.length > 0) await this.index.change({ put, take: [] });
  }

  /** Takes out what the documents do not have, and nothing else, whoever writes to them meanwhile. */
  async takeOut(entries: readonly IndexEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.index.change({ put: [], take: entries });
    const ids = idsOf(entries);
    const due = await this.due(ids, await this.options.store.load(ids));
    const put = entries.filter(({ id, key }) => due.get(id)?.has(key));
    if (put.length > 0) await this.index.change({ put, take: [] });
  }

  /** Makes the index right of these ids, of which the documents were just read: what is missing and what is over. */
  async settle(ids: readonly string[], documents: readonly (StoredDocument | undefined)[]): Promise<void> {
    if (ids.length === 0) return;
    const [due, noted] = [await this.due(ids, documents), await this.index.keysOf(ids)];
    const put = [...due].flatMap(([id, keys]) => [...keys].map((key) => ({ id, key })));
    // What is noted may be lost all the same, where a node of a Cluster has failed: so all of it.
    if (put.length > 0) await this.index.change({ put, take: [] });
    const others = ids.flatMap((id, at) => (noted[at] ?? []).map((key) => ({ id, key })));
    // Who wrote after the documents were read may have taken out what was put just now.
    const again = put.length > 0 ? await this.due(ids, await this.options.store.load(ids)) : due;
    const over = [...put, ...others].filter(({ id, key }) => again.get(id)?.has(key) !== true);
    await this.takeOut(over);
  }

  private termsOf(document: Uint8Array | undefined): ReadonlySet<string> {
    const words = document && readable(document);
    return words ? termsOf(words, this.options.policy()) : NONE;
  }

  private async made(terms: readonly string[]): Promise<ReadonlySet<string>> {
    if (terms.length === 0) return NONE;
    const keys = await this.options.keys();
    return new Set(terms.map((term) => keys.of(term)));
  }

  private async due(
    ids: readonly string[],
    documents: readonly (StoredDocument | undefined)[],
  ): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const keys = await Promise.all(documents.map((one) => this.keysOf(one?.document)));
    return new Map(ids.map((id, at) => [id, keys[at] ?? NONE]));
  }

  private async noted(entries: readonly IndexEntry[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const ids = idsOf(entries);
    const keys = await this.index.keysOf(ids);
    return new Map(ids.map((id, at) => [id, new Set(keys[at])]));
  }
}

const NONE: ReadonlySet<string> = new Set();

function idsOf(entries: readonly IndexEntry[]): string[] {
  return [...new Set(entries.map(({ id }) => id))];
}

/** What can't be read is for its next reader to set aside. */
function readable(document: Uint8Array) {
  try {
    return searchedWords(document);
  } catch (error) {
    if (error instanceof CorruptDocument) return undefined;
    throw error;
  }
}
