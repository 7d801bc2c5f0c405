import type { Millis } from '../language/millis.js';
import type { NoTime } from './time-answer.js';

/** A time as a calendar and a clock show it. */
export interface WrittenTime {
  /** The milliseconds at which a clock in UTC shows the same. */
  readonly wall: Millis;
  /** How far the zone that is written is ahead of UTC; undefined where none is. */
  readonly ahead: Millis | undefined;
  /** Whether it is a day, without a time of day. */
  readonly isDay: boolean;
}

/**
 * The time that a written date means; undefined where a text is none: `2026-11-20`, `20261120`,
 * `2026-11-20 10:00:00.123456789`, `2026/11/20T10:00+01`, `20261120T100000Z`, `Fri, 20 Nov 2026 10:00:00 +0100`.
 * A day or a time of day that does not exist is refused by name.
 */
export function calendarTime(text: string): WrittenTime | NoTime | undefined {
  const usual = usualTime(text);
  if (usual) return usual;
  const parts = DATED.exec(text)?.groups ?? COMPACT.exec(text)?.groups ?? LETTER.exec(text)?.groups;
  return parts && fromParts(parts);
}

/** Most times are written as `toISOString` writes them: such a one is what gives the same text again. */
function usualTime(text: string): WrittenTime | undefined {
  if (text.length !== '2026-11-20T10:00:00.000Z'.length) return undefined;
  const wall = Date.parse(text);
  const isSame = wall >= FIRST_YEAR && new Date(wall).toISOString() === text;
  return isSame ? { wall, ahead: 0, isDay: false } : undefined;
}

const FIRST_YEAR = Date.parse('0001-01-01T00:00:00.000Z');

const ZONE = String.raw`(?:\s*(?<zone>Z|UTC?|GMT|(?<sign>[+-])(?<zoneHour>\d\d)(?::?(?<zoneMinute>\d\d))?))?`;
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

function fromParts(parts: Parts): WrittenTime | NoTime {
  const wrong = problemOf(parts);
  if (wrong !== undefined) return { wrong };
  const [hour, minute, second] = numbersOf(parts, ['hour', 'minute', 'second']);
  const ofDay = ((hour * 60 + minute) * 60 + second) * 1_000;
  const millis = Number((parts['fraction'] ?? '').slice(0, 3).padEnd(3, '0'));
  return { wall: midnightOf(parts) + ofDay + millis, ahead: aheadOf(parts), isDay: parts['hour'] === undefined };
}

function problemOf(parts: Parts): string | undefined {
  const { weekday, fraction = '' } = parts;
  const [year, day, hour, minute, second] = numbersOf(parts, ['year', 'day', 'hour', 'minute', 'second']);
  const [zoneHour, zoneMinute] = numbersOf(parts, ['zoneHour', 'zoneMinute']);
  const month = monthOf(parts);
  if (year < 1) return 'has a year that is none; years go from 0001 to 9999';
  if (month < 1 || month > 12) return 'has no such month; months go from 01 to 12';
  const days = new Date(utc(year, month + 1, 0)).getUTCDate();
  if (day < 1 || day > days) return `is not a day that exists; that month has ${days} days`;
  if (!isTimeOfDay(hour, minute, second, fraction)) return NO_TIME_OF_DAY;
  if (zoneHour > 23 || zoneMinute > 59) return 'has no such zone; write one such as +01:00';
  const isOther = weekday !== undefined && WEEKDAYS[new Date(midnightOf(parts)).getUTCDay()] !== weekday.toLowerCase();
  return isOther ? `is not a day that exists; that day is no ${weekday}` : undefined;
}

const NO_TIME_OF_DAY = 'has no such time of day; it goes from 00:00:00 to 23:59:59.999, and 24:00:00 ends a day';

function isTimeOfDay(hour: number, minute: number, second: number, fraction: string): boolean {
  if (hour === 24) return minute === 0 && second === 0 && /^0*$/.test(fraction);
  return hour < 24 && minute < 60 && second < 60;
}

function midnightOf(parts: Parts): Millis {
  const [year, day] = numbersOf(parts, ['year', 'day']);
  return utc(year, monthOf(parts), day);
}

function monthOf({ month, monthName }: Parts): number {
  return monthName === undefined ? Number(month) : MONTHS.indexOf(monthName.toLowerCase()) + 1;
}

/** UTC is written as a zone without a sign, which is not the same as none. */
function aheadOf({ zone, sign, zoneHour = '0', zoneMinute = '0' }: Parts): Millis | undefined {
  if (zone === undefined) return undefined;
  const ahead = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return sign === '-' ? -ahead : ahead;
}

function numbersOf<const Names extends readonly string[]>(
  parts: Parts,
  names: Names,
): { [Index in keyof Names]: number } {
  return names.map((name) => Number(parts[name] ?? 0)) as { [Index in keyof Names]: number };
}

/** `Date.UTC` takes a year below 100 for one of the last century. */
function utc(year: number, month: number, day: number): Millis {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}
