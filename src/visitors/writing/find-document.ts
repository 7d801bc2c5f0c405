import type { StoredDocument, VisitorStore } from '../../stores/visitor-store.js';
import { aliasOf, decode, joiningOf } from '../documents/codec.js';
import type { CorruptDocuments } from './corrupt-documents.js';

/** A document and the id it is kept under. */
export interface FoundDocument {
  readonly id: string;
  readonly stored: StoredDocument;
}

/** All pointers lead straight to the memory, but where a crash left a chain until the next event of that person. */
const MAX_HOPS = 8;

/**
 * The memory that an id leads to; undefined for a stranger. One round trip, and one more for an id that the memory is
 * not kept under. A memory that is being joined into another is the person's until the other has all of it.
 */
export async function findDocument(
  id: string,
  store: Pick<VisitorStore, 'load'>,
  corrupt: CorruptDocuments,
  path: readonly string[] = [],
): Promise<FoundDocument | undefined> {
  const [stored] = await store.load([id]);
  if (!stored) return undefined;
  const { of, joining } =
    corrupt.readOrSetAside(id, stored, (bytes) => ({ of: aliasOf(bytes), joining: joiningOf(bytes) })) ?? {};
  const next = of ?? joining;
  if (next === undefined) return { id, stored };
  const isTooFar = path.length === MAX_HOPS || next === id || path.includes(next);
  const there = isTooFar ? undefined : await findDocument(next, store, corrupt, [...path, id]);
  if (of !== undefined) return there;
  return there && corrupt.readOrSetAside(there.id, there.stored, (bytes) => isJoined(id, bytes)) === true
    ? there
    : { id, stored };
}

function isJoined(id: string, bytes: Uint8Array): boolean {
  const document = decode(bytes);
  return document.kind === 'memory' && [...document.memory.userIds, ...document.memory.anonymousIds].includes(id);
}
