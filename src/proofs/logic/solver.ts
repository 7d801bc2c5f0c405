import { Budget } from './budget.js';
import type { Formula, Literal } from './formula.js';
import { mayHaveValue } from './possible-values.js';
import { Search } from './search.js';
import { domainIn, type Setting } from './setting.js';
import type { Term } from './term.js';

/**
 * `never`: no visitor, request and time satisfies the formulas. `open`: nothing was found against these literals, which
 * satisfy them. `unknown`: looking further would have cost too much.
 */
export type Outcome =
  { readonly verdict: 'never' | 'unknown' } | { readonly verdict: 'open'; readonly literals: readonly Literal[] };

/** How many steps one question may cost. */
const STEPS = 4_000;
/** Beyond so many remembered answers, they are forgotten. */
const MOST_REMEMBERED = 300_000;

/**
 * Asks whether formulas can all hold at once: cases are told apart one `any` at a time, and each value is judged by all
 * that is said of it.
 */
export class Solver {
  private readonly remembered = new Map<string | number, boolean>();

  constructor(private readonly budget: Budget) {}

  /** Whether all of these can hold at once in a setting, or in any when there is none. */
  solve(formulas: readonly Formula[], setting?: Setting): Outcome {
    if (this.budget.isSpent) return { verdict: 'unknown' };
    const steps = new Budget(STEPS);
    const search = new Search((term, literals) => this.mayHave(term, literals, setting), steps);
    const verdict = search.run(formulas);
    this.budget.spend(STEPS - steps.left);
    return verdict === 'open' ? { verdict, literals: search.literals } : { verdict };
  }

  /** Whether it is certain that these can't all hold. */
  isImpossible(formulas: readonly Formula[], setting?: Setting): boolean {
    return this.solve(formulas, setting).verdict === 'never';
  }

  private mayHave(term: Term, literals: readonly Literal[], setting: Setting | undefined): boolean {
    const domain = domainIn(setting, term);
    if (domain !== term.domain) return mayHaveValue(domain, literals);
    const key = keyOf(literals);
    const known = this.remembered.get(key);
    if (known !== undefined) return known;
    if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
    const answer = mayHaveValue(domain, literals);
    this.remembered.set(key, answer);
    return answer;
  }
}

/** The same for the same literals in any order. Most often there are one or two. */
function keyOf(literals: readonly Literal[]): string | number {
  const [first, second] = literals;
  if (!first || literals.length > 2)
    return literals
      .map(numberOf)
      .sort((a, b) => a - b)
      .join();
  if (!second) return numberOf(first);
  const [a, b] = [numberOf(first), numberOf(second)];
  return -1 - (Math.min(a, b) * 2 ** 26 + Math.max(a, b));
}

function numberOf({ atom, negated }: Literal): number {
  return 2 * atom.id + Number(negated);
}
