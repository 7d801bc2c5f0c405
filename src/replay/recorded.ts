import type { RecordedInput } from '../stores/recorded-inputs.js';

/** A decision on record. */
export interface Recorded {
  readonly input: RecordedInput;
  /** The visitor's document; undefined where the decision needed none, or it is no longer kept. */
  readonly document: Uint8Array | undefined;
}

/** Why a decision can't be made again by the release that made it. */
export type NoRulebook = 'releaseGone' | 'releaseUnfit';
