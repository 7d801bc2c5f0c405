import type { Millis } from '../../engine/language/millis.js';

/** That an id came to be a person's, beside the one that they are kept under. */
export interface Join {
  readonly id: string;
  /** When what said so was received. */
  readonly at: Millis;
  /** Whose word it was; absent where another process began it and was cut off. */
  readonly by?: 'browser' | 'server';
}

/** So many are kept, the latest. */
const MAX_JOINS = 50;

/** What is noted of either; of an id that both note, the earlier. */
export function mergeJoins(a: readonly Join[] = [], b: readonly Join[] = []): readonly Join[] {
  if (b.length === 0) return a;
  const byId = new Map<string, Join>();
  for (const join of [...a, ...b].sort(byTime)) if (!byId.has(join.id)) byId.set(join.id, join);
  return [...byId.values()].slice(-MAX_JOINS);
}

function byTime(a: Join, b: Join): number {
  return a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id)) || rank(a) - rank(b);
}

function rank({ by }: Join): number {
  return [undefined, 'browser', 'server'].indexOf(by);
}
