import { parseDuration } from '../language/millis.js';
import type { Millis } from '../language/millis.js';
import { findCalendarWindow, spanOfWindow } from './calendar-window.js';
import { momentOf } from './moment.js';
import type { TimeSpan } from './time-span.js';
import { DAY_MS, instantOf, wallOf } from './wall-clock.js';

/** What the value of an operator on time comes to in one decision, and by whose clocks days and times are read. */
export class TimeFrame implements TimeSpan {
  readonly first: Millis;
  readonly last: Millis;

  constructor(
    { first, last }: TimeSpan,
    readonly timeZone: string,
  ) {
    this.first = first;
    this.last = last;
  }
}

/** Finds the span that a value means, seen from now by the clocks of a zone. */
export type Reckoning = (now: Millis, timeZone: string) => TimeSpan;

/**
 * What a value means in each decision; in a list, which decorators go through, what each of its values does. Undefined
 * for what means nothing.
 */
export function frameOf(
  reckon: (value: unknown) => Reckoning | undefined,
  value: unknown,
): (now: Millis, timeZone: string) => unknown {
  if (Array.isArray(value)) {
    const each = value.map((one) => frameOf(reckon, one));
    return (now, timeZone) => each.map((frame) => frame(now, timeZone));
  }
  const reckoning = reckon(value);
  return (now, timeZone) => reckoning && new TimeFrame(reckoning(now, timeZone), timeZone);
}

/**
 * A duration from now on: `30d`. Weeks and days are those of the calendar: a day on which clocks are set is one too.
 */
export function reckonNext(value: unknown): Reckoning | undefined {
  const shift = shiftOf(value, 1);
  return shift && ((now, timeZone) => ({ first: now, last: shift(now, timeZone) }));
}

/** A duration until now: `30d`. */
export function reckonLast(value: unknown): Reckoning | undefined {
  const shift = shiftOf(value, -1);
  return shift && ((now, timeZone) => ({ first: shift(now, timeZone), last: now }));
}

/** A window of the calendar: `this week`. */
export function reckonWindow(value: unknown): Reckoning | undefined {
  const window = findCalendarWindow(value);
  return window && ((now, timeZone) => spanOfWindow(window, now, timeZone));
}

/** A day, a time, `now`, `today`, or one of the two with a duration before or after it: `now+12h`, `today-2w`. */
export function reckonDate(value: unknown): Reckoning | undefined {
  if (typeof value !== 'string') return undefined;
  const [, from, sign, duration] = /^(now|today)(?:\s?([+-])\s?(\w+))?$/.exec(value) ?? [];
  if (from === undefined)
    return momentOf(value, 'UTC') && ((_now, timeZone) => momentOf(value, timeZone) ?? { first: NaN, last: NaN });
  const shift = duration === undefined ? stay : shiftOf(duration, sign === '-' ? -1 : 1);
  if (from === 'now') return shift && ((now, timeZone) => pointAt(shift(now, timeZone)));
  // Part of a day from a whole day on is no whole day.
  if (duration !== undefined && !/[dw]$/.test(duration)) return undefined;
  return shift && ((now, timeZone) => dayOf(shift(now, timeZone), timeZone));
}

const TODAY = { unit: 'day', shift: 0 } as const;

function dayOf(at: Millis, timeZone: string): TimeSpan {
  return spanOfWindow(TODAY, at, timeZone);
}

function pointAt(at: Millis): TimeSpan {
  return { first: at, last: at };
}

function stay(at: Millis): Millis {
  return at;
}

function shiftOf(duration: unknown, sign: 1 | -1): ((at: Millis, timeZone: string) => Millis) | undefined {
  const millis = typeof duration === 'string' ? parseDuration(duration) : undefined;
  if (millis === undefined) return undefined;
  const byCalendar = millis % DAY_MS === 0 && /[dw]$/.test(duration as string);
  return byCalendar
    ? (at, timeZone) => instantOf(wallOf(at, timeZone) + sign * millis, timeZone)
    : (at) => at + sign * millis;
}
