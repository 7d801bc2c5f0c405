import type { TimeAnswer } from './time-answer.js';

/**
 * The instant that a written date means; undefined where a text is none: `2026-11-20`, `20261120`,
 * `2026-11-20 10:00:00.123456789`, `2026/11/20T10:00+01`, `20261120T100000Z`, `Fri, 20 Nov 2026 10:00:00 +0100`.
 * Without
 * a zone it is in UTC. A day or a time of day that does not exist is refused by name.
 */
export function calendarTime(text: string): TimeAnswer | undefined {
  const parts = DATED.exec(text)?.groups ?? COMPACT.exec(text)?.groups ?? LETTER.exec(text)?.groups;
  return parts && fromParts(parts);
}

const ZONE = String.raw`(?:\s*(?:Z|UTC?|GMT|(?<sign>[+-])(?<zoneHour>\d\d)(?::?(?<zoneMinute>\d\d))?))?`;
const DATED = new RegExp(
  String.raw`^(?<year>\d{4})(?<dash>[-/])(?<month>\d\d)\k<dash>(?<day>\d\d)` +
    String.raw`(?:(?:T|\s+)(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?${ZONE})?$`,
  'i',
);
/** Of 8, 12 or 14 digits: as a count since 1970 they would lie before 1990 or after 2570. */
const COMPACT = new RegExp(
  String.raw`^(?<year>(?:19|20|21)\d\d)(?<month>\d\d)(?<day>\d\d)` +
    String.raw`(?:T?(?<hour>\d\d)(?<minute>\d\d)(?:(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?${ZONE})?$`,
  'i',
);
/** RFC 5322, as letters and HTTP write it. */
const LETTER = new RegExp(
  String.raw`^(?:(?<weekday>[a-z]{3}),\s*)?(?<day>\d\d?)\s+(?<monthName>[a-z]{3})\s+(?<year>\d{4})` +
    String.raw`\s+(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d))?${ZONE}$`,
  'i',
);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

type Parts = Readonly<Record<string, string | undefined>>;

function fromParts(parts: Parts): TimeAnswer {
  const { monthName, weekday, fraction = '', sign } = parts;
  const number = (name: string): number => Number(parts[name] ?? 0);
  const [year, day, hour, minute, second] = ['year', 'day', 'hour', 'minute', 'second'].map(number) as Numbers;
  const month = monthName === undefined ? number('month') : MONTHS.indexOf(monthName.toLowerCase()) + 1;
  if (month < 1 || month > 12) return { wrong: `has no such month; months go from 01 to 12, as in "2026-11-21"` };
  const days = daysIn(year, month);
  if (day < 1 || day > days) return { wrong: `is not a day that exists; that month has ${days} days` };
  if (!isTimeOfDay(hour, minute, second, fraction)) return { wrong: NO_TIME_OF_DAY };
  if (number('zoneHour') > 23 || number('zoneMinute') > 59)
    return { wrong: 'has no such zone; write one such as +01:00' };
  const midnight = utc(year, month, day);
  if (weekday !== undefined && WEEKDAYS[new Date(midnight).getUTCDay()] !== weekday.toLowerCase())
    return { wrong: `is not a day that exists; that day is no ${weekday}` };
  const ofDay = ((hour * 60 + minute) * 60 + second) * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  const offset = (number('zoneHour') * 60 + number('zoneMinute')) * 60_000;
  return { at: midnight + ofDay - (sign === '-' ? -offset : offset) };
}

type Numbers = [number, number, number, number, number];

const NO_TIME_OF_DAY = 'has no such time of day; it goes from 00:00:00 to 23:59:59.999, and 24:00:00 ends a day';

function isTimeOfDay(hour: number, minute: number, second: number, fraction: string): boolean {
  if (hour === 24) return minute === 0 && second === 0 && /^0*$/.test(fraction);
  return hour < 24 && minute < 60 && second < 60;
}

function daysIn(year: number, month: number): number {
  return new Date(utc(year, month + 1, 0)).getUTCDate();
}

/** `Date.UTC` takes a year below 100 for one of the last century. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}
