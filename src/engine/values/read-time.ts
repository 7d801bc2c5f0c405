import { WrittenNumber } from '../language/written-number.js';
import { calendarTime } from './calendar-time.js';
import { epochTime } from './epoch-time.js';
import type { TimeAnswer } from './time-answer.js';

/**
 * The one rule of times, at every door: ISO 8601 and its relatives, dates of letters (RFC 5322), and seconds,
 * milliseconds, microseconds or nanoseconds since 1970, as number or text, told apart by their size. A text without a
 * zone is in UTC, wherever this runs. What is finer than a millisecond is cut off. Nothing is guessed: what could be
 * two times, or is none, is refused.
 */
export function readTime(said: unknown): TimeAnswer {
  if (said instanceof WrittenNumber) return fromText(said.source);
  if (typeof said === 'number') return fromText(String(said));
  return typeof said === 'string' ? fromText(said.trim()) : { wrong: NO_TIME };
}

function fromText(text: string): TimeAnswer {
  if (text.length > MAX_LENGTH) return { wrong: NO_TIME };
  return calendarTime(text) ?? epochTime(text) ?? { wrong: remedyFor(text) };
}

/** More than any time has. */
const MAX_LENGTH = 64;

const NO_TIME =
  'must be an ISO 8601 time, such as "2026-11-21T10:00:00Z", or the seconds, milliseconds, microseconds or ' +
  'nanoseconds since 1970 as a number';

function remedyFor(text: string): string {
  if (/^[+-]?\d{5,}-\d\d-\d\d/.test(text)) return `has a year that is none; ${NO_TIME}`;
  const [, first = 0, second = 0] = (/^(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}\b/.exec(text) ?? []).map(Number);
  if (first === 0) return NO_TIME;
  const isAmbiguous = first <= 12 && second <= 12 && first !== second;
  const fault = isAmbiguous ? 'could mean two days' : 'is not written as times are here';
  return `${fault}; write the year first, such as "2026-04-03"`;
}
