/**
 * A second reading of the operators on time, from their documentation and nothing else: slow, plain, and for the few
 * spellings that the rules and facts of `arbitraries/times.ts` are written in.
 */

import type { Clock } from '../arbitraries/times.ts';

/** From its first millisecond to its last. */
type Span = readonly [first: number, last: number];

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];
const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** Whether an operator on time holds of a fact and a value as they are written. */
export function holdsOnTime(operator: string, fact: unknown, value: unknown, clock: Clock): boolean {
  const is = spanSaid(fact, clock.timeZone);
  const meant = spanMeant(operator, value, clock);
  if (!is || !meant) return false;
  if (operator === 'before') return is[1] < meant[0];
  if (operator === 'after') return is[0] > meant[1];
  return is[0] <= meant[1] && meant[0] <= is[1];
}

/** What a value means to an operator; undefined where it means nothing. */
export function spanMeant(operator: string, value: unknown, clock: Clock): Span | undefined {
  if (typeof value !== 'string') return undefined;
  if (operator === 'during') return windowOf(value, clock);
  if (operator === 'before' || operator === 'after') return dateMeant(value, clock);
  const far = moved(value, operator === 'withinNext' ? 1 : -1, clock);
  if (far === undefined) return undefined;
  return operator === 'withinNext' ? [clock.now, far] : [far, clock.now];
}

function dateMeant(value: string, clock: Clock): Span | undefined {
  const parts = /^(now|today)( ?[+-] ?)?(.+)?$/.exec(value);
  if (!parts) return spanSaid(value, clock.timeZone);
  const [, from, sign, duration] = parts;
  if ((sign === undefined) !== (duration === undefined)) return undefined;
  const at = duration === undefined ? clock.now : moved(duration, sign?.includes('-') ? -1 : 1, clock);
  if (at === undefined) return undefined;
  if (from === 'now') return [at, at];
  return duration === undefined || /[dw]$/.test(duration) ? dayAround(at, clock.timeZone) : undefined;
}

/** Now and a duration: days and weeks as the calendar has them, all else as a stopwatch has it. */
function moved(duration: string, sign: number, { now, timeZone }: Clock): number | undefined {
  const [, count, unit = ''] = /^([1-9]\d*)([smhdw])$/.exec(duration) ?? [];
  const far = sign * Number(count) * (UNITS[unit] ?? NaN);
  if (Number.isNaN(far)) return undefined;
  return 'dw'.includes(unit) ? shownFirst(shownAt(now, timeZone) + far, timeZone) : now + far;
}

/** The windows of the calendar, by their first day and that of the window after it. */
function windowOf(value: string, { now, timeZone }: Clock): Span | undefined {
  const date = new Date(shownAt(now, timeZone));
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const days = (first: number, count: number): Span => between(first, first + count * DAY, timeZone);
  const today = Date.UTC(year, month, day);
  const monday =
    today - ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(date.toUTCString().slice(0, 3)) * DAY;
  const months = (from: number, count: number): Span =>
    between(Date.UTC(year, from, 1), Date.UTC(year, from + count, 1), timeZone);
  const windows: Readonly<Record<string, Span>> = {
    today: days(today, 1),
    yesterday: days(today - DAY, 1),
    tomorrow: days(today + DAY, 1),
    'this week': days(monday, 7),
    'last week': days(monday - 7 * DAY, 7),
    'next week': days(monday + 7 * DAY, 7),
    'this month': months(month, 1),
    'last month': months(month - 1, 1),
    'next month': months(month + 1, 1),
    'this year': months(0, 12),
    'last year': months(-12, 12),
    'next year': months(12, 12),
  };
  return windows[value];
}

function dayAround(at: number, timeZone: string): Span {
  const midnight = Math.floor(shownAt(at, timeZone) / DAY) * DAY;
  return between(midnight, midnight + DAY, timeZone);
}

/** Two times that a clock shows, the second no longer part of it. */
function between(first: number, next: number, timeZone: string): Span {
  return [shownFirst(first, timeZone), shownFirst(next, timeZone) - 1];
}

const WRITTEN = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{3})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** When a text or a number says. */
function spanSaid(said: unknown, timeZone: string): Span | undefined {
  if (typeof said !== 'string' && typeof said !== 'number') return undefined;
  const text = String(said).trim();
  if (/^\d{9,11}$/.test(text)) return point(Number(text) * SECOND);
  if (/^\d{12,14}$/.test(text)) return point(Number(text));
  const [, day, minutes = '00:00', seconds = '', zone] = WRITTEN.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return undefined;
  const shown = Date.parse(`${day}T${minutes}${seconds}Z`);
  if (Number.isNaN(shown)) return undefined;
  if (text.length === day.length) return between(shown, shown + DAY, timeZone);
  return point(zone === undefined ? shownFirst(shown, timeZone) : Date.parse(`${day}T${minutes}${seconds}${zone}`));
}

/** JavaScript would make the first of March of the 29th of February. */
function isDay(text: string): boolean {
  return !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}

function point(at: number): Span {
  return [at, at];
}

/**
 * The first instant at which clocks show this; where they pass it over, as long after the gap's beginning as it would
 * have been.
 */
function shownFirst(shown: number, timeZone: string): number {
  const around = [-36, -24, -12, 0, 12, 24, 36].map((hours) => shown + hours * HOUR);
  const ahead = around.map((at) => shownAt(at, timeZone) - at);
  const found = ahead.map((far) => shown - far).filter((at) => shownAt(at, timeZone) === shown);
  return found.length > 0 ? Math.min(...found) : shown - (ahead[0] ?? 0);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * What the clocks of a zone show at an instant, as the instant at which those of UTC show the same. Swedes write it as
 * ISO does.
 */
export function shownAt(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return Date.parse(`${format.format(at).replace(' ', 'T')}Z`) + (at % SECOND);
}
