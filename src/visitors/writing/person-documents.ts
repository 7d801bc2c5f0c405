import { CorruptDocument } from '../../errors.js';
import type { StoredDocument, VisitorStore } from '../../stores/visitor-store.js';
import { decode, type VisitorDocument } from '../documents/codec.js';
import { follow } from './people.js';

/** A document as it was read; `says` is undefined where it can't be understood. */
export interface ReadDocument {
  readonly stored: StoredDocument;
  readonly says: VisitorDocument | undefined;
}

/** Everything that the store has of a person, or of several. */
export interface PersonDocuments {
  /** What their memories are kept under, or would be. */
  readonly homes: ReadonlySet<string>;
  /** Every id of theirs, whether it has a document or not. */
  readonly ids: readonly string[];
  /** Every document of theirs, by id. */
  readonly documents: ReadonlyMap<string, ReadDocument>;
}

/**
 * Finds all documents of those whom some ids lead to: a round trip for each step from what is known to what that names.
 */
export async function findPersonDocuments(store: VisitorStore, from: readonly string[]): Promise<PersonDocuments> {
  const read = new Map<string, ReadDocument | undefined>();
  for (let wanted = [...from]; wanted.length > 0;) {
    const stored = await store.load(wanted);
    for (const [index, id] of wanted.entries()) read.set(id, understand(stored[index]));
    wanted = [...new Set(wanted.flatMap((id) => namedIn(read.get(id)?.says)))].filter((id) => !read.has(id));
  }
  const homeOf = (id: string) => follow(id, (one) => read.get(one)?.says).home;
  const homes = new Set(from.map(homeOf));
  // An id that is on a list of theirs, and leads to somebody else all the same, is that one's.
  const leading = [...read.keys()].filter((id) => homes.has(homeOf(id)));
  const named = leading.flatMap((id) => namedIn(read.get(id)?.says)).filter((id) => read.get(id)?.says === undefined);
  const ids = [...new Set([...leading, ...named])];
  const documents = new Map(ids.flatMap((id) => entryOf(id, read.get(id))));
  return { homes, ids, documents };
}

function understand(stored: StoredDocument | undefined): ReadDocument | undefined {
  if (!stored) return undefined;
  try {
    return { stored, says: decode(stored.document) };
  } catch (error) {
    if (!(error instanceof CorruptDocument)) throw error;
    return { stored, says: undefined };
  }
}

function namedIn(document: VisitorDocument | undefined): readonly string[] {
  if (!document) return [];
  if (document.kind === 'alias') return [document.of];
  const { id, userIds, anonymousIds, joining } = document.memory;
  return [id, ...userIds, ...anonymousIds, ...(joining === undefined ? [] : [joining])];
}

function entryOf(id: string, document: ReadDocument | undefined): [string, ReadDocument][] {
  return document ? [[id, document]] : [];
}
