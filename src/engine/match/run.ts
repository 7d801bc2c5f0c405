import { FAILS, HOLDS, NAMED_CONDITION, type MatcherData } from './matcher-data.js';
import type { FactReference } from '../language/condition-definition.js';
import type { Operator } from './operator-declaration.js';
import { compareKey, compareNumber, LESS, PREDICATE } from './program.js';

/** What a run has found out so far. Ticks tell what is still true from what an earlier run found. */
export class RunMemory {
  tick = 0;
  readonly values: unknown[];
  readonly valueTicks: Uint32Array;
  /** Per value, the number by which steps know it. */
  readonly keys: Int32Array;
  readonly keyTicks: Uint32Array;
  /** Per predicate, twice the tick at which it was evaluated, plus 1 when it held. */
  readonly answers: Int32Array;

  constructor({ values, left }: MatcherData) {
    this.values = new Array<unknown>(values.length).fill(undefined);
    this.valueTicks = new Uint32Array(values.length);
    this.keys = new Int32Array(values.length);
    this.keyTicks = new Uint32Array(values.length);
    this.answers = new Int32Array(left.length);
  }
}

/** What becomes of the conditions of a scope, by their places. */
export interface Matches {
  /** Asked before a condition is looked at: whether it is; or that none is from there on. */
  admits(place: number): boolean | 'no more';
  /** Hears of one that holds. */
  visit(place: number): void;
}

/** What a run asks of the matcher that started it. */
export interface RunMatcher<I> {
  readonly data: MatcherData;
  readonly operations: readonly Operator[];
  /** Computes a value. */
  read(slot: number, run: Run<I>): unknown;
  /** The number by which steps know a value. */
  keyOf(value: unknown): number;
  /** The number of a value; undefined where no condition asks for it. */
  slotOf(reference: FactReference): number | undefined;
  /** Whether a value depends on what is remembered of the visitor. */
  readsVisitor(reference: FactReference): boolean;
  /** Hands over each condition of a scope that holds. */
  match(scope: string, run: Run<I>, matches: Matches): void;
  /** Takes back the memory of a run that has ended. */
  recycle(memory: RunMemory): void;
}

/** One evaluation: facts and predicates are computed when first asked for, and then known. */
export class Run<I> {
  private readonly scopeSince: number;

  /** What was found out from the tick `since` on is still true; it is now when left out. */
  constructor(
    readonly matcher: RunMatcher<I>,
    readonly input: I,
    private readonly memory: RunMemory,
    private readonly since: number = memory.tick + 1,
  ) {
    this.scopeSince = ++memory.tick;
  }

  /**
   * The same evaluation in another scope, whose input differs in nothing else: only what depends on the scope is
   * computed anew. One scope at a time: from then on neither this run nor one entered before may be asked anything.
   */
  enter<J extends I>(input: J): Run<J> {
    return new Run<J>(this.matcher, input, this.memory, this.since);
  }

  /** Ends the run: it must not be asked anything any more. */
  end(): void {
    // Twice a tick must fit into 31 bits; a memory is used a billion times before it does not.
    if (this.memory.tick < 2 ** 30 - 2 ** 16) this.matcher.recycle(this.memory);
  }

  /** Whether a condition's answer may depend on what is remembered of the visitor. */
  readsVisitor(condition: number): boolean {
    return this.matcher.data.readsVisitor[condition] === 1;
  }

  /** Whether a condition holds. */
  holds(condition: number): boolean {
    const { steps, entries, bounds, lists } = this.matcher.data.program;
    let at = entries[condition] ?? FAILS;
    // Written out, as this is where the time goes.
    while (at >= 0) {
      const what = steps[at] as number;
      const right = steps[at + 1] as number;
      const kind = what & 7;
      let holds: boolean;
      if (kind >= LESS) holds = compareNumber(kind, this.value(what >> 3), bounds[right] as number);
      else if (kind === PREDICATE) holds = this.evaluate(what >> 3);
      else holds = compareKey(kind, this.key(what >> 3), right, lists);
      at = steps[at + (holds ? 2 : 3)] as number;
    }
    return at === HOLDS;
  }

  /** Hands over each of the conditions of a scope that hold, best first. */
  match(scope: string, matches: Matches): void {
    this.matcher.match(scope, this, matches);
  }

  /** A value, computed now if it was not before. */
  value(slot: number): unknown {
    const { memory, matcher } = this;
    const since = matcher.data.scopedValues[slot] === 1 ? this.scopeSince : this.since;
    if ((memory.valueTicks[slot] ?? 0) >= since) return memory.values[slot];
    const value = matcher.read(slot, this);
    memory.values[slot] = value;
    memory.valueTicks[slot] = memory.tick;
    return value;
  }

  /** The number by which steps and indexes know a value. */
  key(slot: number): number {
    const { memory, matcher } = this;
    const since = matcher.data.scopedValues[slot] === 1 ? this.scopeSince : this.since;
    if ((memory.keyTicks[slot] ?? 0) >= since) return memory.keys[slot] as number;
    const key = matcher.keyOf(this.value(slot));
    memory.keys[slot] = key;
    memory.keyTicks[slot] = memory.tick;
    return key;
  }

  private evaluate(predicate: number): boolean {
    const { memory } = this;
    const { scoped, operator, left, right, literals } = this.matcher.data;
    const known = memory.answers[predicate] as number;
    if (known >= 2 * (scoped[predicate] === 1 ? this.scopeSince : this.since)) return (known & 1) === 1;
    const operation = operator[predicate] as number;
    const other = right[predicate] as number;
    const holds =
      operation === NAMED_CONDITION
        ? this.holds(left[predicate] as number)
        : (this.matcher.operations[operation]?.(
            this.value(left[predicate] as number),
            other >= 0 ? literals[other] : this.value(~other),
          ) ?? false);
    memory.answers[predicate] = 2 * memory.tick + Number(holds);
    return holds;
  }
}
