import type { Json } from '../../engine/language/json.js';
import type { Meaning, Operator } from '../../engine/match/operator-declaration.js';
import type { Term } from './term.js';

/** One thing that holds or does not. */
export interface Atom {
  readonly id: number;
  /** The value it is about; undefined where it compares two values, of which nothing more is known. */
  readonly term: Term | undefined;
  /** One that is not put together from others: a decorated one only where it looks into a list or swaps its sides. */
  readonly operator: string;
  /** What an operator without decorators asks. */
  readonly meaning: Meaning | undefined;
  /** Whether it can hold of lists only. */
  readonly asksForList: boolean;
  readonly value: Json;
  /** Whether what it asks of a date depends on when it is asked. */
  readonly hangsOnTime: boolean;
  /** The operator itself. */
  readonly test: Operator;
  /** See {@link Term.family}. */
  readonly family: string;
}

/** An atom, or its negation. */
export interface Literal {
  readonly kind: 'literal';
  readonly atom: Atom;
  readonly negated: boolean;
}

/** All or any of several; an `any` of nothing never holds, an `all` of nothing always does. */
export interface Branch {
  readonly kind: 'all' | 'any';
  readonly parts: readonly Formula[];
}

/** A condition in negation normal form, its segments written out. */
export type Formula = Literal | Branch;

/** Always holds. */
export const TRUE: Branch = { kind: 'all', parts: [] };
/** Never holds. */
export const FALSE: Branch = { kind: 'any', parts: [] };

/** One of the two that hold no matter what. */
export function constant(holds: boolean): Branch {
  return holds ? TRUE : FALSE;
}

/** All or any of several, or the opposite. */
export function branch(kind: Branch['kind'], parts: readonly Formula[], negated = false): Formula {
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  return { kind: (kind === 'all') === negated ? 'any' : 'all', parts };
}

/** What holds where a formula does not. */
export function negation(formula: Formula): Formula {
  if (formula.kind === 'literal') return { ...formula, negated: !formula.negated };
  return { kind: formula.kind === 'all' ? 'any' : 'all', parts: formula.parts.map(negation) };
}

/** The parts that must all hold, those within them included. */
export function conjuncts(formula: Formula): Formula[] {
  return formula.kind === 'all' ? formula.parts.flatMap(conjuncts) : [formula];
}

/** The families of all that is spoken of. */
export function familiesOf(formula: Formula, found = new Set<string>()): Set<string> {
  if (formula.kind === 'literal') found.add(formula.atom.family);
  else for (const part of formula.parts) familiesOf(part, found);
  return found;
}
