/** The ids of a person, and which of them events say. */
import type { MemoryEvent } from './memory-event.js';

/** Those that were said to be the person's own, and those of devices and browsers; each list sorted. */
export interface Ids {
  readonly userIds: readonly string[];
  readonly anonymousIds: readonly string[];
}

/** Whether an id is one of these, or the one that a memory is kept under. */
export function isIdOf({ id, userIds, anonymousIds }: Ids & { readonly id: string }, one: string): boolean {
  return id === one || userIds.includes(one) || anonymousIds.includes(one);
}

/** A device that comes with a user id is linked elsewhere, as it may be somebody else's already. */
export function idsSaid(events: readonly MemoryEvent[]): Ids {
  const said = (ids: readonly (string | undefined)[]) => ids.filter((id) => id !== undefined);
  return {
    userIds: said(events.map((event) => event.userId)),
    anonymousIds: said(events.map((event) => (event.userId === undefined ? event.anonymousId : undefined))),
  };
}

/** The ids of both. What was once said to be a user id is one, whoever calls it otherwise. */
export function withIds(a: Ids, b: Ids): Ids {
  const userIds = union(a.userIds, b.userIds);
  const anonymousIds = union(a.anonymousIds, b.anonymousIds);
  return {
    userIds,
    anonymousIds: anonymousIds.some((id) => userIds.includes(id))
      ? anonymousIds.filter((id) => !userIds.includes(id))
      : anonymousIds,
  };
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return b.every((id) => a.includes(id)) ? a : [...new Set([...a, ...b])].sort();
}

/** The ids that an event names. */
export function idsIn(event: MemoryEvent): string[] {
  const previousId = event.kind === 'alias' ? event.previousId : undefined;
  return [event.userId, event.anonymousId, previousId].filter((id) => id !== undefined);
}
