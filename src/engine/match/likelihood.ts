import type { Tree } from './condition-tree.js';
import type { Predicate } from './predicate-table.js';

/**
 * How likely a condition holds, and what finding out costs. Only the order of evaluation depends on it, never an
 * answer.
 */
export interface Estimate {
  readonly likelihood: number;
  readonly cost: number;
}

/** Estimates a tree as if its parts were independent. */
export function estimate(tree: Tree, predicates: readonly Predicate[]): Estimate {
  if (tree.kind === 'leaf') {
    const { likelihood, cost } = predicates[tree.predicate] ?? { likelihood: 0, cost: 0 };
    return { likelihood: tree.negated ? 1 - likelihood : likelihood, cost };
  }
  const parts = tree.children.map((child) => estimate(child, predicates));
  const cost = parts.reduce((sum, part) => sum + part.cost, 0);
  const settled = parts.reduce(
    (product, part) => product * (tree.kind === 'all' ? part.likelihood : 1 - part.likelihood),
    1,
  );
  return { likelihood: tree.kind === 'all' ? settled : 1 - settled, cost };
}

/** The children in the order that is likely to settle the branch at the least cost. */
export function cheapestFirst(
  kind: 'all' | 'any',
  children: readonly Tree[],
  predicates: readonly Predicate[],
): Tree[] {
  const ranked = children.map((child) => {
    const { likelihood, cost } = estimate(child, predicates);
    const settles = kind === 'all' ? 1 - likelihood : likelihood;
    return { child, rank: (settles + 0.01) / (cost + 1) };
  });
  return ranked.sort((a, b) => b.rank - a.rank).map(({ child }) => child);
}
