import type { Millis } from '../language/millis.js';

/**
 * What becomes of an offer for a person, from the decision on. `released`: it was decided and not answered, as another
 * limit refused it; what is decided and released counts nowhere, and nobody is told of it.
 */
export const contactEvents = ['decided', 'released', 'shown', 'clicked', 'accepted', 'dismissed', 'rated'] as const;

/** One of {@link contactEvents}. */
export type ContactEvent = (typeof contactEvents)[number];

/** One contact of a person with an offer. */
export interface Contact {
  readonly event: ContactEvent;
  readonly offer: string;
  readonly at: Millis;
  /**
   * Of which item of a decision it tells, as {@link itemRef} numbers it; of which message, where the decision is not
   * known. The same event of the same offer with the same ref is the same contact, however often it is told of.
   */
  readonly ref: number;
  readonly placement?: string;
  readonly channel?: string;
  /** Of one that is `decided`: so long it takes a place of limits on what comes of it. */
  readonly heldUntil?: Millis;
  /** Of one that is `decided`: so long other channels hold the offer back. */
  readonly leasedUntil?: Millis;
}

/** What is remembered of a person's contacts with offers: the latest {@link KEPT_CONTACTS} of each event of each. */
export interface Contacts {
  /** Every offer that there was a contact with, in the order of their ids. */
  offers(): readonly string[];
  /** The contacts with an offer in order of time. */
  of(offer: string): readonly Contact[];
  /** When an event happened that is the goal of some offer, in order of time. */
  goals(event: string): readonly Millis[];
}

/** Of so many contacts of an event of an offer the times are kept: no limit for one person can be larger. */
export const KEPT_CONTACTS = 50;

/** Of nobody, and of whoever had no contact yet. */
export const NO_CONTACTS: Contacts = { offers: () => [], of: () => [], goals: () => [] };
