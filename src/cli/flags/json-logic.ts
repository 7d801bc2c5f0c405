import type { FactReference } from '../../engine/language/condition-definition.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { operatorThatAsks } from '../../engine/match/operators.js';
import {
  allOf,
  anyOf,
  attribute,
  hasEdge,
  holds,
  isAmong,
  isBound,
  isPartOf,
  isVersion,
  noneOf,
  type Bound,
  type When,
} from './flag-conditions.js';
import { NoCounterpart } from './no-counterpart.js';

/** What a dialect of JSONLogic has besides: its own operators, and what some variables are. */
export interface Dialect {
  /** A condition of the dialect's own; undefined where the operator is none of its own. */
  readonly condition?: (operator: string, values: Json, reader: JsonLogic) => When | undefined;
  /** The value of a variable that is known beforehand; throws where nobody can know it. */
  readonly constant?: (name: string) => Json | undefined;
}

/** Both languages call it so. */
const AMONG = operatorThatAsks('membership');

const SWAPPED: Readonly<Record<Bound, Bound>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** Reads conditions of JSONLogic (https://jsonlogic.com), and notes where ours differ. */
export class JsonLogic {
  readonly notes = new Set<string>();

  constructor(private readonly dialect: Dialect = {}) {}

  /** What makes an expression true. Throws `NoCounterpart`. */
  when(written: Json | undefined): When {
    if (!isObject(written)) return isTruthy(written);
    const [operator = '', values = null] = only(written);
    const own = this.dialect.condition?.(operator, values, this);
    if (own !== undefined) return own;
    switch (operator) {
      case 'and':
        return allOf(listOf(values).map((one) => this.when(one)));
      case 'or':
        return anyOf(listOf(values).map((one) => this.when(one)));
      case '!':
        return noneOf(this.when(listOf(values)[0]));
      case '!!':
        return this.when(listOf(values)[0]);
      case 'if':
      case '?:':
        return this.branch(listOf(values));
      case 'var':
        return this.truth(written);
      default:
        return this.comparison(operator, listOf(values));
    }
  }

  /** A variable as an attribute, or the value that it is known to have. */
  operand(written: Json | undefined): { readonly of: FactReference } | { readonly value: Json } {
    if (!isObject(written)) return { value: written ?? null };
    const [operator, values = null] = only(written);
    if (operator !== 'var') throw new NoCounterpart(`"${operator}" computes a value, and rules compute none`);
    const [name, ...fallback] = listOf(values);
    if (typeof name !== 'string') throw new NoCounterpart('a "var" is to name an attribute');
    if (fallback.length > 0) throw new NoCounterpart(`the attribute "${name}" has a value for when it is missing`);
    const known = this.dialect.constant?.(name);
    return known === undefined ? { of: attribute(name.split('.')) } : { value: known };
  }

  private branch([condition, then, ...others]: readonly Json[]): When {
    if (then === undefined) return condition === undefined ? false : this.when(condition);
    const holdsNow = this.when(condition);
    return anyOf([allOf([holdsNow, this.when(then)]), allOf([noneOf(holdsNow), this.branch(others)])]);
  }

  private truth(written: JsonObject): When {
    const operand = this.operand(written);
    if ('value' in operand) return isTruthy(operand.value);
    this.notes.add(`${nameOf(operand.of)} is taken to be true or false: any other value is as false`);
    return isAmong(operand.of, [true]);
  }

  private comparison(operator: string, values: readonly Json[]): When {
    switch (operator) {
      case '==':
      case '!=':
      case '===':
      case '!==':
        return this.sameness(operator, values);
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.order(operator, values);
      case AMONG:
        return this.membership(values);
      default:
        throw new NoCounterpart(`"${operator}" has no counterpart`);
    }
  }

  private sameness(operator: string, [one, other]: readonly Json[]): When {
    const [a, b] = [this.operand(one), this.operand(other)];
    const [named, value] = 'of' in a ? [a, b] : [b, a];
    if (!('of' in named) || !('value' in value)) throw new NoCounterpart(`"${operator}" is to compare one attribute`);
    const same = isAmong(
      named.of,
      this.likes(named.of, value.value, operator.length < 3 && !operator.startsWith('!==')),
    );
    return operator.startsWith('!') ? noneOf(same) : same;
  }

  /** The values that are the same: with two signs of equality, texts of numbers are. */
  private likes(of: FactReference, value: Json, isLoose: boolean): readonly Json[] {
    if (value === null) throw new NoCounterpart(`whether ${nameOf(of)} is missing can not be asked`);
    if (typeof value === 'object') throw new NoCounterpart('lists and objects are not compared as a whole');
    if (!isLoose) return [value];
    if (value === false || value === 0) this.notes.add(missing(of, JSON.stringify(value)));
    if (typeof value === 'boolean') return value ? [true, 1, '1'] : [false, 0, '0', ''];
    if (typeof value === 'number') return [value, String(value), ...alike(value)];
    return isNumber(value) ? [value, Number(value), ...alike(Number(value))] : [value];
  }

  private order(operator: Bound, values: readonly Json[]): When {
    const [first, second, third] = values.map((value) => this.operand(value));
    const pairs = third ? [[first, second] as const, [second, third] as const] : [[first, second] as const];
    return allOf(pairs.map(([a, b]) => this.ordered(operator, a, b)));
  }

  private ordered(operator: Bound, a: Operand | undefined, b: Operand | undefined): When {
    const isTurned = a !== undefined && !('of' in a);
    const [named, value, bound] = isTurned ? [b, a, SWAPPED[operator]] : [a, b, operator];
    if (!named || !('of' in named) || !value || !('value' in value) || !isNumber(value.value))
      throw new NoCounterpart(`"${operator}" is to compare one attribute with a number`);
    const number = Number(value.value);
    if (compares(0, bound, number)) this.notes.add(missing(named.of, '0'));
    return isBound(named.of, bound, number);
  }

  private membership([one, other]: readonly Json[]): When {
    if (Array.isArray(other)) {
      const operand = this.operand(one);
      if (!('of' in operand)) return other.includes(operand.value);
      return isAmong(
        operand.of,
        (other as readonly Json[]).flatMap((value) => this.likes(operand.of, value, false)),
      );
    }
    const [part, whole] = [this.operand(one), this.operand(other)];
    if ('of' in part && 'value' in whole && typeof whole.value === 'string') return isPartOf(part.of, whole.value);
    if ('value' in part && 'of' in whole && typeof part.value === 'string') return holds(whole.of, part.value);
    throw new NoCounterpart('"in" is to compare one attribute with a text or a list');
  }
}

type Operand = ReturnType<JsonLogic['operand']>;

/** flagd's own: https://flagd.dev/reference/custom-operations. */
export function flagdCondition(operator: string, values: Json, reader: JsonLogic): When | undefined {
  if (operator === 'starts_with' || operator === 'ends_with') {
    const [named, text] = listOf(values).map((value) => reader.operand(value));
    if (!named || !('of' in named) || !text || !('value' in text) || typeof text.value !== 'string')
      throw new NoCounterpart(`"${operator}" is to compare one attribute with a text`);
    return hasEdge(named.of, operator === 'starts_with' ? 'start' : 'end', text.value);
  }
  if (operator !== 'sem_ver') return undefined;
  const [named, how, version] = listOf(values).map((value) => reader.operand(value));
  if (!named || !('of' in named) || !how || !('value' in how) || !version || !('value' in version))
    throw new NoCounterpart('"sem_ver" is to compare one attribute with a version');
  return versions(named.of, textOf(how.value), textOf(version.value));
}

/** What is no text is no version, and has no counterpart. */
function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function versions(of: FactReference, how: string, version: string): When {
  const [, major = '0', minor = '0'] = /^v?(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  const within = (from: string, to: string) => allOf([isVersion(of, '>=', `${from}-0`), isVersion(of, '<', `${to}-0`)]);
  switch (how) {
    case '^':
      return within(`${major}.0.0`, `${Number(major) + 1}.0.0`);
    case '~':
      return within(`${major}.${minor}.0`, `${major}.${Number(minor) + 1}.0`);
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return isVersion(of, how, version);
    default:
      throw new NoCounterpart(`"sem_ver" with "${how}" has no counterpart`);
  }
}

/** The one operator of an expression, and what it is given. */
export function only(written: JsonObject): readonly [operator: string, values: Json] {
  const entries = Object.entries<Json>(written);
  const [entry] = entries;
  if (!entry || entries.length > 1) throw new NoCounterpart('an expression is to have one operator');
  return entry;
}

/** What an operator is given; one value may stand without a list. */
export function listOf(values: Json): readonly Json[] {
  return Array.isArray(values) ? (values as readonly Json[]) : [values];
}

/** How a missing attribute differs, for people. */
export function missing(of: FactReference, there: string): string {
  return `where ${nameOf(of)} is missing, it counts as ${there} there, and nothing holds of it here`;
}

/** The name of an attribute, for people. */
export function nameOf({ path = '' }: FactReference): string {
  return `the attribute ${path.replace(/^\$\.?/, '')}`;
}

function isTruthy(value: Json | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function isNumber(value: Json | undefined): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
}

function alike(number: number): readonly Json[] {
  return number === 1 ? [true] : number === 0 ? [false, ''] : [];
}

function compares(one: number, bound: Bound, other: number): boolean {
  if (bound === '<') return one < other;
  if (bound === '<=') return one <= other;
  return bound === '>' ? one > other : one >= other;
}
