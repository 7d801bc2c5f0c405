import type { VisitorStore } from '../../stores/visitor-store.js';
import { encode } from '../documents/codec.js';
import type { Memory } from '../memory/memory.js';
import { findPersonDocuments, type PersonDocuments } from '../writing/person-documents.js';

/**
 * Whoever was parted from somebody has a note with their id, which is to go with them: takes it out of the memories of
 * those whom the notes of the erased person name. False where another process has written to one of these meanwhile.
 */
export async function eraseNotes(
  store: VisitorStore,
  { documents }: PersonDocuments,
  erased: ReadonlySet<string>,
): Promise<boolean> {
  const notes = memoriesIn(documents).flatMap(({ parted = [] }) => parted);
  const others = notes.flatMap(({ id, from }) => [id, from]).filter((id) => !erased.has(id));
  if (others.length === 0) return true;
  const found = await findPersonDocuments(store, [...new Set(others)]);
  const changes = [...found.documents].flatMap(([id, { stored, says }]) => {
    const memory = says?.kind === 'memory' && !erased.has(id) ? withoutNotes(says.memory, erased) : undefined;
    return memory ? [{ id, from: stored.version, document: encode({ kind: 'memory', memory }) }] : [];
  });
  const saved = changes.length > 0 ? await store.save(changes) : [];
  return saved.every(Boolean);
}

/** The memories among documents. */
export function memoriesIn(documents: PersonDocuments['documents']): readonly Memory[] {
  return [...documents.values()].flatMap(({ says }) => (says?.kind === 'memory' ? says.memory : []));
}

/** Undefined where none of the notes names any of the ids. */
function withoutNotes({ parted = [], ...memory }: Memory, ids: ReadonlySet<string>): Memory | undefined {
  const left = parted.filter(({ id, from }) => !ids.has(id) && !ids.has(from));
  if (left.length === parted.length) return undefined;
  return { ...memory, ...(left.length > 0 && { parted: left }) };
}
