import type { ContactEvent } from './contacts.js';

/** The names of events that tell what became of an offer, and what each tells. */
const TOLD_BY = {
  'Offer Shown': 'shown',
  'Offer Clicked': 'clicked',
  'Offer Accepted': 'accepted',
  'Offer Dismissed': 'dismissed',
  'Offer Rated': 'rated',
} as const satisfies Readonly<Record<string, ContactEvent>>;

/** What may be told of an offer. */
export type OutcomeName = (typeof TOLD_BY)[keyof typeof TOLD_BY];

const OUTCOMES: ReadonlyMap<string, OutcomeName> = new Map(Object.entries(TOLD_BY));

/** The names, in the order in which these things usually happen. */
export const outcomeEvents: readonly string[] = [...OUTCOMES.keys()];

/** What an event tells of an offer; undefined for one that tells of none. */
export function outcomeOf(event: string): OutcomeName | undefined {
  return OUTCOMES.get(event);
}
