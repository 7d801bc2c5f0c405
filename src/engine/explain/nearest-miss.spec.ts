import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ExplainedComparison, ExplainedCondition } from './explanation.js';
import { NearestMissFinder } from './nearest-miss.js';

const leaf = (name: string, result: boolean, more: Partial<ExplainedComparison> = {}): ExplainedComparison => ({
  result,
  fact: name,
  operator: 'equal',
  value: 1,
  ...more,
});

/** A tree in which every comparison is another; each is true or false as it comes. */
const tree = fc.letrec<{ node: ExplainedCondition }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'medium' },
    fc.boolean().map((result) => leaf('x', result)),
    fc.array(tie('node'), { maxLength: 3 }).map((all) => ({ result: all.every(({ result }) => result === true), all })),
    fc
      .array(tie('node'), { maxLength: 3 })
      .map((any) => ({ result: any.length === 0 || any.some(({ result }) => result === true), any })),
    tie('node').map((not) => ({ result: not.result !== true, not })),
    tie('node').map((conditions) => ({ result: conditions.result, condition: 's', conditions })),
  ),
})).node;

/** What the tree would come to, had these comparisons come out otherwise. */
function resultWith(node: ExplainedCondition, changed: ReadonlySet<ExplainedComparison>): boolean {
  if ('all' in node) return node.all.every((child) => resultWith(child, changed));
  if ('any' in node) return node.any.length === 0 || node.any.some((child) => resultWith(child, changed));
  if ('not' in node) return !resultWith(node.not, changed);
  if ('condition' in node) return node.conditions ? resultWith(node.conditions, changed) : false;
  return changed.has(node) ? node.result !== true : node.result === true;
}

function leavesOf(node: ExplainedCondition): ExplainedComparison[] {
  if ('all' in node) return node.all.flatMap(leavesOf);
  if ('any' in node) return node.any.flatMap(leavesOf);
  if ('not' in node) return leavesOf(node.not);
  if ('condition' in node) return node.conditions ? leavesOf(node.conditions) : [];
  return [node];
}

/** By trying every set: the size of the smallest that does it. */
function smallest(node: ExplainedCondition, needed: boolean): number | undefined {
  const leaves = leavesOf(node);
  let best: number | undefined;
  for (let bits = 0; bits < 2 ** leaves.length; bits++) {
    const changed = new Set(leaves.filter((_leaf, index) => (bits >> index) & 1));
    if (changed.size < (best ?? Infinity) && resultWith(node, changed) === needed) best = changed.size;
  }
  return best;
}

describe('the nearest miss', () => {
  test('would have done it, and nothing smaller would', () => {
    fc.assert(
      fc.property(tree, fc.boolean(), (node, needed) => {
        fc.pre(leavesOf(node).length <= 10);
        const changes = new NearestMissFinder().find(node, needed);
        expect(changes?.length).toBe(smallest(node, needed));
        if (changes) expect(resultWith(node, new Set(changes.map(({ comparison }) => comparison)))).toBe(needed);
        for (const { comparison, needed: wanted } of changes ?? []) expect(comparison.result).toBe(!wanted);
      }),
      { numRuns: 2_000 },
    );
  });

  test('counts a comparison that stands twice once, and never wants it both ways', () => {
    const [a, b] = [leaf('a', false), leaf('b', false)];
    const both: ExplainedCondition = { result: false, all: [a, { result: false, any: [a, b] }] };
    expect(new NearestMissFinder().find(both)).toEqual([{ comparison: a, needed: true, segments: [] }]);
    expect(new NearestMissFinder().find({ result: false, all: [a, { result: true, not: a }] })).toBeUndefined();
  });

  test('prefers the smaller gap among equally many', () => {
    const far = leaf('minutes', false, { operator: 'greaterThan', value: 60, factResult: 0 });
    const near = leaf('views', false, { operator: 'greaterThanInclusive', value: 3, factResult: 2 });
    const text = leaf('interests', false, { operator: 'contains', value: 'pets' });
    expect(new NearestMissFinder().find({ result: false, any: [far, text, near] })).toEqual([
      { comparison: near, needed: true, segments: [] },
    ]);
  });

  test('names the segments on the way, the outermost first', () => {
    const inner: ExplainedCondition = { result: false, condition: 'inner', conditions: leaf('a', false) };
    const outer: ExplainedCondition = {
      result: false,
      condition: 'outer',
      conditions: { result: false, all: [inner] },
    };
    expect(new NearestMissFinder().find(outer)).toMatchObject([{ segments: ['outer', 'inner'] }]);
  });

  test('is none where nothing could have helped', () => {
    expect(new NearestMissFinder().find({ result: false, not: { result: true, all: [] } })).toBeUndefined();
    expect(new NearestMissFinder().find({ result: false, not: { result: true, any: [] } })).toBeUndefined();
    expect(new NearestMissFinder().find({ result: false, condition: 'gone' })).toBeUndefined();
  });
});
