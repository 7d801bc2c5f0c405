import type { Candidate } from './match-rules.js';

/** A candidate with what it scored. */
export interface Scored extends Candidate {
  readonly score: number;
  /** The probability with which it was chosen. */
  readonly propensity: number;
}

/**
 * Puts candidates into one order, the best first. By priority: the score is the rule's priority, the choice is certain,
 * and ties break by offer id.
 */
export function arbitrate(candidates: readonly Candidate[]): Scored[] {
  const scored = candidates.map((candidate) => ({ ...candidate, score: candidate.rule.priority, propensity: 1 }));
  return scored.sort((a, b) => b.score - a.score || (a.offer.id < b.offer.id ? -1 : 1));
}
