import type { Bound } from '../../engine/match/operator-declaration.js';

/** Texts between two others, as JavaScript orders them. */
export interface TextRange {
  readonly low: string | undefined;
  readonly lowOpen: boolean;
  readonly high: string | undefined;
  readonly highOpen: boolean;
}

/** Every text. */
export const ALL_TEXTS: TextRange = { low: undefined, lowOpen: false, high: undefined, highOpen: false };

/** The texts on one side of a bound, or, `negated`, those on the other. */
export function textsBeside({ side, inclusive }: Bound, bound: string, negated: boolean): TextRange {
  const isBelow = (side === 'below') !== negated;
  const isOpen = inclusive === negated;
  return isBelow ? { ...ALL_TEXTS, high: bound, highOpen: isOpen } : { ...ALL_TEXTS, low: bound, lowOpen: isOpen };
}

/** The texts of both. */
export function commonTexts(a: TextRange, b: TextRange): TextRange {
  const low = later(a.low, b.low);
  const high = earlier(a.high, b.high);
  return {
    low,
    lowOpen: (a.low === low && a.lowOpen) || (b.low === low && b.lowOpen),
    high,
    highOpen: (a.high === high && a.highOpen) || (b.high === high && b.highOpen),
  };
}

/** Whether there can be a text in it; true where that is not clear. */
export function mayHoldText({ low, high, lowOpen, highOpen }: TextRange): boolean {
  if (low === undefined || high === undefined) return high !== '' || !highOpen;
  return low < high || (low === high && !lowOpen && !highOpen);
}

/** Whether a text is in it. */
export function holdsText({ low, high, lowOpen, highOpen }: TextRange, text: string): boolean {
  if (low !== undefined && (lowOpen ? text <= low : text < low)) return false;
  return high === undefined || (highOpen ? text < high : text <= high);
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}
