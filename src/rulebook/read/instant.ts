import { momentOf } from '../../engine/values/moment.js';

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;
const EXAMPLE = 'write a day such as 2026-11-01 or an instant such as 2026-11-01T09:00:00Z';

/**
 * Milliseconds since the epoch of a `When`, or of a `ScheduleTime` by the clocks of a zone; without one a day is its
 * midnight in UTC. NaN when it is not a real one.
 */
export function instant(when: string, timeZone?: string): number {
  if (whenProblem(when, timeZone) !== undefined) return Number.NaN;
  return momentOf(when, timeZone ?? 'UTC')?.first ?? Number.NaN;
}

/**
 * What is wrong with a `When`, or undefined. A day that does not exist, such as 2026-02-30, is refused, and so is a
 * time
 * that says no zone where there is none to go by.
 */
export function whenProblem(when: string, timeZone?: string): string | undefined {
  const problem = shapeProblem(when);
  if (problem !== undefined || timeZone !== undefined || !saysNoZone(when)) return problem;
  return (
    `"${when}" does not say in which time zone; write "${when}Z" for UTC, ` +
    `or its difference from UTC, as in "${when}+01:00"`
  );
}

/** Whether it is a time of day without a zone. */
export function saysNoZone(when: string): boolean {
  const [, , , , hour, , , zone] = SHAPE.exec(when) ?? [];
  return hour !== undefined && zone === undefined;
}

function shapeProblem(when: string): string | undefined {
  const parts = SHAPE.exec(when);
  if (!parts) return `"${when}" is not a date; ${EXAMPLE}`;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const days = daysIn(year ?? 0, month ?? 0);
  if (days === 0) return `"${when}" has no such month; months go from 01 to 12`;
  if (!day || day > days) return `"${when}" is not a day that exists; that month has ${days} days`;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59 || momentOf(when, 'UTC') === undefined) {
    return `"${when}" has no such time of day; ${EXAMPLE}`;
  }
  return undefined;
}

function daysIn(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
