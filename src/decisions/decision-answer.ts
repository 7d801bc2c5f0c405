import type { Served } from './decide-safely.js';
import type { PlacementDecision } from '../engine/answer.js';
import type { PlacementExplanation } from '../engine/explain/explanation.js';

/** The answer to a decision request. */
export interface DecisionAnswer {
  readonly decisionId: string;
  readonly visitorId: string;
  readonly rulebook: { readonly version: number; readonly digest: string };
  readonly served: Served;
  /**
   * Only where events came with the request: `unconfirmed` events must be sent again, which never applies them twice.
   */
  readonly events?: 'stored' | 'unconfirmed' | 'dry-run';
  readonly decisions: readonly PlacementDecision[];
  /** Only where it was asked for: why each placement is answered so, in the same order. */
  readonly explanation?: readonly PlacementExplanation[];
  readonly elapsedMs: number;
}
