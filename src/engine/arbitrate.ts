import type { Candidate } from './match-rules.js';

/** A candidate with what it scored. */
export interface Scored extends Candidate {
  readonly score: number;
  /** The probability with which it was chosen. */
  readonly propensity: number;
}

/**
 * Puts candidates into one order by priority, the best first: the score is the rule's priority, the choice is certain,
 * and ties break by offer id. How placements by score do it stands in `score.ts`.
 */
export function arbitrate(candidates: readonly Candidate[]): Scored[] {
  const scored = candidates.map(({ offer, rule }) => ({ offer, rule, score: rule.priority, propensity: 1 }));
  // They come by priority: mostly nothing is left to be sorted.
  for (let at = 1; at < scored.length; at++)
    if (inOrder(scored[at - 1] as Scored, scored[at] as Scored) > 0) return scored.sort(inOrder);
  return scored;
}

function inOrder(a: Scored, b: Scored): number {
  return b.score - a.score || (a.offer.id < b.offer.id ? -1 : 1);
}
