import type { ContactEvent } from './contacts.js';

/** The names of events that tell what became of an offer, and what each tells. */
const OUTCOMES: ReadonlyMap<string, ContactEvent> = new Map([
  ['Offer Shown', 'shown'],
  ['Offer Clicked', 'clicked'],
  ['Offer Accepted', 'accepted'],
  ['Offer Dismissed', 'dismissed'],
  ['Offer Rated', 'rated'],
]);

/** The names, in the order in which these things usually happen. */
export const outcomeEvents: readonly string[] = [...OUTCOMES.keys()];

/** What an event tells of an offer; undefined for one that tells of none. */
export function outcomeOf(event: string): ContactEvent | undefined {
  return OUTCOMES.get(event);
}
