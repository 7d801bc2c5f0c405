import type { Millis } from '../language/millis.js';

/** A stretch of time: its first and its last millisecond, both of which belong to it. A point is both. */
export interface TimeSpan {
  readonly first: Millis;
  readonly last: Millis;
}

/** Whether two stretches have a moment in common. */
export function overlap(some: TimeSpan, other: TimeSpan): boolean {
  return some.first <= other.last && some.last >= other.first;
}
