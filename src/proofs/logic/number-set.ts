import type { Bound } from '../../engine/match/operator-declaration.js';

/** Part of the number line, from `low` to `high`; an open end is not part of it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly lowOpen: boolean;
  readonly highOpen: boolean;
}

/** Intervals in their order, none touching another. */
export type NumberSet = readonly Interval[];

/** Every number that JSON can say; some texts of digits are read as infinite. */
export const ALL_NUMBERS: NumberSet = [{ low: -Infinity, high: Infinity, lowOpen: false, highOpen: false }];
/** No number. */
export const NO_NUMBER: NumberSet = [];

/** The numbers from `low` to `high`, both ends included. */
export function between(low: number, high: number): NumberSet {
  return [{ low, high, lowOpen: false, highOpen: false }];
}

/** Just these numbers. */
export function points(values: readonly number[]): NumberSet {
  const sorted = [...new Set(values.map((value) => (value === 0 ? 0 : value)))]
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  return sorted.map((value) => ({ low: value, high: value, lowOpen: false, highOpen: false }));
}

/** The numbers on one side of a bound, none for a bound that is NaN. */
export function numbersBeside({ side, inclusive }: Bound, bound: number): NumberSet {
  // Where the bound is NaN, both ends are, and nothing is left.
  return trimmed([
    side === 'below'
      ? { low: -Infinity, high: bound, lowOpen: false, highOpen: !inclusive }
      : { low: bound, high: Infinity, lowOpen: !inclusive, highOpen: false },
  ]);
}

/** What is in both. */
export function intersection(a: NumberSet, b: NumberSet): NumberSet {
  return trimmed(
    a.flatMap((one) =>
      b.map((other) => ({
        low: Math.max(one.low, other.low),
        lowOpen: isOpen(Math.max(one.low, other.low), [one.low, one.lowOpen], [other.low, other.lowOpen]),
        high: Math.min(one.high, other.high),
        highOpen: isOpen(Math.min(one.high, other.high), [one.high, one.highOpen], [other.high, other.highOpen]),
      })),
    ),
  );
}

/** What is in neither. */
export function complement(set: NumberSet): NumberSet {
  const gaps: Interval[] = [];
  let [low, lowOpen] = [-Infinity, false];
  for (const part of set) {
    gaps.push({ low, lowOpen, high: part.low, highOpen: !part.lowOpen });
    [low, lowOpen] = [part.high, !part.highOpen];
  }
  gaps.push({ low, lowOpen, high: Infinity, highOpen: false });
  return trimmed(gaps);
}

/** Each interval drawn in to the whole numbers that are its first and its last. */
export function wholeNumbers(set: NumberSet): NumberSet {
  return trimmed(
    set.map(({ low, high, lowOpen, highOpen }) => ({
      low: lowOpen && Number.isInteger(low) ? low + 1 : Math.ceil(low),
      high: highOpen && Number.isInteger(high) ? high - 1 : Math.floor(high),
      lowOpen: false,
      highOpen: false,
    })),
  );
}

/** A number of each interval. */
export function samples(set: NumberSet): number[] {
  return set.flatMap(({ low, high, lowOpen, highOpen }) => {
    const ends = [...(lowOpen ? [] : [low]), ...(highOpen ? [] : [high])];
    const inside = [low + 1, high - 1, (low + high) / 2].filter((value) => value > low && value < high);
    return [...ends, ...inside].filter(Number.isFinite);
  });
}

function isOpen(end: number, ...ends: readonly (readonly [number, boolean])[]): boolean {
  return ends.some(([at, open]) => at === end && open);
}

function trimmed(intervals: readonly Interval[]): NumberSet {
  return intervals.filter(({ low, high, lowOpen, highOpen }) => low < high || (low === high && !lowOpen && !highOpen));
}
