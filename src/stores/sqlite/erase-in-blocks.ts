import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BlockReads } from './block-reads.js';

/** So many blocks are written anew in one step: a few milliseconds, in which other processes wait. */
const BLOCKS_AT_ONCE = 8;

/** Erases what is in the blocks of some ids and, as long as something was, in those that came meanwhile; how much. */
export async function eraseInBlocks(
  blocks: BlockReads,
  all: readonly string[],
  erase: (ids: readonly string[], seqs: readonly number[]) => Promise<number>,
): Promise<number> {
  const ids = [...new Set(all)];
  let erased = 0;
  for (let [from, now] = [0, 1]; now > 0;) {
    now = 0;
    const { places, last } = await blocks.thatMayHold(ids, from);
    for (let at = 0; at < places.length; at += BLOCKS_AT_ONCE) {
      const some = places.slice(at, at + BLOCKS_AT_ONCE).map(({ seq }) => seq);
      now += await erase(ids, some);
      await nextTurn();
    }
    erased += now;
    from = last;
  }
  return erased;
}
