import type { Comparison, FactReference } from '../../engine/language/condition-definition.js';
import type { Json } from '../../engine/language/json.js';
import { isFactReference } from '../../engine/match/fact-reader.js';
import { compileOperator } from '../../engine/match/operators.js';
import { branch, constant, FALSE, type Atom, type Formula } from './formula.js';
import { Terms, type Term } from './term.js';
import { exactKey } from './exact-key.js';

/** Whether the value is a list: what `doesNotContain` asks besides. */
export const IS_LIST = '$list';

/** What is to be compared: the part of a comparison that decorators change. */
interface Compared {
  readonly term: Term;
  readonly operator: string;
  readonly value: Json;
}

/**
 * Takes comparisons apart into atoms that say one thing each, so that what means the same is the same: `not:contains`
 * is the negation of `contains`, `someValue:` is any of several.
 */
export class Atoms {
  readonly terms = new Terms();
  private readonly known = new Map<string, Atom>();

  /** A comparison, or its negation. */
  comparison(condition: Comparison, negated: boolean): Formula {
    const { operator, value } = condition;
    if (isFactReference(value)) return this.pair(condition, value, negated);
    return this.compared({ term: this.terms.of(condition), operator, value }, negated);
  }

  /** The same of a term. */
  compared(one: Compared, negated: boolean): Formula {
    const { operator, value } = one;
    const colon = operator.indexOf(':');
    if (colon < 0) return this.plain(one, negated);
    const inner = { ...one, operator: operator.slice(colon + 1) };
    switch (operator.slice(0, colon)) {
      case 'not':
        return this.compared(inner, !negated);
      case 'someValue':
      case 'everyValue':
        if (!isList(value)) return constant(negated);
        if (operator === 'someValue:equal') return this.plain({ ...one, operator: 'in' }, negated);
        return branch(
          operator.startsWith('some') ? 'any' : 'all',
          value.map((each) => this.compared({ ...inner, value: each }, negated)),
          negated,
        );
      case 'someFact':
        return inner.operator === 'equal'
          ? this.plain({ ...one, operator: 'contains' }, negated)
          : this.literal(one, negated);
      case 'swap':
        return this.swapped(one, inner, negated);
      default:
        return this.literal(one, negated);
    }
  }

  private swapped(one: Compared, inner: Compared, negated: boolean): Formula {
    if (inner.operator === 'equal' || inner.operator === 'notEqual') return this.plain(inner, negated);
    if (inner.operator === 'contains')
      return isList(one.value) ? this.plain({ ...one, operator: 'in' }, negated) : constant(negated);
    return this.literal(one, negated);
  }

  private plain(one: Compared, negated: boolean): Formula {
    const { operator, value } = one;
    switch (operator) {
      case 'notEqual':
        return this.plain({ ...one, operator: 'equal' }, !negated);
      case 'notIn':
        return this.plain({ ...one, operator: 'in' }, !negated);
      case 'doesNotContain':
        return branch(
          'all',
          [
            this.literal({ ...one, operator: IS_LIST, value: true }, negated),
            this.plain({ ...one, operator: 'contains' }, !negated),
          ],
          negated,
        );
      case 'equal':
      case 'contains':
        // An object is equal to nothing but itself.
        return isPrimitive(value) ? this.literal(one, negated) : constant(negated);
      case 'in':
        return isList(value) ? this.among(one, value.filter(isPrimitive), negated) : this.literal(one, negated);
      default:
        return this.literal(one, negated);
    }
  }

  private among(one: Compared, values: readonly Json[], negated: boolean): Formula {
    const [only, ...others] = values;
    if (only === undefined) return constant(negated);
    return others.length === 0
      ? this.literal({ ...one, operator: 'equal', value: only }, negated)
      : this.literal({ ...one, value: values }, negated);
  }

  private literal({ term, operator, value }: Compared, negated: boolean): Formula {
    const test = operator === IS_LIST ? Array.isArray : compileOperator(operator);
    if (!test) return negated ? constant(true) : FALSE;
    const atom = this.interned(`${term.id} ${operator} ${exactKey(value)}`, (id) => ({
      id,
      term,
      operator,
      value,
      test,
      family: term.family,
    }));
    return { kind: 'literal', atom, negated };
  }

  private pair(left: Comparison, right: FactReference, negated: boolean): Formula {
    const { operator } = left;
    const key = `${this.terms.of(left).id} ${operator} fact ${this.terms.of(right).id}`;
    const atom = this.interned(key, (id) => ({
      id,
      term: undefined,
      operator,
      value: null,
      test: () => false,
      family: key,
    }));
    return { kind: 'literal', atom, negated };
  }

  private interned(key: string, make: (id: number) => Atom): Atom {
    const known = this.known.get(key);
    if (known) return known;
    const atom = make(this.known.size);
    this.known.set(key, atom);
    return atom;
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isPrimitive(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}
