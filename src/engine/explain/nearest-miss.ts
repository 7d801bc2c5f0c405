import { findOperator } from '../match/operators.js';
import type { ExplainedComparison, ExplainedCondition, ExplainedSegment } from './explanation.js';

/** A comparison that would have had to come out otherwise. */
export interface Change {
  readonly comparison: ExplainedComparison;
  readonly needed: boolean;
  /** The segments through which it is reached, the outermost first. */
  readonly segments: readonly string[];
}

/** Changes that together would have done it, none for what is so already; undefined where nothing could. */
export type Changes = readonly Change[] | undefined;

/** What was missed: comparisons, and perhaps a consent and a limit that was not open. */
export interface Missed {
  readonly conditions: readonly ExplainedComparison[];
  readonly consent?: string;
  readonly limit?: { readonly opensAt?: string };
}

/**
 * Which is nearer: the fewer comparisons, then the smaller gaps, then the sooner a limit opens again; a consent and a
 * limit count as comparisons. Negative for the first.
 */
export function compareMisses(some: Missed, others: Missed): number {
  const nearer = sizeOf(some) - sizeOf(others) || gapOf(some.conditions) - gapOf(others.conditions);
  return nearer || opensIn(some) - opensIn(others);
}

function sizeOf({ conditions, consent, limit }: Missed): number {
  return conditions.length + (consent === undefined ? 0 : 1) + (limit === undefined ? 0 : 1);
}

function opensIn({ limit }: Missed): number {
  return limit?.opensAt === undefined ? 0 : Date.parse(limit.opensAt);
}

/**
 * Finds the fewest comparisons that would have had to come out otherwise: bottom up, those of all children together
 * where all are needed, those of the nearest child where one is enough. Comparisons are taken to be independent,
 * but for one that is written twice: what would undo elsewhere what it does here is left out.
 */
export class NearestMissFinder {
  /** By segment's conditions: what it takes for them to hold, and not to hold. */
  private readonly known = new Map<ExplainedCondition, Map<boolean, Changes>>();

  /** What it would have taken for the condition to come out as needed. */
  find(node: ExplainedCondition, needed = true): Changes {
    const changes = this.search(node, needed);
    const changed = new Set(changes?.map(({ comparison }) => comparison));
    return new Supposition(changed).holds(node) === needed ? changes : undefined;
  }

  private search(node: ExplainedCondition, needed: boolean): Changes {
    if ('all' in node) return needed ? this.findEach(node.all, needed) : this.findOne(node.all, needed);
    if ('any' in node) {
      if (node.any.length === 0) return needed ? [] : undefined;
      return needed ? this.findOne(node.any, needed) : this.findEach(node.any, needed);
    }
    if ('not' in node) return this.search(node.not, !needed);
    if ('condition' in node) return this.findInSegment(node, needed);
    return node.result === needed ? [] : [{ comparison: node, needed, segments: [] }];
  }

  private findEach(children: readonly ExplainedCondition[], needed: boolean): Changes {
    let together: Changes = [];
    for (const child of children) together = together && union(together, this.search(child, needed));
    return together;
  }

  private findOne(children: readonly ExplainedCondition[], needed: boolean): Changes {
    const ways = children.map((child) => this.search(child, needed));
    return ways.reduce(
      (best, one) => (one && (!best || compareMisses(missedIn(one), missedIn(best)) < 0) ? one : best),
      undefined,
    );
  }

  private findInSegment({ condition, conditions }: ExplainedSegment, needed: boolean): Changes {
    if (!conditions) return needed ? undefined : [];
    const known = this.known.get(conditions) ?? new Map<boolean, Changes>();
    this.known.set(conditions, known);
    if (!known.has(needed)) {
      const changes = this.search(conditions, needed);
      known.set(
        needed,
        changes?.map((change) => ({ ...change, segments: [condition, ...change.segments] })),
      );
    }
    return known.get(needed);
  }
}

/** What conditions would come to, had some comparisons come out otherwise. */
class Supposition {
  private readonly segments = new Map<ExplainedCondition, boolean>();

  constructor(private readonly changed: ReadonlySet<ExplainedComparison>) {}

  holds(node: ExplainedCondition): boolean {
    if ('all' in node) return node.all.every((child) => this.holds(child));
    if ('any' in node) return node.any.length === 0 || node.any.some((child) => this.holds(child));
    if ('not' in node) return !this.holds(node.not);
    if ('condition' in node) return node.conditions !== undefined && this.segmentHolds(node.conditions);
    return this.changed.has(node) ? node.result !== true : node.result === true;
  }

  /** A segment may be named in many places, and by other segments. */
  private segmentHolds(conditions: ExplainedCondition): boolean {
    const known = this.segments.get(conditions);
    if (known !== undefined) return known;
    const holds = this.holds(conditions);
    this.segments.set(conditions, holds);
    return holds;
  }
}

function missedIn(changes: readonly Change[]): Missed {
  return { conditions: changes.map(({ comparison }) => comparison) };
}

/**
 * How far all of them were off: a number as the share that was lacking, so that 2 of 3 is nearer than 0 of 60; anything
 * else as 1.
 */
function gapOf(comparisons: readonly ExplainedComparison[]): number {
  return comparisons.reduce((sum, comparison) => sum + gap(comparison), 0);
}

function gap({ operator, factResult, value, valueResult = value }: ExplainedComparison): number {
  const isMeasured = findOperator(operator)?.meaning?.asks === 'bound';
  if (!isMeasured || typeof factResult !== 'number' || typeof valueResult !== 'number') return 1;
  const scale = Math.max(Math.abs(factResult), Math.abs(valueResult));
  return scale === 0 ? 1 : Math.min(1, Math.abs(factResult - valueResult) / scale);
}

/** Both together, each comparison once; undefined where one would have to come out both ways. */
function union(some: readonly Change[], more: Changes): Changes {
  if (!more) return undefined;
  const all = new Map(some.map((change) => [change.comparison, change]));
  for (const change of more) {
    const before = all.get(change.comparison);
    if (before && before.needed !== change.needed) return undefined;
    if (!before) all.set(change.comparison, change);
  }
  return [...all.values()];
}
