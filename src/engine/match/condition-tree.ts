import type { Comparison, Condition } from '../language/condition-definition.js';

/** A condition in negation normal form. An `any` of nothing fails, an `all` of nothing holds. */
export type Tree = (Leaf | Branch) & {
  /** Its priority among the parts of a branch: 1 when absent, and the higher is asked first. */
  readonly priority?: number;
};

/** One predicate, or its negation. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly predicate: number;
  readonly negated: boolean;
}

/** All or any of several. */
export interface Branch {
  readonly kind: 'all' | 'any';
  readonly children: readonly Tree[];
}

/** The number of a predicate; undefined for one that never holds. */
export interface NumberPredicates {
  comparison(condition: Comparison): number | undefined;
  /** The predicate that a comparison is the opposite of; undefined where it is compared as it is written. */
  opposite(condition: Comparison): number | undefined;
  named(name: string): number | undefined;
}

const ALWAYS: Branch = { kind: 'all', children: [] };
const NEVER: Branch = { kind: 'any', children: [] };

/** Brings a condition into negation normal form. */
export function toTree(condition: Condition, number: NumberPredicates, negated = false): Tree {
  if ('all' in condition) return branch('all', condition.all, number, negated);
  // json-rules-engine: an empty `any` holds.
  if ('any' in condition) return branch(condition.any.length === 0 ? 'all' : 'any', condition.any, number, negated);
  if ('not' in condition) return toTree(condition.not, number, !negated);
  const opposite = 'condition' in condition ? undefined : number.opposite(condition);
  if (opposite !== undefined) return { kind: 'leaf', predicate: opposite, negated: !negated };
  const predicate = 'condition' in condition ? number.named(condition.condition) : number.comparison(condition);
  if (predicate === undefined) return negated ? ALWAYS : NEVER;
  return { kind: 'leaf', predicate, negated };
}

function branch(kind: 'all' | 'any', children: readonly Condition[], number: NumberPredicates, negated: boolean): Tree {
  const opposite = kind === 'all' ? 'any' : 'all';
  return { kind: negated ? opposite : kind, children: children.map((child) => ranked(child, number, negated)) };
}

/** json-rules-engine takes the whole number that a priority begins with. */
function ranked(child: Condition, number: NumberPredicates, negated: boolean): Tree {
  const tree = toTree(child, number, negated);
  const priority = child.priority === undefined ? NaN : Number.parseInt(String(child.priority), 10);
  return priority ? { ...tree, priority } : tree;
}
