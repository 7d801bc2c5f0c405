import type { PostingsData, ScopeData } from './matcher-data.js';
import type { Run } from './run.js';

/** Finds the conditions of a scope that may hold, and verifies only those. */
export class RuleIndex {
  private readonly probes: readonly Probe[];
  /** One bit per place; all zero between calls, as each bit is cleared when it is read. */
  private readonly candidates: Uint32Array;

  constructor(private readonly scope: ScopeData) {
    this.probes = scope.probes.map((probe) => ({
      value: probe.value,
      equal: probe.equal && new Keys(probe.equal),
      contains: probe.contains && new Keys(probe.contains),
      above: probe.above && new Thresholds(probe.above),
      below: probe.below && new Thresholds(probe.below),
    }));
    this.candidates = new Uint32Array(Math.ceil(scope.conditions.length / 32));
  }

  /** Makes the tables of the probes, one per step; else each is made when first asked. */
  *warmUp(): Generator<void> {
    for (const { equal, contains } of this.probes) {
      equal?.warmUp();
      yield;
      contains?.warmUp();
      yield;
    }
  }

  /** Calls `visit` with the place of each condition that holds, best first. `admits` is asked before conditions are. */
  match<I>(run: Run<I>, admits: (place: number) => boolean, visit: (place: number) => void): void {
    this.collect(run);
    const { candidates } = this;
    for (let word = 0; word < candidates.length; word++) {
      let bits = candidates[word] as number;
      if (bits === 0) continue;
      candidates[word] = 0;
      for (; bits !== 0; bits &= bits - 1) {
        const place = word * 32 + (31 - Math.clz32(bits & -bits));
        if (admits(place) && run.holds(this.scope.conditions[place] as number)) visit(place);
      }
    }
  }

  private collect<I>(run: Run<I>): void {
    const { candidates } = this;
    mark(candidates, this.scope.always, 0, this.scope.always.length);
    for (const { value: slot, equal, contains, above, below } of this.probes) {
      const value = run.value(slot);
      equal?.mark(candidates, value);
      if (contains && Array.isArray(value)) for (const one of value) contains.mark(candidates, one);
      above?.markUpTo(candidates, value);
      below?.markFrom(candidates, value);
    }
  }
}

interface Probe {
  readonly value: number;
  readonly equal: Keys | undefined;
  readonly contains: Keys | undefined;
  readonly above: Thresholds | undefined;
  readonly below: Thresholds | undefined;
}

function mark(candidates: Uint32Array, places: Int32Array, from: number, until: number): void {
  for (let at = from; at < until; at++) {
    const place = places[at] as number;
    candidates[place >>> 5] = (candidates[place >>> 5] as number) | (1 << (place & 31));
  }
}

/** Places by the exact value: as `===` sees it, and NaN, which does no harm as what is found is verified. */
class Keys {
  private numbers: ReadonlyMap<unknown, number> | undefined;

  constructor(private readonly postings: PostingsData) {}

  warmUp(): ReadonlyMap<unknown, number> {
    return (this.numbers ??= new Map(this.postings.keys.map((key, number) => [key, number])));
  }

  mark(candidates: Uint32Array, value: unknown): void {
    const number = (this.numbers ?? this.warmUp()).get(value);
    if (number === undefined) return;
    const { starts, places } = this.postings;
    mark(candidates, places, starts[number] as number, starts[number + 1] as number);
  }
}

/** Places by a bound. Only a number tells which bounds it passes; for what JavaScript may turn into one, all are candidates. */
class Thresholds {
  private readonly bounds: Float64Array;

  constructor(private readonly postings: PostingsData) {
    this.bounds = Float64Array.from(postings.keys as readonly number[]);
  }

  /** The value is at least the bound. */
  markUpTo(candidates: Uint32Array, value: unknown): void {
    if (typeof value === 'number') this.mark(candidates, 0, this.countBelow(value, true));
    else this.markUnlessHopeless(candidates, value);
  }

  /** The value is at most the bound. */
  markFrom(candidates: Uint32Array, value: unknown): void {
    if (typeof value === 'number') this.mark(candidates, this.countBelow(value, false), this.bounds.length);
    else this.markUnlessHopeless(candidates, value);
  }

  private markUnlessHopeless(candidates: Uint32Array, value: unknown): void {
    if (value === undefined || value === null || typeof value === 'boolean') return;
    this.mark(candidates, 0, this.bounds.length);
  }

  private mark(candidates: Uint32Array, from: number, until: number): void {
    const { starts, places } = this.postings;
    mark(candidates, places, starts[from] as number, starts[until] as number);
  }

  /** How many bounds are less than the value, or with `inclusive` at most the value. NaN is above none. */
  private countBelow(value: number, inclusive: boolean): number {
    let [low, high] = [0, this.bounds.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const bound = this.bounds[middle] as number;
      if (bound < value || (inclusive && bound === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
