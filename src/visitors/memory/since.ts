import type { Millis } from '../../engine/language/millis.js';

const DAY_MS = 86_400_000;

/** Before this instant nothing is retained. */
export function retainedSince(now: Millis, { keepDays }: { readonly keepDays: number }): Millis {
  return keepDays === 0 ? -Infinity : now - keepDays * DAY_MS;
}

/** What was joined before this instant can't be undone any more. */
export function joinsSince(now: Millis, { splitDays = 0 }: { readonly splitDays?: number }): Millis {
  return splitDays === 0 ? Infinity : now - splitDays * DAY_MS;
}
