/**
 * A person is parted in steps of which each makes sense without the next. The memory first says which of its sides is
 * to leave: nothing is added to it from then on, and whoever comes by does the rest, which is here. So a crash between
 * any two steps leaves nothing lost or doubled.
 */
import { retryLostRaces, type Attempt } from '../../stores/retry-lost-races.js';
import type { DocumentChange, StoredDocument, VisitorStore } from '../../stores/visitor-store.js';
import { encode, idsOf, type VisitorDocument } from '../documents/codec.js';
import { isIdOf } from '../memory/ids.js';
import { merge, type Memory, type Retention } from '../memory/memory.js';
import { partMemory } from '../memory/part-memory.js';
import type { Parted } from '../memory/parted.js';
import type { CorruptDocuments } from './corrupt-documents.js';

/** What the steps are made with. */
export interface PartingOptions {
  readonly store: Pick<VisitorStore, 'load' | 'save'>;
  readonly corrupt: CorruptDocuments;
  readonly retention: Retention;
  readonly now: () => number;
  /** Whether the documents of an id are being erased. */
  readonly isErased: (id: string) => Promise<boolean>;
}

const LOST_RACES = { because: 'Other processes keep writing to the same visitors.', atOnce: 3 };

/**
 * Brings to its end what the memory of an id says of a side that leaves; nothing where it says nothing of the kind.
 * False where both are being erased: what an erasure has removed already does not come back, and it takes the rest.
 */
export async function finishParting(id: string, options: PartingOptions): Promise<boolean> {
  return retryLostRaces(() => attempt(id, options), LOST_RACES);
}

/** An id with its document, and what that says. */
interface Found {
  readonly id: string;
  readonly stored: StoredDocument | undefined;
  readonly says: VisitorDocument | undefined;
}

async function attempt(id: string, options: PartingOptions): Promise<Attempt<boolean>> {
  const { store, retention, now } = options;
  const [{ stored: before, says } = { stored: undefined, says: undefined }] = await find([id], options);
  if (!before || says?.kind !== 'memory' || !says.memory.parting) return { won: true };
  const { parting, ...memory } = says.memory;
  const parts = partMemory(memory, parting, now(), retention);
  if (!parts) return save(store, [{ id, from: before.version, document: bytesOf(memory) }]);
  const { stays, leaves } = parts;
  const [home, ...others] = await find(idsOf(leaves.id, leaves.userIds, leaves.anonymousIds), options);
  if (home && !home.stored && (await options.isErased(home.id))) return { won: false };
  // What was found is from before the end of this parting where its beginning is still there.
  const [still] = await store.load([id]);
  if (still?.version !== before.version || !home) return 'lost';
  // It could not be read and was set aside. Only one that is there is replaced by a memory.
  if (!home.stored) {
    await store.save([{ id: home.id, from: undefined, document: encode({ kind: 'alias', of: id }) }]);
    return 'lost';
  }
  const isOfBoth = (one: string) => isIdOf(memory, one);
  const withTheirs = (theirs: Memory) => merge(theirs, leaves, now(), retention);
  const isNote = (note: Parted) => note.from === id && note.at === parting.at;
  const own = ownMemory(home, leaves, { isOfBoth, isNote, withTheirs });
  const changes = [...own, ...others.flatMap((other) => pointerTo(leaves.id, other, isOfBoth))];
  if ((await save(store, changes)) === 'lost') return 'lost';
  return save(store, [{ id, from: before.version, document: bytesOf(stays) }]);
}

async function find(ids: readonly string[], { store, corrupt }: PartingOptions): Promise<Found[]> {
  const documents = await store.load(ids);
  return Promise.all(
    ids.map(async (id, at) => {
      const stored = documents[at];
      const says = stored && (await corrupt.decodeOrSetAside(id, stored));
      return { id, stored: says && stored, says };
    }),
  );
}

/** What is to be known of the parting. */
interface Looks {
  readonly isOfBoth: (id: string) => boolean;
  readonly isNote: (note: Parted) => boolean;
  readonly withTheirs: (theirs: Memory) => Memory;
}

/**
 * The memory of the one who leaves, where it is not there yet; with what came under its id after a loss. Whoever has
 * been joined to somebody else since is not there any more.
 */
function ownMemory(
  { id, stored, says }: Found,
  leaves: Memory,
  { isOfBoth, isNote, withTheirs }: Looks,
): DocumentChange[] {
  const change = (memory: Memory): DocumentChange[] => [{ id, from: stored?.version, document: bytesOf(memory) }];
  if (says?.kind !== 'memory') return says && !isOfBoth(says.of) ? [] : change(leaves);
  return says.memory.parted?.some(isNote) ? [] : change(withTheirs(says.memory));
}

/** An id that leads to somebody else all the same is that one's. */
function pointerTo(home: string, { id, stored, says }: Found, isOfBoth: (id: string) => boolean): DocumentChange[] {
  const isLoose = !says || (says.kind === 'alias' && says.of !== home && isOfBoth(says.of));
  return isLoose ? [{ id, from: stored?.version, document: encode({ kind: 'alias', of: home }) }] : [];
}

async function save(store: PartingOptions['store'], changes: readonly DocumentChange[]): Promise<Attempt<boolean>> {
  const saved = changes.length > 0 ? await store.save(changes) : [];
  return saved.every(Boolean) ? { won: true } : 'lost';
}

function bytesOf(memory: Memory): Uint8Array {
  return encode({ kind: 'memory', memory });
}
