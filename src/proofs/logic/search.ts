import type { Budget } from './budget.js';
import { mayAllHappen } from './counted-events.js';
import type { Branch, Formula, Literal } from './formula.js';
import type { Term } from './term.js';

/** What a search comes to: `unknown` where it was given up. */
export type Verdict = 'open' | 'never' | 'unknown';

/** Whether one value may satisfy all of these literals, which are about one term. */
export type MayHave = (term: Term, literals: readonly Literal[]) => boolean;

/** One search for literals that satisfy formulas. What is assumed on the way is taken back where it leads nowhere. */
export class Search {
  private readonly answers = new Map<number, Literal>();
  private readonly literalsByTerm = new Map<Term, Literal[]>();
  private readonly trail: Literal[] = [];

  constructor(
    private readonly mayHave: MayHave,
    private readonly steps: Budget,
  ) {}

  /** What was assumed in the end. */
  get literals(): readonly Literal[] {
    return this.trail;
  }

  run(formulas: readonly Formula[]): Verdict {
    return this.explore(formulas, []);
  }

  private explore(asserted: readonly Formula[], open: readonly Branch[]): Verdict {
    this.steps.spend(1);
    if (this.steps.isSpent) return 'unknown';
    const choices = [...open];
    if (!asserted.every((formula) => this.assert(formula, choices))) return 'never';
    const left = this.reduce(choices);
    if (!left || !mayAllHappen([...this.literalsByTerm])) return 'never';
    const [first, ...others] = left.sort((a, b) => a.parts.length - b.parts.length);
    return first ? this.choose(first, others) : 'open';
  }

  private choose({ parts }: Branch, others: readonly Branch[]): Verdict {
    let verdict: Verdict = 'never';
    for (const part of parts) {
      const before = this.trail.length;
      const found = this.explore([part], others);
      if (found === 'open') return found;
      if (found === 'unknown') verdict = found;
      this.takeBack(before);
    }
    return verdict;
  }

  /** False where it contradicts what is assumed already. What leaves a choice is added to `choices`. */
  private assert(formula: Formula, choices: Branch[]): boolean {
    if (formula.kind === 'literal') return this.assume(formula);
    if (formula.kind === 'all') return formula.parts.every((part) => this.assert(part, choices));
    choices.push(formula);
    return true;
  }

  private assume(literal: Literal): boolean {
    if (this.holdsAlready(literal)) return true;
    if (!this.isPossible(literal)) return false;
    this.answers.set(literal.atom.id, literal);
    this.trail.push(literal);
    const { term } = literal.atom;
    if (term) this.literalsByTerm.set(term, [...(this.literalsByTerm.get(term) ?? []), literal]);
    return true;
  }

  /**
   * The choices without the parts that are impossible by now, again and again as what is left alone holds; undefined
   * where nothing is left of one.
   */
  private reduce(choices: readonly Branch[]): Branch[] | undefined {
    let open = choices;
    for (;;) {
      const next: Branch[] = [];
      let hasLearned = false;
      for (const choice of open) {
        const parts = this.partsLeft(choice);
        if (!parts) continue;
        const [only, ...others] = parts;
        if (!only) return undefined;
        if (others.length > 0) next.push({ kind: 'any', parts });
        else if (!this.assert(only, next)) return undefined;
        else hasLearned = true;
      }
      if (!hasLearned || this.steps.isSpent) return next;
      open = next;
    }
  }

  /** The parts of an `any` that are possible; undefined where one holds already. */
  private partsLeft({ parts }: Branch): Formula[] | undefined {
    const left: Formula[] = [];
    for (const part of parts) {
      const inner = part.kind === 'any' ? this.partsLeft(part) : this.holdsAlready(part) ? undefined : [part];
      if (!inner) return undefined;
      left.push(...inner.filter((one) => one.kind !== 'literal' || this.isPossible(one)));
    }
    return left;
  }

  private holdsAlready(formula: Formula): boolean {
    if (formula.kind !== 'literal') return formula.kind === 'all' && formula.parts.length === 0;
    return this.answers.get(formula.atom.id)?.negated === formula.negated;
  }

  private isPossible(literal: Literal): boolean {
    const { term } = literal.atom;
    if (this.answers.has(literal.atom.id)) return this.holdsAlready(literal);
    if (!term) return true;
    this.steps.spend(1);
    return this.mayHave(term, [...(this.literalsByTerm.get(term) ?? []), literal]);
  }

  private takeBack(length: number): void {
    while (this.trail.length > length) {
      const literal = this.trail.pop();
      if (!literal) return;
      this.answers.delete(literal.atom.id);
      const { term } = literal.atom;
      const before = term && this.literalsByTerm.get(term)?.slice(0, -1);
      if (term && before) this.literalsByTerm.set(term, before);
    }
  }
}
