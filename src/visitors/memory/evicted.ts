/**
 * Counts of what is no longer retained. Each memory counts what it let go itself, under its own id (a G-counter:
 * Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types", 2011, section 3.1), so
 * that joining two memories once more adds nothing.
 */
import type { Millis } from '../../engine/language/millis.js';
import { nameless } from './last-word.js';

/** Interactions of one event name that are no longer retained: how many, by the memory that let them go. */
export interface Evicted {
  readonly counts: Readonly<Record<string, number>>;
  readonly first: Millis;
  readonly last: Millis;
}

/** By event name. */
export type EvictedByEvent = Readonly<Record<string, Evicted>>;

/** The counts with these interactions, which the memory `id` lets go of. */
export function evict(
  id: string,
  evicted: EvictedByEvent,
  gone: readonly { readonly event: string; readonly timestamp: Millis }[],
): EvictedByEvent {
  const next = Object.assign(nameless<Evicted>(), evicted);
  for (const { event, timestamp } of gone) {
    const before = next[event] ?? { counts: nameless<number>(), first: timestamp, last: timestamp };
    const counts = Object.assign(nameless<number>(), before.counts);
    counts[id] = (counts[id] ?? 0) + 1;
    next[event] = {
      counts,
      first: Math.min(before.first, timestamp),
      last: Math.max(before.last, timestamp),
    };
  }
  return next;
}

/** What either counted; of each memory's own count the larger one stands. */
export function mergeEvicted(a: EvictedByEvent, b: EvictedByEvent): EvictedByEvent {
  const merged = Object.assign(nameless<Evicted>(), a);
  for (const [event, theirs] of Object.entries(b)) {
    const ours = merged[event];
    merged[event] = ours
      ? {
          counts: maxOfEach(ours.counts, theirs.counts),
          first: Math.min(ours.first, theirs.first),
          last: Math.max(ours.last, theirs.last),
        }
      : theirs;
  }
  return merged;
}

function maxOfEach(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const merged = Object.assign(nameless<number>(), a);
  for (const [id, count] of Object.entries(b)) merged[id] = Math.max(merged[id] ?? 0, count);
  return merged;
}
