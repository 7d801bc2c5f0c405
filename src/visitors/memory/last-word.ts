import { canonical } from '../../engine/language/json.js';
import type { Millis } from '../../engine/language/millis.js';

/** Something that was said at a moment, by somebody who may say otherwise later. */
export interface Said {
  readonly at: Millis;
  readonly arrival: number;
}

/** Of each name the latest word stands: by timestamp, then by arrival, then by its text so that order never matters. */
export function latest<T extends Said>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
): Record<string, T> {
  const merged = Object.assign(nameless<T>(), a);
  for (const [name, theirs] of Object.entries(b)) {
    merged[name] = later(merged[name], theirs);
  }
  return merged;
}

/** The later word of two: by timestamp, then by arrival, then by its text. */
export function later<T extends Said>(ours: T | undefined, theirs: T): T {
  return !ours || isLater(theirs, ours) ? theirs : ours;
}

/** An empty record. Names come from outside: `constructor` is a name like any other. */
export function nameless<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

function isLater<T extends Said>(a: T, b: T): boolean {
  if (a.at !== b.at) return a.at > b.at;
  if (a.arrival !== b.arrival) return a.arrival > b.arrival;
  return canonical(a) > canonical(b);
}
