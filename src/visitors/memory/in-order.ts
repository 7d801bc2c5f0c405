import type { Millis } from '../../engine/language/millis.js';

/** What an interaction is put in its place by. */
interface Placed {
  readonly timestamp: Millis;
  readonly arrival: number;
  readonly messageId: string;
}

/** In the order of {@link byTime}. */
export function ordered<T extends Placed>(interactions: readonly T[]): T[] {
  return [...interactions].sort(byTime);
}

/** In order of timestamp, equal ones in order of arrival, and those in order of message id. */
export function byTime(a: Placed, b: Placed): number {
  return (
    a.timestamp - b.timestamp ||
    a.arrival - b.arrival ||
    (a.messageId < b.messageId ? -1 : Number(a.messageId > b.messageId))
  );
}
