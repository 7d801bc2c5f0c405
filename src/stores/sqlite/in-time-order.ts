import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BlockPlace } from './block-reads.js';

/** Something that was decided, and the place where it lies. */
export interface Timed {
  readonly at: number;
  readonly seq: number;
}

/**
 * What lies in blocks, by the times of the decisions and then by their places, some at a time. The blocks come by their
 * beginnings and may overlap; each is read once, when it is its turn, a turn of the event loop for each.
 */
export async function* inTimeOrder<T extends Timed>(
  places: AsyncIterable<BlockPlace> | Iterable<BlockPlace>,
  read: (seq: number) => Promise<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  let waiting: T[] = [];
  for await (const { firstAt, seq } of places) {
    const begin = { at: firstAt, seq };
    const isDue = waiting.findIndex((one) => compare(one, begin) >= 0);
    yield waiting.splice(0, isDue < 0 ? waiting.length : isDue);
    waiting = [...waiting, ...(await read(seq))].sort(compare);
    await nextTurn();
  }
  yield waiting;
}

function compare(a: Timed, b: Timed): number {
  return a.at - b.at || a.seq - b.seq;
}
