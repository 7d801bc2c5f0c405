import type { Recorded } from './recorded.js';
import type { PlacementDecision } from '../engine/answer.js';
import type { Rulebook } from '../engine/rulebook.js';

/** A decision made by both rulebooks. */
export interface Compared {
  readonly recorded: Recorded;
  /** The release that made it. */
  readonly rulebook: Rulebook;
  /** The id that the visitor is remembered under, else the one that was asked for. */
  readonly person: string;
  readonly before: readonly PlacementDecision[];
  readonly after: readonly PlacementDecision[];
  /** Whether nothing at all has changed. */
  readonly isSame: boolean;
}
