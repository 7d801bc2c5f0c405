import type { Millis } from '../language/millis.js';
import type { TimeSpan } from './time-span.js';
import { DAY_MS, instantOf, wallOf } from './wall-clock.js';

type Unit = 'day' | 'week' | 'month' | 'year';

/** A stretch of the calendar that people have a word for. */
export interface CalendarWindow {
  readonly unit: Unit;
  /** How many units from the one that now is in. */
  readonly shift: number;
  /** Nothing in it is longer ago than that, wherever clocks are set. */
  readonly longestAgoMs: Millis;
  /** What is so long ago mostly lies in it. */
  readonly likelyAgoMs: Millis;
  /** The words for windows that are part of it at any time. */
  readonly holds: readonly string[];
}

/** The words, and what they mean. Weeks begin on Monday (ISO 8601). */
export const calendarWindows: Readonly<Record<string, CalendarWindow>> = {
  today: { unit: 'day', shift: 0, longestAgoMs: 2 * DAY_MS, likelyAgoMs: 0, holds: [] },
  yesterday: { unit: 'day', shift: -1, longestAgoMs: 3 * DAY_MS, likelyAgoMs: DAY_MS, holds: [] },
  tomorrow: { unit: 'day', shift: 1, longestAgoMs: 0, likelyAgoMs: 0, holds: [] },
  'this week': { unit: 'week', shift: 0, longestAgoMs: 8 * DAY_MS, likelyAgoMs: 0, holds: ['today'] },
  'last week': { unit: 'week', shift: -1, longestAgoMs: 15 * DAY_MS, likelyAgoMs: 7 * DAY_MS, holds: [] },
  'next week': { unit: 'week', shift: 1, longestAgoMs: 0, likelyAgoMs: 0, holds: [] },
  'this month': { unit: 'month', shift: 0, longestAgoMs: 32 * DAY_MS, likelyAgoMs: 0, holds: ['today'] },
  'last month': { unit: 'month', shift: -1, longestAgoMs: 63 * DAY_MS, likelyAgoMs: 30 * DAY_MS, holds: [] },
  'next month': { unit: 'month', shift: 1, longestAgoMs: 0, likelyAgoMs: 0, holds: [] },
  'this year': { unit: 'year', shift: 0, longestAgoMs: 367 * DAY_MS, likelyAgoMs: 0, holds: ['today', 'this month'] },
  'last year': { unit: 'year', shift: -1, longestAgoMs: 733 * DAY_MS, likelyAgoMs: 365 * DAY_MS, holds: [] },
  'next year': { unit: 'year', shift: 1, longestAgoMs: 0, likelyAgoMs: 0, holds: [] },
};

/** Every word for a window. */
export const calendarWords: readonly string[] = Object.keys(calendarWindows);

/** The words for windows in which something may have happened already. */
export const pastCalendarWords: readonly string[] = calendarWords.filter(
  (word) => (findCalendarWindow(word)?.shift ?? 1) <= 0,
);

/** The window of that word; undefined where there is none. */
export function findCalendarWindow(word: unknown): CalendarWindow | undefined {
  return typeof word === 'string' && Object.hasOwn(calendarWindows, word) ? calendarWindows[word] : undefined;
}

/** A window as seen from now, by the clocks of a zone: a day on which they are set has 23 hours, or 25. */
export function spanOfWindow(
  { unit, shift }: Pick<CalendarWindow, 'unit' | 'shift'>,
  now: Millis,
  timeZone: string,
): TimeSpan {
  const today = new Date(wallOf(now, timeZone));
  return {
    first: instantOf(beginning(unit, today, shift), timeZone),
    last: instantOf(beginning(unit, today, shift + 1), timeZone) - 1,
  };
}

function beginning(unit: Unit, today: Date, shift: number): Millis {
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
  switch (unit) {
    case 'day':
      return Date.UTC(year, month, day + shift);
    case 'week':
      return Date.UTC(year, month, day - ((today.getUTCDay() + 6) % 7) + 7 * shift);
    case 'month':
      return Date.UTC(year, month + shift, 1);
    case 'year':
      return Date.UTC(year + shift, 0, 1);
  }
}

const LONGEST_MS: Readonly<Record<Unit, Millis>> = {
  day: 2 * DAY_MS,
  week: 8 * DAY_MS,
  month: 32 * DAY_MS,
  year: 367 * DAY_MS,
};

/** No unit of a window is longer, wherever clocks are set. */
export function calendarUnitMs({ unit }: Pick<CalendarWindow, 'unit'>): Millis {
  return LONGEST_MS[unit];
}
