import type { JsonObject } from './language/json.js';

/**
 * Why an item, or an empty answer, is what it is. `TARGETING_MATCH`: a rule held. `DEFAULT`: the placement's fallback,
 * or nothing. `STALE`: decided without the visitor, who could not be read in time. `ERROR`: nothing could be decided.
 */
export type Reason = 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT' | 'HELD_OUT' | 'STALE' | 'ERROR';

/** What a client shows. */
export interface RenderedTreatment {
  readonly content: JsonObject;
  readonly actions: readonly JsonObject[];
  /** Only where its texts are HTML; otherwise they are plain and have to be inserted as text. */
  readonly as?: 'html';
}

/** One offer decided for a placement. */
export interface DecidedItem extends RenderedTreatment {
  readonly offer: string;
  /** The rule that put it forward; absent for a fallback. */
  readonly rule?: string;
  readonly reason: Reason;
  readonly score: number;
  readonly propensity: number;
  /**
   * Proves, with the key of a page, that it was decided for this person: to be sent with what becomes of it. Added by
   * whoever answers, so that the same decision made again is the same.
   */
  readonly token?: string;
}

/** The answer for one placement. */
export interface PlacementDecision {
  readonly placement: string;
  /** Why it is answered so: the first item's reason, or `DEFAULT` for an empty answer. */
  readonly reason: Reason;
  readonly items: readonly DecidedItem[];
}
