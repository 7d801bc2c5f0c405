/** What can be asked of dates and times. Each is declared here, once; the operators are made from these. */
import type { JsonObject } from '../language/json.js';
import { momentOf } from './moment.js';
import { frameOf, reckonDate, reckonLast, reckonNext, reckonWindow, TimeFrame, type Reckoning } from './time-frame.js';
import { overlap, type TimeSpan } from './time-span.js';

/** A comparison of a date or a time, or of a whole day, with a value that is reckoned from now. */
export interface TimeComparison {
  /** As rule files write it. */
  readonly name: string;
  /** What its value is: a duration, a word for a window of the calendar, or a date. */
  readonly takes: 'duration' | 'window' | 'date';
  /** Where the fact must be: ahead of now or behind it, in the span that is meant, wholly before or after it. */
  readonly asks: 'ahead' | 'behind' | 'inside' | 'earlier' | 'later';
  /** What its value means; undefined where it means nothing. */
  readonly reckon: (value: unknown) => Reckoning | undefined;
  /** Whether it holds of what the fact says and the value means. */
  readonly holds: (fact: TimeSpan, value: TimeSpan) => boolean;
  /** To stand after "is" and "been". */
  readonly words: string;
  readonly hint: string;
}

/** Every one of them. */
export const timeComparisons: readonly TimeComparison[] = [
  {
    name: 'withinNext',
    asks: 'ahead',
    takes: 'duration',
    reckon: reckonNext,
    holds: overlap,
    words: 'within the next',
    hint: 'is a date from now on, and not later than after "30d", say; today counts',
  },
  {
    name: 'withinLast',
    asks: 'behind',
    takes: 'duration',
    reckon: reckonLast,
    holds: overlap,
    words: 'within the last',
    hint: 'is a date until now, and not longer ago than "30d", say; today counts',
  },
  {
    name: 'during',
    asks: 'inside',
    takes: 'window',
    reckon: reckonWindow,
    holds: overlap,
    words: 'during',
    hint: 'is a date in a window of the calendar, such as "today", "this week" or "next month"',
  },
  {
    name: 'before',
    asks: 'earlier',
    takes: 'date',
    reckon: reckonDate,
    holds: (fact, value) => fact.last < value.first,
    words: 'before',
    hint: 'is a date before the value: "2026-12-24", "today", "now+30d"',
  },
  {
    name: 'after',
    asks: 'later',
    takes: 'date',
    reckon: reckonDate,
    holds: (fact, value) => fact.first > value.last,
    words: 'after',
    hint: 'is a date after the value: "2026-12-24", "today", "now-30d"',
  },
];

const BY_NAME: ReadonlyMap<string, TimeComparison> = new Map(timeComparisons.map((one) => [one.name, one]));

/** The comparison of that name; undefined when there is none. */
export function findTimeComparison(name: string): TimeComparison | undefined {
  return BY_NAME.get(name);
}

/**
 * Compares a fact with what its value has been reckoned to; what is no date, and what was not reckoned, never holds.
 */
export function compareTimes(comparison: TimeComparison, fact: unknown, value: unknown): boolean {
  const moment = value instanceof TimeFrame ? momentOf(fact, value.timeZone) : undefined;
  return moment !== undefined && comparison.holds(moment, value as TimeFrame);
}

/** What the value of an operator means in each decision; undefined where the params name no operator on time. */
export function reckonedFrame({ operator, value }: JsonObject): ReturnType<typeof frameOf> | undefined {
  const comparison = typeof operator === 'string' ? findTimeComparison(operator) : undefined;
  return comparison && frameOf((one) => comparison.reckon(one), value);
}
