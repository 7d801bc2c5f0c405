import { describe, expect, test } from '@jest/globals';
import { WriteBehind, type WriteBehindOptions } from './write-behind.js';
import { until } from '../../test/until.js';

interface Kept {
  readonly batches: number[][];
  readonly lost: [count: number, why: unknown][];
}

function queue(more: Partial<WriteBehindOptions<number>> = {}): Kept & { readonly queue: WriteBehind<number> } {
  const kept: Kept = { batches: [], lost: [] };
  const write = async (batch: readonly number[]) => void kept.batches.push([...batch]);
  return {
    ...kept,
    queue: new WriteBehind({
      write,
      lost: (count, why) => void kept.lost.push([count, why]),
      weigh: (one) => one,
      mostWaiting: 100,
      batch: 10,
      ...more,
    }),
  };
}

describe('what is written behind', () => {
  test('comes in its order, in batches that end with the one that fills them', async () => {
    const { queue: behind, batches } = queue();
    for (const one of [1, 2, 3, 4, 5, 6, 30, 1]) behind.put(one);
    expect(batches).toEqual([]);
    await until('all batches', () => batches.length === 4);
    expect(batches).toEqual([[1, 2, 3, 4], [5, 6], [30], [1]]);
  });

  test('gathers while a batch is on its way, and does not follow it one by one', async () => {
    const batches: number[][] = [];
    const write = async (batch: readonly number[]): Promise<void> => {
      batches.push([...batch]);
      if (batches.length > 5) return;
      // One comes as the batch is written, and others in the turns of the loop after it.
      behind.put(1);
      setImmediate(() => behind.put(1));
    };
    const { queue: behind } = queue({ write });
    behind.put(1);
    await behind.end();
    expect(batches).toEqual([[1], ...Array.from({ length: 5 }, () => [1, 1])]);
  });

  test('is lost, and counted, where more waits than may', async () => {
    const { queue: behind, batches, lost } = queue({ mostWaiting: 20 });
    for (const one of [15, 15, 1, 1]) behind.put(one);
    await behind.end();
    expect([batches, lost]).toEqual([
      [[15], [15]],
      [
        [1, undefined],
        [1, undefined],
      ],
    ]);
    behind.put(1);
    await behind.end();
    expect(batches).toHaveLength(3);
  });

  test('is lost by the batch where it can’t be written, and what comes after it goes on', async () => {
    const written: number[] = [];
    const write = async (batch: readonly number[]) => {
      if (batch.includes(7)) throw new Error('no room');
      written.push(...batch);
    };
    const { queue: behind, lost } = queue({ write });
    for (const one of [7, 5, 8]) behind.put(one);
    await behind.end();
    expect([written, lost]).toEqual([[8], [[2, 'no room']]]);
  });

  test('is dropped while it waits, and waited for when it is on its way', async () => {
    const [written, begun]: [number[], Promise<void>[]] = [[], []];
    const { promise: isSlow, resolve: goOn } = Promise.withResolvers<void>();
    const write = (batch: readonly number[]) => {
      begun.push(isSlow.then(() => void written.push(...batch)));
      return begun.at(-1) ?? isSlow;
    };
    const { queue: behind } = queue({ write, batch: 1 });
    for (const one of [1, 2, 3]) behind.put(one);
    await until('the first to be on its way', () => begun.length === 1);
    const isDropped = behind.drop((one) => one < 3);
    goOn();
    await isDropped;
    expect(written).toEqual([1]);
    await behind.end();
    expect(written).toEqual([1, 3]);
  });

  test('leaves room again when it was dropped', async () => {
    const { queue: behind, batches, lost } = queue({ mostWaiting: 20 });
    behind.put(20);
    await behind.drop(() => true);
    behind.put(5);
    await behind.end();
    expect([batches, lost]).toEqual([[[5]], []]);
  });

  test('says when there is room, so that who can wait loses nothing', async () => {
    const { queue: behind, batches, lost } = queue({ mostWaiting: 100, batch: 10 });
    for (let put = 0; put < 200; put++) {
      await behind.room();
      behind.put(5);
    }
    await behind.end();
    expect([batches.flat(), lost]).toEqual([Array.from({ length: 200 }, () => 5), []]);
    // More at once would keep others waiting.
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(3);
  });
});
