import type { PlacementDecision } from '../engine/answer.js';
import type { Shown } from './replay-report.js';

/** The offers of an answer, in their order. */
export function shownIn({ placement, items }: PlacementDecision): Shown[] {
  return items.map(({ offer, rule }) => ({ placement, offer, ...(rule !== undefined && { rule }) }));
}
