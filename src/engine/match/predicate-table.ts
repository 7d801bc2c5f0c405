import { type Comparison, type FactReference, isFactReference } from '../language/condition-definition.js';
import { type Json, canonical } from '../language/json.js';
import type { FactReader, FindFact } from './fact-reader.js';
import { NAMED_CONDITION } from './matcher-data.js';
import type { CustomOperator, Operator } from './operator-declaration.js';
import { compileOperator, findOperator, isCustom, reckonedValue } from './operators.js';
import { compilePath, definiteNames } from './path.js';

/** A distinct comparison, or a named condition used as one. */
export interface Predicate {
  readonly left: number;
  readonly operator: number;
  readonly right: number;
  readonly scoped: boolean;
  readonly readsVisitor: boolean;
  /** Whether it asks an operator that was handed in, which may throw where it should not have been asked. */
  readonly custom: boolean;
  /** What evaluating it costs, once. */
  readonly cost: number;
  /** How often it is expected to hold, from 0 to 1. */
  readonly likelihood: number;
}

const NO_READER = { read: () => undefined, scoped: false, readsVisitor: false, cost: 0 };

/** Gives every distinct value, literal and comparison of a rulebook its number. */
export class PredicateTable<I> {
  readonly values: FactReference[] = [];
  readonly operators: string[] = [];
  readonly literals: Json[] = [];
  readonly predicates: Predicate[] = [];
  private readonly numbers = new Map<string, number>();
  /** By the left side, then the right one, then the operator: looked up for every comparison of every rule. */
  private readonly compared = new Map<number, Map<number, Map<number, number>>>();
  /** Literals that are neither lists nor objects, by themselves. */
  private readonly plain = new Map<Json, number>();
  private readonly readers: FactReader<I>[] = [];
  private readonly operations: Operator[] = [];

  constructor(
    private readonly findFact: FindFact<I>,
    readonly customOperators: Readonly<Record<string, CustomOperator>>,
  ) {}

  /** The number of a comparison; undefined where its operator is not known, so that it never holds. */
  comparison(condition: Comparison): number | undefined {
    const operator = this.operator(condition.operator);
    if (operator === undefined) return undefined;
    const left = this.value(condition);
    const other = isFactReference(condition.value)
      ? condition.value
      : reckonedValue(condition.operator, condition.value, this.customOperators);
    const right = other ? ~this.valueBeside(left, other) : this.literal(condition.value);
    const known = entryOf(entryOf(this.compared, left), right);
    return numbered(known, operator, this.predicates, () => {
      const sides = [left, ...(right < 0 ? [~right] : [])].map((value) => this.reader(value));
      return {
        left,
        operator,
        right,
        scoped: sides.some((side) => side.scoped),
        readsVisitor: sides.some((side) => side.readsVisitor),
        custom: isCustom(condition.operator, this.customOperators),
        cost: sides.reduce((sum, side) => sum + side.cost, 1),
        likelihood: likelihoodOf(condition),
      };
    });
  }

  /** Whether a comparison asks for an element of a list, or for its absence. */
  asksForElement({ operator }: Comparison, asks: 'element' | 'opposite'): boolean {
    if (isCustom(operator, this.customOperators)) return false;
    const isElement = (name: string) => findOperator(name)?.meaning?.asks === 'element';
    if (asks === 'element') return isElement(operator);
    const meaning = findOperator(operator)?.meaning;
    if (meaning?.asks === 'opposite') return isElement(meaning.of);
    return operator.startsWith(NOT) && isElement(operator.slice(NOT.length));
  }

  /** The number of a condition used as a predicate; as that which is `listed` it may read more. */
  named(entry: number, more: Omit<Predicate, 'left' | 'operator' | 'right'>, as: 'named' | 'listed' = 'named'): number {
    return numbered(this.numbers, `@${as} ${entry}`, this.predicates, () => ({
      ...more,
      left: entry,
      operator: NAMED_CONDITION,
      right: 0,
    }));
  }

  /**
   * The number of the value on the right. The same path is followed again there: where it makes a list of what it
   * finds, there are two lists, and no list equals another.
   */
  private valueBeside(left: number, reference: FactReference): number {
    const right = this.value(reference);
    const { path } = reference;
    if (right !== left || path === undefined || definiteNames(path) !== undefined) return right;
    return numbered(this.numbers, `r${right}`, this.values, () => {
      this.readers.push(this.reader(right));
      return this.values[right] as FactReference;
    });
  }

  /** The number of a value. */
  value({ fact, params, path }: FactReference): number {
    const simple = params === undefined && path === undefined;
    // What a path is followed into is a value of its own, so that paths into one fact share it.
    if (path !== undefined) this.value({ fact, ...(params && { params }) });
    // Sorting names costs most of it, and few facts take params.
    const key = params ? canonical([fact, params, path ?? '']) : JSON.stringify([fact, {}, path ?? '']);
    return numbered(this.numbers, simple ? `f${fact}` : `v${key}`, this.values, () => {
      this.readers.push(this.findFact(fact, params) ?? NO_READER);
      return { fact, ...(params && { params }), ...(path !== undefined && { path }) };
    });
  }

  /** The reader behind a value. */
  reader(value: number): FactReader<I> {
    return this.readers[value] ?? NO_READER;
  }

  /** What a predicate says when the fact on its left has this value; undefined where its right side is a fact too. */
  test({ left, operator, right }: Predicate, factValue: unknown): boolean | undefined {
    if (operator === NAMED_CONDITION || right < 0) return undefined;
    const { path } = this.values[left] ?? {};
    const value = path ? compilePath(path)?.(factValue) : factValue;
    return this.operations[operator]?.(value, this.literals[right]);
  }

  private operator(name: string): number | undefined {
    const known = this.numbers.get(`o${name}`);
    if (known !== undefined) return known;
    const operation = compileOperator(name, this.customOperators);
    if (!operation) return undefined;
    this.operations.push(operation);
    return numbered(this.numbers, `o${name}`, this.operators, () => name);
  }

  private literal(value: Json): number {
    if (typeof value !== 'object' || value === null) return numbered(this.plain, value, this.literals, () => value);
    const key = literalKey(value);
    return key === undefined ? this.literals.push(value) - 1 : numbered(this.numbers, key, this.literals, () => value);
  }
}

/** The number of what has this key; what is new is made, and gets the next. */
function numbered<K, T>(numbers: Map<K, number>, key: K, list: T[], make: () => T): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const number = list.length;
  numbers.set(key, number);
  list.push(make());
  return number;
}

function entryOf<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const known = maps.get(key);
  if (known) return known;
  const made = new Map<L, V>();
  maps.set(key, made);
  return made;
}

/** The decorator that makes the opposite of an operator. */
const NOT = 'not:';

const UNTOLD = 0.5;

/** Without statistics of visitors, the operator tells most: few values are equal, about half are greater. */
function likelihoodOf({ operator, value }: Comparison): number {
  return typeof value === 'boolean' ? UNTOLD : (findOperator(operator)?.likelihood ?? UNTOLD);
}

/** Equal for lists that no operator tells apart; undefined for those, and for objects, that only equal themselves. */
function literalKey(value: Json): string | undefined {
  if (!Array.isArray(value) || value.some((one) => typeof one === 'object' && one !== null)) return undefined;
  return `l[${value.map((one) => JSON.stringify(`${typeof one} ${String(one)}`)).join()}`;
}
