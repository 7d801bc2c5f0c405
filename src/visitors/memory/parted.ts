import type { Millis } from '../../engine/language/millis.js';

/** That a person was parted in two: both sides know of it. */
export interface Parted {
  /** What the one that left is kept under, and the one that it left. */
  readonly id: string;
  readonly from: string;
  readonly at: Millis;
}

/** So many are kept, the latest. */
const MAX_PARTED = 50;

/** What is noted of either. */
export function mergeParted(a: readonly Parted[] = [], b: readonly Parted[] = []): readonly Parted[] {
  if (b.length === 0) return a;
  const all = [...new Map([...a, ...b].map((one) => [keyOf(one), one])).values()];
  return all.sort((x, y) => x.at - y.at || (keyOf(x) < keyOf(y) ? -1 : 1)).slice(-MAX_PARTED);
}

function keyOf({ id, from, at }: Parted): string {
  return JSON.stringify([at, id, from]);
}

/** Whether two, known by these ids, were parted from each other. */
export function wereParted(notes: readonly Parted[], a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return notes.some(({ id, from }) => (a.has(id) && b.has(from)) || (a.has(from) && b.has(id)));
}
