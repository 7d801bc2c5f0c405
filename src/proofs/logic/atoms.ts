import { type Comparison, type FactReference, isFactReference } from '../../engine/language/condition-definition.js';
import type { Json } from '../../engine/language/json.js';
import {
  compileOperator,
  findDecorator,
  findOperator,
  operatorThatAsks,
  reckonedValue,
} from '../../engine/match/operators.js';
import { branch, constant, FALSE, type Atom, type Formula } from './formula.js';
import { Terms, type Term } from './term.js';
import { exactKey } from './exact-key.js';

/** Whether the value is a list: what some opposites ask besides. */
export const IS_LIST = '$list';

const SAME = operatorThatAsks('sameness');
const AMONG = operatorThatAsks('membership');
const HAS_ELEMENT = operatorThatAsks('element');

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
    const does = findDecorator(operator.slice(0, colon))?.does;
    if (does === 'negate') return this.compared(inner, !negated);
    if (does === 'exchange') return this.swapped(one, inner, negated);
    if (typeof does !== 'object') return this.literal(one, negated);
    if (does.of === 'value') {
      if (!isList(value)) return constant(negated);
      if (does.which === 'some' && inner.operator === SAME) return this.plain({ ...one, operator: AMONG }, negated);
      return branch(
        does.which === 'some' ? 'any' : 'all',
        value.map((each) => this.compared({ ...inner, value: each }, negated)),
        negated,
      );
    }
    return does.which === 'some' && inner.operator === SAME
      ? this.plain({ ...one, operator: HAS_ELEMENT }, negated)
      : this.literal(one, negated);
  }

  private swapped(one: Compared, inner: Compared, negated: boolean): Formula {
    const meaning = findOperator(inner.operator)?.meaning;
    const isSymmetric = meaning?.asks === 'sameness' || (meaning?.asks === 'opposite' && meaning.of === SAME);
    if (isSymmetric) return this.plain(inner, negated);
    if (meaning?.asks === 'element')
      return isList(one.value) ? this.plain({ ...one, operator: AMONG }, negated) : constant(negated);
    return this.literal(one, negated);
  }

  private plain(one: Compared, negated: boolean): Formula {
    const { operator, value } = one;
    const meaning = findOperator(operator)?.meaning;
    switch (meaning?.asks) {
      case 'opposite':
        return this.opposite({ ...one, operator: meaning.of }, meaning.ofLists === true, negated);
      case 'sameness':
      case 'element':
        // An object is equal to nothing but itself.
        return isPrimitive(value) ? this.literal(one, negated) : constant(negated);
      case 'membership':
        return isList(value) ? this.among(one, value.filter(isPrimitive), negated) : this.literal(one, negated);
      default:
        return this.literal(one, negated);
    }
  }

  private opposite(one: Compared, ofLists: boolean, negated: boolean): Formula {
    const otherwise = this.plain(one, !negated);
    if (!ofLists) return otherwise;
    return branch('all', [this.literal({ ...one, operator: IS_LIST, value: true }, negated), otherwise], negated);
  }

  private among(one: Compared, values: readonly Json[], negated: boolean): Formula {
    const [only, ...others] = values;
    if (only === undefined) return constant(negated);
    return others.length === 0
      ? this.literal({ ...one, operator: SAME, value: only }, negated)
      : this.literal({ ...one, value: values }, negated);
  }

  private literal({ term, operator, value }: Compared, negated: boolean): Formula {
    const test = operator === IS_LIST ? Array.isArray : compileOperator(operator);
    if (!test) return negated ? constant(true) : FALSE;
    const atom = this.interned(`${term.id} ${operator} ${exactKey(value)}`, (id) => ({
      id,
      term,
      operator,
      meaning: findOperator(operator)?.meaning,
      asksForList: asksForList(operator),
      hangsOnTime: reckonedValue(operator, value) !== undefined,
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
      meaning: undefined,
      asksForList: false,
      hangsOnTime: false,
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

function asksForList(operator: string): boolean {
  if (operator === IS_LIST || operator === HAS_ELEMENT) return true;
  const does = findDecorator(operator.slice(0, Math.max(0, operator.indexOf(':'))))?.does;
  return typeof does === 'object' && does.of === 'fact';
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isPrimitive(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}
