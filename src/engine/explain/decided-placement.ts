import type { PlacementDecision } from '../answer.js';
import type { PlacedRun } from '../decision-run.js';
import type { Rulebook } from '../rulebook.js';
import type { Trace } from '../trace.js';

/** A placement that has been decided, and what is known of how. The run is still in it. */
export interface DecidedPlacement {
  readonly rulebook: Rulebook;
  readonly trace: Trace;
  readonly decision: PlacementDecision;
  readonly run: PlacedRun;
}
