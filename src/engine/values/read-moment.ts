import { WrittenNumber } from '../language/written-number.js';
import { calendarTime, type WrittenTime } from './calendar-time.js';
import { epochTime } from './epoch-time.js';
import type { NoTime } from './time-answer.js';
import type { TimeSpan } from './time-span.js';
import { DAY_MS, instantOf } from './wall-clock.js';

/**
 * What goes for a time of day that is written without a zone: it is by the clocks of the zone named here, or refused
 * (`false`). A day is never refused; without a zone to go by it is one in UTC.
 */
export type WithoutZone = string | false;

/**
 * The one rule of times, for doors, rules, templates and conditions: ISO 8601 and its relatives, dates of letters
 * (RFC 5322), and seconds, milliseconds, microseconds or nanoseconds since 1970, as number or text, told apart by their
 * size. A day such as `2026-12-24` is the whole of it, anything else a point. What is finer than a millisecond is cut
 * off. The machine's own zone is never asked. Nothing is guessed: what could be two times, or is none, is refused.
 */
export function readMoment(said: unknown, withoutZone: WithoutZone): TimeSpan | NoTime {
  if (said instanceof WrittenNumber) return fromText(said.source, withoutZone);
  if (typeof said === 'number') return fromText(String(said), withoutZone);
  return typeof said === 'string' ? fromText(said.trim(), withoutZone) : { wrong: NO_TIME };
}

function fromText(text: string, withoutZone: WithoutZone): TimeSpan | NoTime {
  if (text.length > MAX_LENGTH) return { wrong: NO_TIME };
  const written = calendarTime(text);
  if (written) return 'wrong' in written ? written : spanOf(text, written, withoutZone);
  const read = epochTime(text) ?? { wrong: remedyFor(text) };
  return 'wrong' in read ? read : { first: read.at, last: read.at };
}

/** More than any time has. */
const MAX_LENGTH = 64;

const NO_TIME =
  'must be an ISO 8601 time, such as "2026-11-21T10:00:00Z", or the seconds, milliseconds, microseconds or ' +
  'nanoseconds since 1970 as a number';

function spanOf(text: string, { wall, ahead, isDay }: WrittenTime, withoutZone: WithoutZone): TimeSpan | NoTime {
  if (isDay) return dayFrom(wall, withoutZone || 'UTC');
  if (ahead === undefined && withoutZone === false) return { wrong: saysNoZone(text) };
  const at = ahead === undefined ? instantOf(wall, withoutZone || 'UTC') : wall - ahead;
  return { first: at, last: at };
}

function dayFrom(wall: number, timeZone: string): TimeSpan {
  return { first: instantOf(wall, timeZone), last: instantOf(wall + DAY_MS, timeZone) - 1 };
}

function saysNoZone(text: string): string {
  return (
    `does not say in which time zone; write "${text}Z" for UTC, ` + `or its difference from UTC, as in "${text}+01:00"`
  );
}

function remedyFor(text: string): string {
  if (/^[+-]?\d{5,}-\d\d-\d\d/.test(text)) return `has a year that is none; ${NO_TIME}`;
  const [, first = 0, second = 0] = (/^(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}\b/.exec(text) ?? []).map(Number);
  if (first === 0) return NO_TIME;
  const isAmbiguous = first <= 12 && second <= 12 && first !== second;
  const fault = isAmbiguous ? 'could mean two days' : 'is not written as times are here';
  return `${fault}; write the year first, such as "2026-04-03"`;
}
