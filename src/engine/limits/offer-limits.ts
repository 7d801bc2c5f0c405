/** What limits an offer, as decisions ask it. */
import type { SuppressionDefinition } from '../language/contact-definition.js';
import type { Millis } from '../language/millis.js';
import type { CountedEvent } from '../language/offer-definition.js';
import type { Goal, KnownOffers } from '../visitor/happened.js';
import type { CountWindow } from '../values/count-window.js';
import type { QuietHours } from './quiet-hours.js';

/** What is counted against a number. */
export interface Counted {
  readonly event: CountedEvent;
  /** Undefined for ever. */
  readonly window: CountWindow | undefined;
  /** As it is written. */
  readonly within: string | undefined;
  readonly timeZone: string | undefined;
  /** How long a decision keeps a place; 0 where the decision itself is what counts. */
  readonly holdMs: Millis;
}

/** A cap for each visitor. Plain data. */
export interface VisitorCap extends Counted {
  readonly limit: number;
  readonly placement: string | undefined;
}

/** A cap of all visitors together. Plain data. */
export interface TotalCap extends Counted {
  /** `stock`: the figure that was told last. */
  readonly limit: number | 'stock';
  readonly placement: string | undefined;
  /** Names its counter among those of the offer: the same for the same count, whatever the limit. */
  readonly key: string;
}

/** After what an offer stays away. Plain data. */
export interface Suppression {
  /** In which part of the policy it stands. */
  readonly at: string;
  readonly written: SuppressionDefinition;
  readonly after: SuppressionDefinition['after'];
  readonly times: number;
  readonly withinMs: Millis;
  readonly forMs: Millis;
  /** How long the others of its group stay away; 0 for not at all. */
  readonly groupMs: Millis;
}

/** A limit of contacts across offers. Plain data. */
export interface ContactLimit extends Counted {
  readonly at: string;
  readonly name: string | undefined;
  readonly limit: number;
  readonly channels: readonly string[] | undefined;
  readonly groups: readonly string[];
  readonly offers: readonly string[];
}

/** What the file of an offer says of its limits, whatever the policy. Plain data. */
export interface OwnLimits {
  readonly caps: readonly VisitorCap[];
  readonly totals: readonly TotalCap[];
  readonly goal: Goal | undefined;
  readonly isTransactional: boolean;
}

/** What is to be known of every offer of a release to count contacts across them. */
export interface CountedOffers extends KnownOffers {
  groupOf(offer: string): string | undefined;
  /** Whether contacts with it count for no limit across offers. */
  isExempt(offer: string): boolean;
}

/** All that limits an offer. */
export interface OfferLimits extends Pick<OwnLimits, 'caps' | 'totals'> {
  readonly offer: string;
  readonly group: string | undefined;
  readonly suppression: readonly Suppression[];
  readonly quietHours: readonly QuietHours[];
  readonly contactLimits: readonly ContactLimit[];
  /** Whether a channel may keep it to itself. */
  readonly isLeased: boolean;
  readonly known: CountedOffers;
}

/** A cap or a limit that goes by the contacts of a visitor. */
export type VisitorLimit = VisitorCap | ContactLimit;
