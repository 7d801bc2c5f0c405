import type { Condition } from '../../src/engine/language/condition-definition.js';

/** Each node of a condition, children first, in place of what `change` makes of it. */
function rewrite(condition: Condition, change: (node: Condition) => Condition): Condition {
  if ('all' in condition) return change({ ...condition, all: condition.all.map((child) => rewrite(child, change)) });
  if ('any' in condition) return change({ ...condition, any: condition.any.map((child) => rewrite(child, change)) });
  if ('not' in condition) return change({ ...condition, not: rewrite(condition.not, change) });
  return change(condition);
}

/** The children of every node in another order, the same for the same seed. */
export function shuffled(condition: Condition, seed: number): Condition {
  return rewrite(condition, (node) => {
    if ('all' in node) return { ...node, all: turned(node.all, seed) };
    return 'any' in node ? { ...node, any: turned(node.any, seed) } : node;
  });
}

/** Enough of a shuffle for lists of four: turned by some places, and back to front half of the time. */
function turned<T>(list: readonly T[], seed: number): T[] {
  const by = seed % Math.max(1, list.length);
  const round = [...list.slice(by), ...list.slice(0, by)];
  return (seed >> 3) % 2 === 0 ? round : round.toReversed();
}

/** Every node negated twice. */
export function doublyNegated(condition: Condition): Condition {
  return rewrite(condition, (node) => ({ not: { not: node } }));
}

/** De Morgan's laws, read from right to left. An empty `any` holds in this language, so that one is left as it is. */
export function turnedInsideOut(condition: Condition): Condition {
  return rewrite(condition, (node) => {
    if ('all' in node && node.all.length > 0) return { not: { any: node.all.map((child) => ({ not: child })) } };
    return 'any' in node && node.any.length > 0 ? { not: { all: node.any.map((child) => ({ not: child })) } } : node;
  });
}
