import type { Comparison, Condition } from '../../engine/language/condition-definition.js';
import type { Definitions } from '../../engine/language/definitions.js';
import { findDeclaration } from '../../engine/facts/facts.js';
import { Atoms } from '../logic/atoms.js';
import { branch, FALSE, negation, TRUE, type Formula } from '../logic/formula.js';

/** Turns conditions into formulas over atoms that all of a rule set share, the segments written out. */
export class Vocabulary {
  private readonly atoms = new Atoms();
  private readonly segments = new Map<string, Formula>();

  constructor(private readonly definitions: Pick<Definitions, 'segments'>) {}

  /** The formula of a condition; of none it is what always holds. */
  formula(condition: Condition | undefined): Formula {
    return condition ? this.of(condition, false) : TRUE;
  }

  private of(condition: Condition, negated: boolean): Formula {
    if ('all' in condition)
      return branch(
        'all',
        condition.all.map((one) => this.of(one, negated)),
        negated,
      );
    // json-rules-engine: an empty `any` holds.
    if ('any' in condition)
      return branch(
        condition.any.length === 0 ? 'all' : 'any',
        condition.any.map((one) => this.of(one, negated)),
        negated,
      );
    if ('not' in condition) return this.of(condition.not, !negated);
    if ('condition' in condition) return this.segment(condition.condition, negated);
    return this.comparison(condition, negated);
  }

  private segment(id: string, negated: boolean): Formula {
    const known = this.segments.get(id) ?? this.defineSegment(id);
    return negated ? negation(known) : known;
  }

  private defineSegment(id: string): Formula {
    const segment = this.definitions.segments.get(id);
    // In a circle, which is refused when rules are checked, the reference that closes it never holds.
    this.segments.set(id, FALSE);
    const formula = segment ? this.of(segment.conditions, false) : FALSE;
    this.segments.set(id, formula);
    return formula;
  }

  /** The list of segments contains one exactly when that one holds. */
  private comparison(condition: Comparison, negated: boolean): Formula {
    const formula = this.atoms.comparison(condition, negated);
    return findDeclaration(condition.fact)?.isSegmentList && condition.path === undefined
      ? this.withSegments(formula)
      : formula;
  }

  private withSegments(formula: Formula): Formula {
    if (formula.kind !== 'literal')
      return { kind: formula.kind, parts: formula.parts.map((part) => this.withSegments(part)) };
    const { atom, negated } = formula;
    if (atom.meaning?.asks !== 'element') return formula;
    return this.segment(typeof atom.value === 'string' ? atom.value : '', negated);
  }
}
