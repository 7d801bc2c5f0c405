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
  /**
   * Of one that is `decided`: so long it takes a place of limits on what comes of it. Of one that is `dismissed`: it
   * was only put off until then, and is no refusal.
   */
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

/** Contacts are forgotten after so many days, whatever else is kept how long: no window can be longer. */
export const CONTACTS_KEPT_DAYS = 400;

/** Of nobody, and of whoever had no contact yet. */
export const NO_CONTACTS: Contacts = { offers: () => [], of: () => [], goals: () => [] };

/** When an event happened that is the goal of some offer. */
export interface GoalReached {
  readonly event: string;
  readonly at: Millis;
}

/** A view of contacts and goals that are all at hand, in any order. */
export function contactsOf(all: readonly Contact[], goals: readonly GoalReached[] = []): Contacts {
  return all.length === 0 && goals.length === 0 ? NO_CONTACTS : new ContactsAtHand(all, goals);
}

/** Grouped by offer when it is first asked. */
class ContactsAtHand implements Contacts {
  private grouped: ReadonlyMap<string, readonly Contact[]> | undefined;

  constructor(
    private readonly all: readonly Contact[],
    private readonly reached: readonly GoalReached[],
  ) {}

  offers(): readonly string[] {
    return [...this.byOffer().keys()].sort();
  }

  of(offer: string): readonly Contact[] {
    return this.byOffer().get(offer) ?? [];
  }

  goals(event: string): readonly Millis[] {
    return this.reached
      .filter((one) => one.event === event)
      .map(({ at }) => at)
      .sort((a, b) => a - b);
  }

  private byOffer(): ReadonlyMap<string, readonly Contact[]> {
    return (this.grouped ??= Map.groupBy(this.all.toSorted(byTime), ({ offer }) => offer));
  }
}

/** What happens of one item at one moment happens in the order of {@link contactEvents}. */
function byTime(a: Contact, b: Contact): number {
  return a.at - b.at || contactEvents.indexOf(a.event) - contactEvents.indexOf(b.event) || a.ref - b.ref;
}

/** The {@link Contact.ref} of what tells of an item of a decision. */
export function itemRef(decisionId: string, placement: string): number {
  return ref(`item ${JSON.stringify([decisionId, placement])}`);
}

/** The {@link Contact.ref} of what tells of no decision, by its message. */
export function messageRef(messageId: string): number {
  return ref(`message ${messageId}`);
}

/**
 * 48 bits of a text: two rounds of FNV-like mixing (cyrb53, public domain). That two of the 50 contacts which are kept
 * of an event of an offer have the same: once in 10^11.
 */
function ref(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (0xffff & low) + (high >>> 0);
}
