import type { Millis } from '../language/millis.js';

/** A limit in total that is used up. */
export interface SpentLimit {
  /** The key of the counter, as a reservation names it. */
  readonly key: string;
  /** When a place may come back at the earliest; absent where that is not known. */
  readonly freesAt?: Millis;
}

/** What is known of limits that are not told by the visitor's own contacts, when a decision is made. */
export interface KnownLimits {
  /** By offer, which of its limits in total are used up. */
  readonly spent: ReadonlyMap<string, readonly SpentLimit[]>;
  /** Nothing can be reserved now: no offer that needs a reservation is made. */
  readonly unknown?: true;
}
