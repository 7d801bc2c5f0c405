import type { Millis } from '../engine/language/millis.js';
import type { Reservation } from '../engine/limits/reservations.js';
import { itemRef } from '../engine/visitor/contacts.js';

/** For whom places are taken, and how long somebody waits for them. */
export interface Reserving {
  readonly visitorId: string;
  readonly decisionId: string;
  readonly now: Millis;
  /** How long places are held, in milliseconds; as the limits say where it is absent. */
  readonly holdMs?: number | undefined;
  /** What is asked of the store, as long as somebody waits for it. */
  within<T>(ask: () => Promise<T>): Promise<{ readonly kind: 'done'; readonly value: T } | { readonly kind: string }>;
}

/** Which item of the decision a reservation is for. */
export function refOf({ placement }: Reservation, { decisionId }: Pick<Reserving, 'decisionId'>): number {
  return itemRef(decisionId, placement);
}

/**
 * What a store answers in time; undefined where it does not. What it does later all the same is handed to `late`, to be
 * undone.
 */
export async function inTime<T>(
  { within }: Pick<Reserving, 'within'>,
  ask: () => Promise<T>,
  late: (value: T) => void,
): Promise<T | undefined> {
  let last: Promise<T> | undefined;
  const outcome = await within(() => (last = ask()));
  if ('value' in outcome) return outcome.value;
  void last?.then(late, () => undefined);
  return undefined;
}
