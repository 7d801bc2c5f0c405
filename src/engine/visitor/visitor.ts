import type { JsonObject } from '../language/json.js';
import type { Millis } from '../language/millis.js';
import { contactsOf, type Contact, type Contacts, type GoalReached } from './contacts.js';
import { InteractionLog } from './interaction-log.js';
import type { Interaction } from './interaction.js';

/** How often an event happened over a whole life, and when first and last; kept when the interactions are not. */
export interface Counter {
  readonly count: number;
  readonly first: Millis;
  readonly last: Millis;
}

/** What a person said about a purpose. */
export interface Consent {
  readonly granted: boolean;
  /** From then on it says nothing any more; undefined for good. */
  readonly until: Millis | undefined;
}

/** What a decision may know of a visitor. */
export interface VisitorView {
  readonly visitorId: string;
  /** What shares of visitors are dealt by; `visitorId` where it is absent. */
  readonly bucketId?: string;
  /** Every id this person is known by. */
  readonly ids: readonly string[];
  readonly traits: JsonObject;
  readonly counters: Readonly<Record<string, Counter>>;
  /** The last word about a purpose, expired or not; undefined when they never said any. */
  consents(purpose: string): Consent | undefined;
  /** The retained interactions in order of timestamp, equal ones in order of arrival. Called only when a rule asks. */
  interactions(): InteractionLog;
  /** What became of offers for them; read when it is asked for. */
  contacts(): Contacts;
}

/** What a {@link visitorView} is made from. */
export interface VisitorViewParts {
  readonly visitorId: string;
  readonly ids?: readonly string[];
  readonly traits?: JsonObject;
  readonly consents?: Readonly<Record<string, Consent>>;
  /** In any order; equal timestamps are taken to have arrived in the order given. */
  readonly interactions?: readonly Interaction[];
  /** In any order. */
  readonly contacts?: readonly Contact[];
  readonly goals?: readonly GoalReached[];
}

/** A view of a visitor of whom everything is at hand, such as a rule case's; what is left out is empty. */
export function visitorView({
  visitorId,
  ids,
  traits,
  consents = {},
  interactions = [],
  contacts = [],
  goals = [],
}: VisitorViewParts): VisitorView {
  const sorted = [...interactions].sort((a, b) => a.timestamp - b.timestamp);
  const log = InteractionLog.of(sorted);
  const ofOffers = contactsOf(contacts, goals);
  return {
    visitorId,
    ids: ids ?? [visitorId],
    traits: traits ?? {},
    counters: countersOf(sorted),
    consents: (purpose) => (Object.hasOwn(consents, purpose) ? consents[purpose] : undefined),
    interactions: () => log,
    contacts: () => ofOffers,
  };
}

function countersOf(sorted: readonly Interaction[]): Record<string, Counter> {
  const counters: Record<string, Counter> = Object.create(null) as Record<string, Counter>;
  for (const { event, timestamp } of sorted) {
    const before = counters[event];
    counters[event] = { count: (before?.count ?? 0) + 1, first: before?.first ?? timestamp, last: timestamp };
  }
  return counters;
}
