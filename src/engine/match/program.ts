/**
 * Jump code as it runs. Comparisons that cost less than remembering their answers stand in the code itself, so that
 * verifying a condition reads one stretch of memory: numbers against bounds, all else by a number that equal values
 * share. What costs more is a predicate, evaluated once per run.
 */
import type { MatcherData, Program } from './matcher-data.js';
import type { CustomOperator, Meaning, Operator } from './operator-declaration.js';
import { findOperator, operators as declared } from './operators.js';

/** The step asks a predicate by its number. */
export const PREDICATE = 0;

const EQUAL = 1;

const NOT_EQUAL = 2;

const IN = 3;

/** From this kind on numbers are compared. */
export const LESS = 4;

const LESS_OR_EQUAL = 5;

const GREATER = 6;

const GREATER_OR_EQUAL = 7;

/** By kind, the operator that it stands for. */
const OPERATIONS: readonly (Operator | undefined)[] = operationsByKind();

function operationsByKind(): Operator[] {
  const found: Operator[] = [];
  for (const { meaning, compare } of declared) found[kindOf(meaning)] = compare;
  return found;
}

/** The kind of step that does what an operator asks; a predicate where none does. */
function kindOf(meaning: Meaning | undefined): number {
  switch (meaning?.asks) {
    case 'sameness':
      return EQUAL;
    case 'membership':
      return IN;
    case 'bound':
      if (meaning.side === 'below') return meaning.inclusive ? LESS_OR_EQUAL : LESS;
      return meaning.inclusive ? GREATER_OR_EQUAL : GREATER;
    case 'opposite':
      return findOperator(meaning.of)?.meaning?.asks === 'sameness' ? NOT_EQUAL : PREDICATE;
    default:
      return PREDICATE;
  }
}

/** The number of a value that no step looks for. */
export const UNKNOWN = -1;

const NOTHING = -2;

/** Looking into a longer list costs more than remembering. */
const SHORT = 8;

/** What stands on the right of steps, gathered as they are made. */
export class Operands {
  readonly keys = new Map<unknown, number>();
  readonly lists: number[] = [];
  private readonly known = new Map<unknown, number>();

  keyOf(value: unknown): number {
    if (Number.isNaN(value)) return NOTHING;
    const known = this.keys.get(value);
    if (known === undefined) this.keys.set(value, this.keys.size);
    return known ?? this.keys.size - 1;
  }

  listOf(values: readonly unknown[]): number {
    const known = this.known.get(values);
    if (known !== undefined) return known;
    const start = this.lists.length;
    this.known.set(values, start);
    this.lists.push(values.length, ...values.map((value) => this.keyOf(value)));
    return start;
  }
}

/** Makes a program of jump code: per step a predicate, where to go when it holds, and where when not. */
export function toProgram(
  { operators, operator, left, right, literals }: Omit<MatcherData, 'program'>,
  {
    code,
    entries,
    operands,
  }: { readonly code: readonly number[]; readonly entries: readonly number[]; readonly operands: Operands },
  custom: Readonly<Record<string, CustomOperator>>,
): Program {
  // An operator of one's own may go by a built-in name and mean something else.
  const kinds = operators.map((name) =>
    Object.hasOwn(custom, name) ? PREDICATE : kindOf(findOperator(name)?.meaning),
  );
  const steps = new Int32Array((code.length / 3) * 4);
  for (let from = 0, to = 0; from < code.length; from += 3, to += 4) {
    const predicate = code[from] as number;
    const literal = right[predicate] as number;
    const kind = literal < 0 ? PREDICATE : kindFor(kinds[operator[predicate] as number], literals[literal]);
    steps[to] = ((kind === PREDICATE ? predicate : (left[predicate] as number)) << 3) | kind;
    steps[to + 1] =
      kind === EQUAL || kind === NOT_EQUAL
        ? operands.keyOf(literals[literal])
        : kind === IN
          ? operands.listOf(literals[literal] as readonly unknown[])
          : literal;
    steps[to + 2] = moved(code[from + 1] as number);
    steps[to + 3] = moved(code[from + 2] as number);
  }
  return {
    steps,
    entries: Int32Array.from(entries, moved),
    bounds: Float64Array.from(literals, (value) => (typeof value === 'number' ? value : NaN)),
    keys: [...operands.keys.keys()],
    lists: Int32Array.from(operands.lists),
  };
}

/** Compares the number of a value with another, or with a list of them. */
export function compareKey(kind: number, key: number, right: number, lists: Int32Array): boolean {
  if (kind === EQUAL) return key === right;
  if (kind === NOT_EQUAL) return key !== right;
  const end = right + (lists[right] as number);
  for (let at = right + 1; at <= end; at++) if (lists[at] === key) return true;
  return false;
}

/** Compares with a bound. What is no number goes the long way, where JavaScript may turn it into one. */
export function compareNumber(kind: number, fact: unknown, bound: number): boolean {
  if (typeof fact !== 'number') return OPERATIONS[kind]?.(fact, bound) ?? false;
  if (kind === GREATER) return fact > bound;
  if (kind === LESS) return fact < bound;
  return kind === LESS_OR_EQUAL ? fact <= bound : fact >= bound;
}

function kindFor(kind: number | undefined, literal: unknown): number {
  if (kind === undefined || kind === PREDICATE || kind === EQUAL || kind === NOT_EQUAL) return kind ?? PREDICATE;
  const fits = kind === IN ? Array.isArray(literal) && literal.length <= SHORT : typeof literal === 'number';
  return fits ? kind : PREDICATE;
}

function moved(at: number): number {
  return at < 0 ? at : (at / 3) * 4;
}
