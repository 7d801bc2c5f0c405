import type { Millis } from '../../engine/language/millis.js';
import { keptFew } from '../values/kept-few.js';

const MINUTE_MS = 60_000;
/** As many as there are zones; other spellings of them are not kept. */
const MOST_ZONES = 600;

/** Whether this is the name of a time zone, such as `Europe/Berlin`, or an offset such as `+01:00`. */
export function isKnownZone(name: string): boolean {
  return formatOf(name) !== undefined;
}

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. The zone must be known. */
export function zoneOffset(timeZone: string, at: Millis): number {
  const parts = formatOf(timeZone)?.formatToParts(at) ?? [];
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  const { year = NaN, month = NaN, day, hour, minute, second } = part;
  return wallTime(year, month, [day, hour, minute, second]) - Math.floor(at / 1_000) * 1_000;
}

/**
 * The instant at which the clocks of a zone show a time, given as if it were in UTC. An hour that they leave out is
 * taken for the one after it, and of an hour that they show twice the first is meant, as RFC 5545 does (section 3.3.5).
 */
export function instantOf(wall: Millis, timeZone: string): Millis {
  const [before, after] = [-DAY_MS, DAY_MS].map((days) => zoneOffset(timeZone, wall + days));
  const found = [wall - (before ?? 0), wall - (after ?? 0)].find((at) => at + zoneOffset(timeZone, at) === wall);
  return found ?? wall - (before ?? 0);
}

const DAY_MS = 1_440 * MINUTE_MS;

/** `Date.UTC`, without its habit of taking the year 99 for 1999. */
export function wallTime(year: number, month: number, rest: readonly (number | undefined)[]): Millis {
  const [day = 1, hour = 0, minute = 0, second = 0] = rest;
  return new Date(0).setUTCFullYear(year, month - 1, day) + ((hour * 60 + minute) * 60 + second) * 1_000;
}

const formatOf = keptFew(MOST_ZONES, (timeZone: string): Intl.DateTimeFormat | undefined => {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
});
