import { decide } from '../engine/decide.js';
import type { DecideInput } from '../engine/decision-run.js';
import { explain } from '../engine/explain/explain.js';
import type { PlacementExplanation } from '../engine/explain/explanation.js';
import type { PlacementDecision } from '../engine/answer.js';
import { TextBudget } from '../engine/text-budget.js';
import { CorruptDocument } from '../errors.js';

/** How much of the decision could be made; see `docs/reasons-and-errors.md`. */
export type Served = 'full' | 'context-only' | 'fallback';

/** A decision that was made, however little of it could be. */
export interface SafeDecision {
  readonly served: Served;
  readonly decisions: readonly PlacementDecision[];
  /** Only where it was asked for. */
  readonly explanation?: readonly PlacementExplanation[];
}

/** Hears of what goes wrong. */
export interface Faults {
  /** The visitor's document can't be read: it is decided as if they had not been read. */
  corrupt(): void;
  /** So many times texts were more work than the decision may take: other offers stand in their place. */
  overBudget(count: number): void;
  /** A mistake of ours: nothing is decided. */
  unexpected(error: unknown): void;
}

/**
 * Decides whatever happens, live and again alike. A document shows that it is beyond repair only when a rule asks for
 * the broken part; what the person refused can't be known then either. For any other fault the page must come up all
 * the same.
 */
export function decideSafely(input: DecideInput & { readonly explain?: boolean }, faults: Faults): SafeDecision {
  try {
    const budget = new TextBudget();
    const decided = input.explain ? explain(input, budget) : { decisions: decide(input, undefined, budget) };
    if (budget.refused.length > 0) faults.overBudget(budget.refused.length);
    return { ...decided, served: input.visitor ? 'full' : 'context-only' };
  } catch (error) {
    if (error instanceof CorruptDocument && input.visitor) {
      faults.corrupt();
      return decideSafely({ ...input, visitor: undefined }, faults);
    }
    faults.unexpected(error);
    return {
      decisions: input.request.placements.map(({ id }) => ({ placement: id, reason: 'ERROR', items: [] })),
      served: 'fallback',
    };
  }
}
