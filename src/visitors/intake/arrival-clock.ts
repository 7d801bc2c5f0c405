import type { Millis } from '../../engine/language/millis.js';

/** Numbers events in their order of arrival, across restarts: microseconds since the epoch, never the same twice. */
export class ArrivalClock {
  private last = 0;

  next(now: Millis): number {
    this.last = Math.max(this.last + 1, now * 1_000);
    return this.last;
  }
}

/** A place in the order of arrival, as an export tells it; undefined for what is none. */
export function arrivalIn(said: unknown): number | undefined {
  return typeof said === 'number' && Number.isSafeInteger(said) && said > 0 ? said : undefined;
}
