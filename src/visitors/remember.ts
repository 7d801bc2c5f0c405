/**
 * One round of remembering, as a pure function: documents as they were read and a list of events in, documents to write
 * and what became of each event out. Events that carry a user id and an anonymous id link the two; a device that
 * already belongs to one person is not given to the next who logs in on it.
 */
import type { Millis } from '../engine/types.js';
import type { VisitorDocument } from './codec.js';
import { apply, emptyMemory, merge, type Memory, type MemoryEvent, type Retention } from './memory.js';

/** What one round works with. */
export interface Round {
  /** Every id of the events, and what their aliases point at; absent for a stranger. */
  readonly documents: ReadonlyMap<string, VisitorDocument>;
  readonly events: readonly MemoryEvent[];
  readonly now: Millis;
  readonly retention: Retention;
}

/** What one round comes to. */
export interface Remembered {
  /** The memories to be written first. */
  readonly memories: ReadonlyMap<string, Memory>;
  /** Ids that now point elsewhere; to be written once the memories are. */
  readonly aliases: ReadonlyMap<string, string>;
  /** For each event, the id of the memory it went to, and whether it was already known there. */
  readonly outcomes: readonly { readonly memoryId: string; readonly duplicate: boolean }[];
}

/** Applies events to the memories they belong to. */
export function remember(round: Round): Remembered {
  const desk = new Desk(round);
  const owners = round.events.map((event) => desk.ownerOf(event));
  const outcomes = owners.map((memoryId) => ({ memoryId: desk.follow(memoryId), duplicate: false }));
  const byOwner = Map.groupBy(round.events.keys(), (index) => outcomes[index]?.memoryId ?? '');
  for (const [memoryId, indexes] of byOwner) {
    const duplicates = desk.apply(memoryId, indexes.map((index) => round.events[index]).filter((event) => event !== undefined));
    for (const [at, index] of indexes.entries()) outcomes[index] = { memoryId, duplicate: duplicates.has(at) };
  }
  return { memories: desk.changed, aliases: desk.aliases, outcomes };
}

/** The documents of a round while it is under way. */
class Desk {
  readonly changed = new Map<string, Memory>();
  readonly aliases = new Map<string, string>();

  constructor(private readonly round: Round) {}

  /** Where the memory of an id is kept. */
  follow(id: string): string {
    const seen = new Set<string>();
    for (let here = id; ; ) {
      const next = this.aliases.get(here) ?? aliasIn(this.round.documents.get(here));
      if (next === undefined || seen.has(next)) return here;
      seen.add(here);
      here = next;
    }
  }

  ownerOf({ userId, anonymousId }: MemoryEvent): string {
    if (userId === undefined) return this.follow(anonymousId ?? '');
    const owner = this.follow(userId);
    if (anonymousId !== undefined) this.link(owner, userId, anonymousId);
    return owner;
  }

  apply(id: string, events: readonly MemoryEvent[]): ReadonlySet<number> {
    const { memory, duplicates } = apply(this.memory(id), events, this.round.now, this.round.retention);
    if (duplicates.size < events.length) this.changed.set(id, memory);
    return duplicates;
  }

  /** Joins what a device did before with the person who now says who they are, unless it is somebody else's. */
  private link(owner: string, userId: string, anonymousId: string): void {
    const device = this.follow(anonymousId);
    if (device === owner) return;
    const before = this.memory(device);
    if (before.userIds.some((known) => known !== userId)) return;
    const joined = merge(this.memory(owner), before, this.round.now, this.round.retention);
    this.changed.set(owner, { ...joined, anonymousIds: [...new Set([...joined.anonymousIds, anonymousId])].sort() });
    this.changed.delete(device);
    this.aliases.set(device, owner);
  }

  private memory(id: string): Memory {
    const document = this.round.documents.get(id);
    return this.changed.get(id) ?? (document?.kind === 'memory' ? document.memory : emptyMemory(id));
  }
}

function aliasIn(document: VisitorDocument | undefined): string | undefined {
  return document?.kind === 'alias' ? document.of : undefined;
}
