import type { SettledBy } from '../../engine/facts/value-shape.js';
import type { Millis } from '../../engine/language/millis.js';
import type { Window } from '../../engine/rulebook.js';
import type { Domain } from './domain.js';
import { between } from './number-set.js';
import type { TextRange } from './text-range.js';

const DAY_MS = 86_400_000;
/** No clock is further from UTC. */
const FURTHEST_MS = DAY_MS;
/** Only of these years is a date ten characters long, so that dates are ordered as texts. */
const EARLIEST = Date.UTC(1000, 0, 3);
const LATEST = Date.UTC(9999, 11, 28);

/** What a part of the clock may be in a window, on whatever clock; undefined where the window says nothing of it. */
export function clockIn({ from, until }: Window, part: SettledBy, anywhere: Domain): Domain | undefined {
  if ((from < EARLIEST && from !== -Infinity) || (until > LATEST && until !== Infinity) || from >= until)
    return undefined;
  const [first, last] = [from - FURTHEST_MS, until + FURTHEST_MS];
  switch (part) {
    case 'day':
      return { ...anywhere, texts: range(dayOf(first), dayOf(last)) };
    case 'instant':
      return { ...anywhere, texts: range(iso(from), iso(until)) };
    case 'year':
      return {
        ...anywhere,
        numbers: between(
          Number.isFinite(first) ? new Date(first).getUTCFullYear() : -Infinity,
          Number.isFinite(last) ? new Date(last).getUTCFullYear() : Infinity,
        ),
      };
    case 'month':
      return monthsIn(first, last, anywhere);
    default:
      return undefined;
  }
}

function monthsIn(first: Millis, last: Millis, anywhere: Domain): Domain | undefined {
  if (!(last - first < 300 * DAY_MS)) return undefined;
  const months = new Set<number>();
  for (let at = first; at < last + DAY_MS; at += DAY_MS) months.add(new Date(Math.min(at, last)).getUTCMonth() + 1);
  return { ...anywhere, numbers: [...months].sort((a, b) => a - b).flatMap((month) => between(month, month)) };
}

function range(low: string | undefined, high: string | undefined): TextRange {
  return { low, high, lowOpen: false, highOpen: false };
}

function dayOf(at: Millis): string | undefined {
  return iso(at)?.slice(0, 10);
}

function iso(at: Millis): string | undefined {
  return Number.isFinite(at) ? new Date(at).toISOString() : undefined;
}
