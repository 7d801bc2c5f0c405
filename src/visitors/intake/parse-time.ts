import type { Millis } from '../../engine/language/millis.js';

const SHAPE = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Milliseconds since the epoch of an ISO 8601 day or time, in UTC where no zone is named; NaN when there is no such
 * time.
 */
export function parseTime(text: string): Millis {
  const [, day, zone] = SHAPE.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return NaN;
  // A time without a zone would be read in the zone of this machine.
  return Date.parse(zone === undefined && text !== day ? `${text}Z` : text);
}

/** `Date.parse` rolls the 30th of February over into March. */
function isDay(day: string): boolean {
  const midnight = Date.parse(day);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}
