import type { EvictedByEvent } from './evicted.js';
import type { Forgotten } from './forgotten.js';
import type { MemoryEvent } from './memory-event.js';

/**
 * The id by which a person was first met: what shares of visitors are dealt by, so that nobody changes sides by logging
 * in. It is the least of all that their events say, so any order of events and merges finds the same one.
 */
export interface Origin {
  readonly id: string;
  /** The place in the order of arrival of the event that said it. */
  readonly at: number;
  /** Whether that event said it as a user id. Of the ids of one event a device's comes first: it was served before. */
  readonly known: boolean;
}

/** What of a memory tells by which id its person was met. */
export interface Met {
  readonly id: string;
  readonly userIds: readonly string[];
  readonly interactions: readonly unknown[];
  readonly evicted: EvictedByEvent;
  readonly forgotten: Forgotten;
  readonly origin?: Origin | undefined;
}

/** The id that a person's shares are dealt by; that of the memory while nobody was met, only told of. */
export function bucketIdOf(memory: Met): string {
  return originOf(memory)?.id ?? memory.id;
}

/**
 * The origin of a memory. One that earlier versions wrote has none, though something happened: it was dealt by the id
 * that it is kept under, and stays so.
 */
export function originOf({ origin, id, userIds, interactions, evicted, forgotten }: Met): Origin | undefined {
  if (origin) return origin;
  const isMet = interactions.length > 0 || forgotten.hashes.length > 0 || Object.keys(evicted).length > 0;
  return isMet ? { id, at: 0, known: userIds.includes(id) } : undefined;
}

/** The earlier of two. */
export function earlier(a: Origin | undefined, b: Origin | undefined): Origin | undefined {
  if (!a || !b) return a ?? b;
  return isEarlier(b, a) ? b : a;
}

/**
 * What an event says of the origin of the person it is about, by those of its ids that are theirs. What only tells how
 * things are, such as an import or a trait that is set, has no message id: nobody was met.
 */
export function originIn(event: MemoryEvent, isTheirs: (id: string) => boolean): Origin | undefined {
  if (event.messageId === undefined) return undefined;
  const { userId, anonymousId, arrival: at } = event;
  const devices = [anonymousId, event.kind === 'alias' ? event.previousId : undefined];
  return [
    ...devices.filter((id) => id !== undefined && id !== userId).map((id) => ({ id, at, known: false })),
    { id: userId, at, known: true },
  ]
    .filter((origin): origin is Origin => origin.id !== undefined && isTheirs(origin.id))
    .reduce<Origin | undefined>(earlier, undefined);
}

/** The origin of a person after these events, who had one before. */
export function firstMet(
  events: readonly MemoryEvent[],
  isTheirs: (id: string) => boolean,
  before: Origin | undefined,
): Origin | undefined {
  return events.reduce((first, event) => earlier(first, originIn(event, isTheirs)), before);
}

function isEarlier(a: Origin, b: Origin): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.known === b.known ? a.id < b.id : b.known;
}
