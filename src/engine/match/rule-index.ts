import type { ScopeData } from './matcher-data.js';
import type { Matches, Run } from './run.js';

/** How many numbers there are per probe; see {@link ScopeData}. */
const PROBE = 5;

/** Finds the conditions of a scope that may hold, and verifies only those. */
export class RuleIndex {
  /**
   * A call takes it and gives it back: what facts, operators and visitors ask meanwhile gets one of its own, and what
   * throws leaves nothing marked for the next.
   */
  private spare: Candidates | undefined;

  constructor(private readonly scope: ScopeData) {}

  /** Hands over the place of each condition that holds, best first. */
  match<I>(run: Run<I>, matches: Matches): void {
    const candidates = this.spare ?? new Candidates(this.scope);
    this.spare = undefined;
    candidates.collect(run);
    const { places } = candidates;
    for (let word = 0; word < places.length; word++) {
      let bits = places[word] as number;
      if (bits === 0) continue;
      places[word] = 0;
      for (; bits !== 0; bits &= bits - 1) {
        const place = word * 32 + (31 - Math.clz32(bits & -bits));
        const admission = matches.admits(place);
        if (admission === 'no more') {
          places.fill(0, word + 1);
          this.spare = candidates;
          return;
        }
        if (admission && run.holds(this.scope.conditions[place] as number)) matches.visit(place);
      }
    }
    this.spare = candidates;
  }
}

/** The conditions that may hold. */
class Candidates {
  /** One bit per place; all zero between calls, as each bit is cleared when it is read. */
  readonly places: Uint32Array;

  constructor(private readonly scope: ScopeData) {
    this.places = new Uint32Array(Math.ceil(scope.conditions.length / 32));
  }

  /** Marks what an index finds, and what is always looked at. */
  collect<I>(run: Run<I>): void {
    const { probes, always } = this.scope;
    for (const place of always) this.mark(place);
    let from = 0;
    for (let at = 0; at < probes.length; at += PROBE) {
      const slot = probes[at] as number;
      const [equal, contains, above, below] = [
        probes[at + 1] as number,
        probes[at + 2] as number,
        probes[at + 3] as number,
        probes[at + 4] as number,
      ];
      if (from < equal) this.markKey(run.key(slot), from, equal);
      if (equal < contains) this.markContained(run, slot, equal, contains);
      if (contains < above) this.markUpTo(run.value(slot), contains, above);
      if (above < below) this.markFrom(run.value(slot), above, below);
      from = below;
    }
  }

  private markContained<I>(run: Run<I>, slot: number, from: number, until: number): void {
    const list = run.value(slot);
    if (!Array.isArray(list)) return;
    for (const one of list) this.markKey(run.matcher.keyOf(one), from, until);
  }

  private markKey(key: number, from: number, until: number): void {
    if (key < 0) return;
    const at = this.lowest(key, from, until);
    if (at < until && this.scope.keys[at] === key) this.markAll(at, at + 1);
  }

  /**
   * The value is at least the bound. Only a number tells; for what JavaScript may turn into one, all are candidates.
   */
  private markUpTo(value: unknown, from: number, until: number): void {
    if (typeof value !== 'number') return this.markUnlessHopeless(value, from, until);
    // NaN is above none.
    let at = this.lowest(value, from, until);
    if (at < until && this.scope.keys[at] === value) at++;
    if (!Number.isNaN(value)) this.markAll(from, at);
  }

  /** The value is at most the bound. */
  private markFrom(value: unknown, from: number, until: number): void {
    if (typeof value !== 'number') return this.markUnlessHopeless(value, from, until);
    this.markAll(this.lowest(value, from, until), until);
  }

  private markUnlessHopeless(value: unknown, from: number, until: number): void {
    if (value === undefined || value === null || typeof value === 'boolean') return;
    this.markAll(from, until);
  }

  /** Where the first key stands that is at least the wanted one. */
  private lowest(wanted: number, from: number, until: number): number {
    const { keys } = this.scope;
    let [low, high] = [from, until];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] as number) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private markAll(from: number, until: number): void {
    const { starts, places } = this.scope;
    const end = starts[until] as number;
    for (let at = starts[from] as number; at < end; at++) this.mark(places[at] as number);
  }

  private mark(place: number): void {
    this.places[place >>> 5] = (this.places[place >>> 5] as number) | (1 << (place & 31));
  }
}
