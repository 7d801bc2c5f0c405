import type { QuietHoursDefinition, SuppressionDefinition } from '../language/contact-definition.js';
import type { Millis } from '../language/millis.js';
import type { CountedEvent } from '../language/offer-definition.js';
import type { Contacts } from '../visitor/contacts.js';
import type { LimitFacts } from './limit-facts.js';
import type { OfferLimits } from './offer-limits.js';

/** A cap that stops an offer. Plain JSON. */
export interface StoppingCap {
  readonly event: CountedEvent;
  /** `stock`: as many as are there. */
  readonly limit: number | 'stock';
  readonly per: 'visitor' | 'total';
  readonly within?: string;
  /** By whose clocks, where the calendar counts. */
  readonly timeZone?: string;
  readonly placement?: string;
  /** How many places are taken, and how many of them are only held; absent in total, where others count. */
  readonly taken?: number;
  readonly held?: number;
}

/** A part of the contact policy that stops an offer, by where it stands in the file. Plain JSON. */
export type StoppingPolicy = { readonly at: string } & (
  | (SuppressionDefinition & {
      /** The other offer of the group that it happened to; absent where it is the offer itself. */
      readonly because?: string;
      /** The offer was put off until then, which is what counts in place of the rest. */
      readonly putOff?: true;
    })
  | QuietHoursDefinition
  | StoppingContactLimit
);

/** A limit across offers that is reached. Plain JSON. */
export interface StoppingContactLimit {
  readonly name?: string;
  readonly event: CountedEvent;
  readonly limit: number;
  readonly within: string;
  readonly timeZone?: string;
  readonly channels?: readonly string[];
  readonly taken?: number;
  readonly held?: number;
}

/** Another channel that keeps an offer to itself. Plain JSON. */
export interface StoppingLease {
  readonly channel?: string;
  readonly placement?: string;
}

/** What stops an offer. */
export interface LimitStop {
  readonly cap?: StoppingCap;
  readonly policy?: StoppingPolicy;
  readonly lease?: StoppingLease;
  /** It could not be known, and so is not offered. */
  readonly isUnknown?: true;
  /** When the offer may be made again, as far as is known now; undefined for never, or where it can't be said. */
  readonly opensAt: () => Millis | undefined;
}

/** The moment of a stop that nobody can tell. */
export function never(): undefined {
  return undefined;
}

/**
 * What of one kind of its limits stops an offer in a placement; undefined for nothing. Contacts are asked for where
 * there is such a limit only.
 */
export type Judge = (limits: OfferLimits, facts: LimitFacts, contacts: () => Contacts) => LimitStop | undefined;
