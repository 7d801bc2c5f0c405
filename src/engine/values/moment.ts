import type { Millis } from '../language/millis.js';
import type { TimeSpan } from './time-span.js';
import { DAY_MS, instantOf } from './wall-clock.js';

const SHAPE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;
const MOST_INSTANT = 8.64e15;

/**
 * When a value says: a day such as `2026-12-24` is the whole day in the zone; a time such as `2026-12-24T09:00` is a
 * point, in its own zone (`Z`, `+01:00`, `+0100`, `+01`) or else in that zone; a number is a point, as seconds,
 * milliseconds, microseconds or nanoseconds since 1970, told apart by size. Undefined for anything else, and for days
 * and
 * times that do not exist.
 */
export function momentOf(value: unknown, timeZone: string): TimeSpan | undefined {
  if (typeof value === 'number') return pointAt(sinceEpoch(value));
  const [, day, hour, minute, second = '00', fraction = '', zone] =
    typeof value === 'string' ? (SHAPE.exec(value) ?? []) : [];
  if (day === undefined) return undefined;
  if (hour === undefined) return dayFrom(wallAt(day, '00:00:00.000'), timeZone);
  const wall = wallAt(day, `${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`);
  return wall === undefined ? undefined : pointAt(zone === undefined ? instantOf(wall, timeZone) : wall - ahead(zone));
}

function pointAt(at: Millis): TimeSpan | undefined {
  return Math.abs(at) <= MOST_INSTANT ? { first: at, last: at } : undefined;
}

function sinceEpoch(number: number): Millis {
  const size = Math.abs(number);
  if (size < 1e11) return number * 1_000;
  if (size < 1e14) return number;
  return Math.round(number / (size < 1e17 ? 1e3 : 1e6));
}

function dayFrom(wall: Millis | undefined, timeZone: string): TimeSpan | undefined {
  if (wall === undefined) return undefined;
  return { first: instantOf(wall, timeZone), last: instantOf(wall + DAY_MS, timeZone) - 1 };
}

/** `Date.parse` rolls the 30th of February over into March, and 24:00 into the next day. */
function wallAt(day: string, time: string): Millis | undefined {
  const wall = Date.parse(`${day}T${time}Z`);
  return Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(day) ? undefined : wall;
}

/** How far a zone that is written as a difference is ahead of UTC; NaN where no clock can be. */
function ahead(zone: string): Millis {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', ''))];
  const difference = (hours * 60 + minutes) * 60_000;
  return hours > 23 || minutes > 59 ? NaN : zone.startsWith('-') ? -difference : difference;
}
