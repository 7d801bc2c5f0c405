/**
 * Who is who in one round of remembering. Every id leads to the memory of a person: on its own, or by pointers (a
 * document that says "kept under another id", or a memory that is being joined into another). Joining two people makes
 * the one who is not yet known point at the other; what must be written for that is said by {@link Person}.
 */
import type { VisitorDocument } from '../documents/codec.js';
import type { MemoryEvent } from '../memory/memory-event.js';
import { idsIn } from '../memory/ids.js';
import { emptyMemory, type Memory } from '../memory/memory.js';

/** The documents of a round, by id: undefined for a stranger, absent where not loaded. */
export type Documents = ReadonlyMap<string, VisitorDocument | undefined>;

/** One person while a round is under way. */
export interface Person {
  /** What their memory is kept under, and the memory as it is in the store. */
  readonly memory: Memory;
  /** Whether the store has that memory. */
  readonly exists: boolean;
  /** Whether the store has it to be joined into another that leads back here, which is not to be. */
  readonly isCircular: boolean;
  /** User ids, those said in this round included. Who has one is known. */
  readonly userIds: Set<string>;
  /** Every id that this round has found to lead here. */
  readonly ids: Set<string>;
  /** Memories in the store to be joined into this one, by id. */
  readonly sources: Map<string, Memory>;
}

/** Where ids of a person end that don't lead to their memory yet, as the store has it. */
export interface LooseEnds {
  /** Ids that nothing is stored under. */
  readonly strangers: readonly string[];
  /** Ids of memories. */
  readonly memories: readonly string[];
  /** There are more, which are joined with these only. */
  readonly isMore: boolean;
}

/** The ids from one to where its memory is kept, both included. */
export interface Path {
  readonly path: readonly string[];
  readonly home: string;
}

const SETTLED: LooseEnds = { strangers: [], memories: [], isMore: false };

/** Everybody who is named in a round. */
export class People {
  /** Ids whose documents are needed and not there: what was found out without them is void. */
  readonly needs = new Set<string>();
  private readonly byId = new Map<string, Person>();
  private readonly paths = new Map<string, Path>();

  constructor(private readonly documents: Documents) {}

  /** Whose id this is; a stranger's when nobody's. */
  of(id: string): Person {
    const found = this.byId.get(id);
    if (found) return found;
    const { path, home } = this.pathFrom(id);
    const person = this.byId.get(home) ?? this.meet(home);
    // Nothing but a user id is pointed at before it has a memory.
    if (path.length > 1 && !person.exists) person.userIds.add(home);
    for (const step of path) this.add(person, step);
    return person;
  }

  /** Both as one person; undefined where each is known by ids that the other lacks, and the word is not trusted. */
  join(a: Person, b: Person, trusted: boolean): Person | undefined {
    if (a === b) return a;
    if (!trusted && !a.userIds.isSubsetOf(b.userIds) && !b.userIds.isSubsetOf(a.userIds)) return undefined;
    const [home, other] = isBetterHome(a, b) ? [a, b] : [b, a];
    if (other.exists) home.sources.set(other.memory.id, other.memory);
    for (const [id, memory] of other.sources) home.sources.set(id, memory);
    for (const id of other.userIds) home.userIds.add(id);
    for (const id of other.ids) this.byId.set(id, home);
    for (const id of other.ids) home.ids.add(id);
    return home;
  }

  /**
   * Finds every id that leads to the memories that are joined into this person's, so that all can be made to lead
   * straight.
   */
  gather(person: Person): void {
    for (const { userIds, anonymousIds, joining } of person.sources.values()) {
      if (joining !== undefined) for (const id of [...userIds, ...anonymousIds]) this.of(id);
    }
  }

  /**
   * Where ids of the person end that don't lead to their memory yet, as far as one of the events names them together
   * with an id that does: what is joined by several events is joined one by one, as any of them may fail.
   */
  looseEnds({ ids, memory }: Person, events: readonly MemoryEvent[]): LooseEnds {
    if (ids.size === 1) return SETTLED;
    const all = new Set([...ids].map((id) => this.pathFrom(id).home));
    if (all.size === 1) return SETTLED;
    const named = events.map((event) => idsIn(event).flatMap((id) => (ids.has(id) ? [this.pathFrom(id).home] : [])));
    const near = new Set(named.filter((homes) => homes.includes(memory.id)).flat());
    const loose = [...near].filter((id) => id !== memory.id);
    return {
      strangers: loose.filter((id) => this.documents.get(id)?.kind !== 'memory'),
      memories: loose.filter((id) => this.documents.get(id)?.kind === 'memory'),
      isMore: loose.length + 1 < all.size,
    };
  }

  /** Ids that lead to the person's memory in several steps. */
  detours({ ids, memory }: Person): readonly string[] {
    return [...ids].filter(
      (id) => id !== memory.id && this.documents.get(id) && !leadsTo(this.documents.get(id), memory.id),
    );
  }

  /** The ids from this one to the one its memory is kept under. */
  private pathFrom(id: string): Path {
    const known = this.paths.get(id);
    if (known) return known;
    const path = follow(id, (one) => this.document(one));
    this.paths.set(id, path);
    return path;
  }

  private meet(home: string): Person {
    const document = this.document(home);
    const stored = document?.kind === 'memory' ? document.memory : undefined;
    const memory = stored ? { ...stored, joining: undefined } : emptyMemory(home);
    return {
      memory,
      exists: stored !== undefined,
      isCircular: stored?.joining !== undefined,
      userIds: new Set(memory.userIds),
      ids: new Set(),
      sources: new Map(),
    };
  }

  private add(person: Person, id: string): void {
    this.byId.set(id, person);
    person.ids.add(id);
    const document = this.document(id);
    if (id !== person.memory.id && document?.kind === 'memory') {
      person.sources.set(id, document.memory);
      for (const userId of document.memory.userIds) person.userIds.add(userId);
    }
  }

  private document(id: string): VisitorDocument | undefined {
    if (!this.documents.has(id)) this.needs.add(id);
    return this.documents.get(id);
  }
}

/** Goes from an id to where its memory is kept, or would be. */
export function follow(id: string, documentOf: (id: string) => VisitorDocument | undefined): Path {
  const path: string[] = [];
  for (let here = id; ;) {
    path.push(here);
    const next = pointerIn(documentOf(here));
    if (next === undefined) return { path, home: here };
    // Two who were joined into each other at the same time: whoever comes by settles it, all in the same way.
    if (path.includes(next)) return { path, home: path.slice(path.indexOf(next)).reduce((a, b) => (b < a ? b : a)) };
    here = next;
  }
}

/**
 * Known people before unknown ones, so that it is always the unknown one's document that says whom they were joined
 * with, once; then a memory under a user id, one that is there already, and the smaller id.
 */
function isBetterHome(a: Person, b: Person): boolean {
  const merits = ({ memory, exists, userIds }: Person) => [userIds.size > 0, userIds.has(memory.id), exists];
  const [ofA, ofB] = [merits(a), merits(b)];
  const at = ofA.findIndex((merit, index) => merit !== ofB[index]);
  return at === -1 ? a.memory.id < b.memory.id : ofA[at] === true;
}

function leadsTo(document: VisitorDocument | undefined, id: string): boolean {
  return document?.kind === 'alias' && document.of === id;
}

/** Where the memory of this document is kept, or about to be, when not here. */
function pointerIn(document: VisitorDocument | undefined): string | undefined {
  return document?.kind === 'alias' ? document.of : document?.memory.joining;
}
