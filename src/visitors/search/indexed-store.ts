import {
  type DocumentChange,
  type DocumentReplacement,
  type StoredDocument,
  VisitorStore,
} from '../../stores/visitor-store.js';
import type { SearchEntries } from './search-entries.js';
import { haveSameWords } from './searched-words.js';

/** What a change of a document changes of its keys. */
interface Turn {
  readonly id: string;
  readonly news: readonly string[];
  readonly over: readonly string[];
}

/**
 * The store of documents, with the index of the search kept beside: nobody is found by what they no longer have for
 * longer than the write takes, nor missed by what they have. What only gets more behind a document, and what says the
 * same of traits, costs nothing more.
 */
export class IndexedStore extends VisitorStore {
  /** Absent until whoever keeps the index says so. */
  entries: SearchEntries | undefined;

  constructor(private readonly store: VisitorStore) {
    super();
  }

  override partOf(id: string): string | undefined {
    return this.store.partOf(id);
  }

  load(ids: readonly string[]): Promise<(StoredDocument | undefined)[]> {
    return this.store.load(ids);
  }

  setAside(id: string, stored: StoredDocument): Promise<boolean> {
    return this.store.setAside(id, stored);
  }

  save(changes: readonly DocumentChange[]): Promise<boolean[]> {
    const { entries } = this;
    const said = entries ? changes.filter(saysOther) : [];
    return entries && said.length > 0 ? this.saveIndexed(changes, said, entries) : this.store.save(changes);
  }

  private async saveIndexed(
    changes: readonly DocumentChange[],
    said: readonly DocumentReplacement[],
    entries: SearchEntries,
  ): Promise<boolean[]> {
    const turns = await Promise.all(said.map((change) => turnOf(change, entries)));
    const put = turns.flatMap(({ id, news }) => news.map((key) => ({ id, key })));
    if (put.length > 0) await entries.index.change({ put, take: [] });
    const saved = await this.store.save(changes);
    await entries.confirm(put);
    const lost = new Set<DocumentChange>(changes.filter((_change, at) => saved[at] !== true));
    const over = turns.flatMap(({ id, over }, at) =>
      lost.has(said[at] as DocumentChange) ? [] : over.map((key) => ({ id, key })),
    );
    await entries.takeOut(over);
    return saved;
  }
}

/** Whether a change may say something else of traits. */
function saysOther(change: DocumentChange): change is DocumentReplacement {
  if ('append' in change) return false;
  const { was, document } = change;
  return was === undefined || document === undefined || !haveSameWords(was, document);
}

async function turnOf({ id, from, was, document }: DocumentReplacement, entries: SearchEntries): Promise<Turn> {
  if (from === undefined || was !== undefined) {
    const { news, over } = await entries.apart(was, document);
    return { id, news: [...news], over: [...over] };
  }
  const [before, after] = [new Set((await entries.index.keysOf([id]))[0]), await entries.keysOf(document)];
  // What is noted may be of another, who has not saved yet and may take it out: all is put, and looked at again.
  return { id, news: [...after], over: [...before.difference(after)] };
}
