/**
 * Compiled conditions as plain data: it can be built in another thread and handed over. Every distinct fact-and-path
 * and every distinct comparison has one number, so that a run computes each at most once.
 */
import type { FactReference } from '../language/condition-definition.js';
import type { Json } from '../language/json.js';

/** Where jump code ends when the condition holds. */
export const HOLDS = -1;
/** Where jump code ends when the condition does not hold. */
export const FAILS = -2;

/** In place of an operator's number: the predicate is another condition, whose entry stands on the left. */
export const NAMED_CONDITION = -1;

/** Everything a {@link import('./matcher.js').Matcher} runs on. */
export interface MatcherData {
  readonly values: readonly FactReference[];
  /** Per value, the number of the whole fact that its path leads into; its own where it has no path. */
  readonly wholes: Int32Array;
  /** Per value, 1 where it depends on the scope. */
  readonly scopedValues: Uint8Array;
  readonly operators: readonly string[];
  readonly literals: readonly Json[];
  /** Per predicate, the number of the value on the left. */
  readonly left: Int32Array;
  /** Per predicate, the number of its operator, or {@link NAMED_CONDITION}. */
  readonly operator: Int32Array;
  /** Per predicate, the number of a literal on the right, or `~` the number of a value. */
  readonly right: Int32Array;
  /** Per predicate, 1 where it depends on the scope. */
  readonly scoped: Uint8Array;
  /** The conditions as jump code. */
  readonly program: Program;
  /** Per condition, 1 where its answer may depend on what is remembered of the visitor. */
  readonly readsVisitor: Uint8Array;
  readonly scopes: ReadonlyMap<string, ScopeData>;
}

/** The conditions that are matched together, such as the rules of one placement, best first, and how they are found. */
export interface ScopeData {
  /** By place in the scope, the condition. */
  readonly conditions: Int32Array;
  /** Places that are always looked at, as nothing cheap rules them out. */
  readonly always: Int32Array;
  /**
   * What a value says about which conditions may hold: a superset, each of which is then verified. Five numbers per
   * value: the value, and where in `keys` end the keys that it may equal, those it may contain, and the bounds it may
   * be at least and at most. Each begins where the one before ends.
   */
  readonly probes: Int32Array;
  /** Numbers by which a program knows values, or bounds; sorted within their part of a probe. */
  readonly keys: Float64Array;
  /** The places of key `k` are `places[starts[k]]` up to `places[starts[k + 1]]`. */
  readonly starts: Int32Array;
  readonly places: Int32Array;
}

/** Plain data, like all of {@link MatcherData}. */
export interface Program {
  /**
   * Four numbers per step: kind and value (or predicate), what to compare with, where to go when it holds, and where
   * when not.
   */
  readonly steps: Int32Array;
  /** Per condition, where its steps begin; or `HOLDS` or `FAILS` at once. */
  readonly entries: Int32Array;
  /** What numbers are compared with. */
  readonly bounds: Float64Array;
  /**
   * Every value that some step looks for; its place is the number that steps know it by. None is NaN, which equals
   * nothing.
   */
  readonly keys: readonly unknown[];
  /** Lists of such numbers, each behind its length. */
  readonly lists: Int32Array;
}
