import { parseDuration, type Millis } from '../language/millis.js';
import { spanOfWindow } from './calendar-window.js';

/** A stretch of time in which something is counted: so long until now, or a day, a week or a month of the calendar. */
export type CountWindow = { readonly ms: Millis } | { readonly unit: 'day' | 'week' | 'month' };

/** The window that a rule file writes; undefined for none, which is for ever. */
export function windowOf(within: string | undefined): CountWindow | undefined {
  if (within === undefined) return undefined;
  if (within === 'day' || within === 'week' || within === 'month') return { unit: within };
  return { ms: parseDuration(within) ?? Infinity };
}

/** The first instant that counts at `now`: what happened at it or later does. Weeks begin on Monday. */
export function countsFrom(window: CountWindow | undefined, now: Millis, timeZone: string): Millis {
  if (!window) return -Infinity;
  if ('ms' in window) return now - window.ms + 1;
  return spanOfWindow({ unit: window.unit, shift: 0 }, now, timeZone).first;
}

/** The first instant at which what happened at `at` does not count any more; infinite where it counts for ever. */
export function countsUntil(window: CountWindow | undefined, at: Millis, timeZone: string): Millis {
  if (!window) return Infinity;
  if ('ms' in window) return at + window.ms;
  return spanOfWindow({ unit: window.unit, shift: 0 }, at, timeZone).last + 1;
}

/** Whether it depends on the clocks of a zone. */
export function goesByClocks(window: CountWindow | undefined): boolean {
  return window !== undefined && 'unit' in window;
}
