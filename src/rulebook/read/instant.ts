import { readTime } from '../../engine/values/read-time.js';

/** Rule files write times one way, stricter than doors, so that they read alike; the schemas say the same. */
const SHAPE = /^\d{4}-\d{2}-\d{2}(?<hour>T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?<zone>Z|[+-]\d{2}:\d{2})?)?$/;
const EXAMPLE = 'write a day such as 2026-11-01 or an instant such as 2026-11-01T09:00:00Z';

/**
 * Milliseconds since the epoch of a `When`, or of a `ScheduleTime` by the clocks of a zone; without one a day is its
 * midnight in UTC. NaN when it is not a real one.
 */
export function instant(when: string, timeZone?: string): number {
  const read = SHAPE.test(when) ? readTime(when, timeZone ?? false) : undefined;
  return read && 'at' in read ? read.at : Number.NaN;
}

/**
 * What is wrong with a `When`, or undefined. A day that does not exist, such as 2026-02-30, is refused, and so is a
 * time that says no zone where there is none to go by.
 */
export function whenProblem(when: string, timeZone?: string): string | undefined {
  if (!SHAPE.test(when)) return `"${when}" is not a date; ${EXAMPLE}`;
  const read = readTime(when, timeZone ?? false);
  return 'wrong' in read ? `"${when}" ${read.wrong}` : undefined;
}

/** Whether it is a time of day without a zone. */
export function saysNoZone(when: string): boolean {
  const { hour, zone } = SHAPE.exec(when)?.groups ?? {};
  return hour !== undefined && zone === undefined;
}
