import type { Contact, Contacts } from '../engine/visitor/contacts.js';
import { happened, type Goal } from '../engine/visitor/happened.js';
import type { InteractionEvent } from '../visitors/memory/memory-event.js';

/** What events that are told change of what counts as accepted. */
export interface Reattributed {
  /** What counts now, and may not have before: what counted is told to a counter again, which knows it. */
  readonly more: readonly Contact[];
  /** What counted without them, and its goal belongs to another contact now. */
  readonly gone: readonly Contact[];
}

/** An offer, of which every release that answers may have a goal of its own. */
export interface OfferWithGoals {
  readonly offer: string;
  readonly goals: readonly Goal[];
}

/**
 * A goal belongs to the last contact before it, and either may be told first: so a contact that is told late may be the
 * first that a goal belongs to, or take it over from an earlier one. What is told again changes the same again.
 */
export function reattributed(
  contacts: Contacts,
  { offer, goals }: OfferWithGoals,
  told: readonly InteractionEvent[],
): Reattributed {
  const earlier = without(told, contacts);
  const before = goals.flatMap((goal) => happened(earlier, offer, 'accepted', goal));
  const after = goals.flatMap((goal) => happened(contacts, offer, 'accepted', goal));
  // Of events that are told again beside new ones nobody knows what counted between the two: all that may have changed.
  const first = Math.min(...told.map(({ timestamp }) => Math.floor(timestamp)));
  const more = [...notIn(before, after), ...after.filter(({ at }) => at >= first)];
  return { more: [...new Set(more)], gone: notIn(after, before) };
}

function without(told: readonly InteractionEvent[], contacts: Contacts): Contacts {
  const keys = new Set(told.flatMap(({ contact }) => (contact ? contactKey(contact) : [])));
  const reached = new Set(told.flatMap(({ goal, event, timestamp }) => (goal ? `${timestamp} ${event}` : [])));
  return {
    offers: () => contacts.offers(),
    of: (offer) => contacts.of(offer).filter((one) => !keys.has(contactKey(one))),
    goals: (event) => contacts.goals(event).filter((at) => !reached.has(`${at} ${event}`)),
  };
}

function contactKey({ event, offer, ref }: Contact): string {
  return `${ref} ${event} ${offer}`;
}

function notIn(some: readonly Contact[], all: readonly Contact[]): readonly Contact[] {
  const refs = new Set(some.map(({ ref }) => ref));
  return all.filter(({ ref }) => !refs.has(ref));
}
