import type { JsonObject } from './language/json.js';

/** What is asked of one placement. */
export interface PlacementRequest {
  readonly id: string;
  /** How many offers; the placement's own `count` when absent. */
  readonly count?: number;
}

/** What is asked. */
export interface DecisionRequest {
  readonly placements: readonly PlacementRequest[];
  readonly channel?: string;
  readonly context: JsonObject;
}
