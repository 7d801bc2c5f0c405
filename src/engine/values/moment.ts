import { readMoment } from './read-moment.js';
import type { TimeSpan } from './time-span.js';

/**
 * When a value says, as {@link readMoment} reads it: a day is the whole day in the zone; a time without a zone is by
 * its clocks. Undefined for what is no date or time for certain.
 */
export function momentOf(value: unknown, timeZone: string): TimeSpan | undefined {
  const read = readMoment(value, timeZone);
  return 'wrong' in read ? undefined : read;
}
