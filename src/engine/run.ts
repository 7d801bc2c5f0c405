import { HOLDS, NAMED_CONDITION, type MatcherData } from './matcher-data.js';
import type { Matcher } from './matcher.js';

/** What a run has found out so far. Ticks tell what is still true from what an earlier run found. */
export class RunMemory {
  tick = 0;
  readonly values: unknown[];
  readonly valueTicks: Uint32Array;
  /** Per predicate, twice the tick at which it was evaluated, plus 1 when it held. */
  readonly answers: Float64Array;

  constructor({ values, left }: MatcherData) {
    this.values = new Array<unknown>(values.length).fill(undefined);
    this.valueTicks = new Uint32Array(values.length);
    this.answers = new Float64Array(left.length);
  }
}

/** One evaluation: facts and predicates are computed when first asked for, and then known. */
export class Run<I> {
  private readonly since: number;
  private scopeSince: number;

  constructor(
    readonly matcher: Matcher<I>,
    readonly input: I,
    private readonly memory: RunMemory,
  ) {
    this.since = ++memory.tick;
    this.scopeSince = this.since;
  }

  /** Forgets what depends on the scope; to be called when the input's scope changes. */
  enterScope(): void {
    this.scopeSince = ++this.memory.tick;
  }

  /** Ends the run: it must not be asked anything any more. */
  end(): void {
    // Ticks must stay exact; a memory is used some billion times before this.
    if (this.memory.tick < 2 ** 31) this.matcher.recycle(this.memory);
  }

  /** Whether a condition's answer may depend on what is remembered of the visitor. */
  readsVisitor(condition: number): boolean {
    return this.matcher.data.readsVisitor[condition] === 1;
  }

  /** Whether a condition holds. */
  holds(condition: number): boolean {
    const { code, entries } = this.matcher.data;
    let at = entries[condition] ?? 0;
    while (at >= 0) at = this.evaluate(code[at] as number) ? (code[at + 1] as number) : (code[at + 2] as number);
    return at === HOLDS;
  }

  /** Calls `visit` with the place in the scope of each of its conditions that hold, best first; see {@link RuleIndex}. */
  match(scope: string, admits: (place: number) => boolean, visit: (place: number) => void): void {
    this.matcher.index(scope)?.match(this, admits, visit);
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

  private evaluate(predicate: number): boolean {
    const { memory } = this;
    const { scoped, operator, left, right, literals } = this.matcher.data;
    const known = memory.answers[predicate] as number;
    if (known >= 2 * (scoped[predicate] === 1 ? this.scopeSince : this.since)) return known % 2 === 1;
    const operation = operator[predicate] as number;
    const other = right[predicate] as number;
    const holds =
      operation === NAMED_CONDITION
        ? this.holds(left[predicate] as number)
        : (this.matcher.operations[operation]?.(this.value(left[predicate] as number), other >= 0 ? literals[other] : this.value(~other)) ?? false);
    memory.answers[predicate] = 2 * memory.tick + Number(holds);
    return holds;
  }
}
