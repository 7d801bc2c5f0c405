import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Erasures } from './erasures.js';

/** What the suite runs against, over empty data. */
export interface ErasuresBackend {
  readonly erasures: Erasures;
  tearDown(): Promise<void>;
}

/** The suite that every {@link Erasures} passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeErasures(name: string, setUp: () => Promise<ErasuresBackend>): void {
  describe(name, () => {
    let backend: ErasuresBackend;
    beforeAll(async () => {
      backend = await setUp();
    });
    afterAll(async () => {
      await backend.tearDown();
    });

    const unfinished = async () => [...(await backend.erasures.unfinished())].sort((a, b) => (a.key < b.key ? -1 : 1));

    test('there are none at first', async () => {
      expect(await unfinished()).toEqual([]);
    });

    test('one is told of as it was noted last, until it is ended', async () => {
      const { erasures } = backend;
      await erasures.note({ key: 'a', ids: ['u-1'], isForgotten: false });
      await erasures.note({ key: 'b', ids: ['u}2', '"\n🐈'], isForgotten: false });
      await erasures.note({ key: 'a', ids: ['u-1', 'device'], isForgotten: true });
      expect(await unfinished()).toEqual([
        { key: 'a', ids: ['u-1', 'device'], isForgotten: true },
        { key: 'b', ids: ['u}2', '"\n🐈'], isForgotten: false },
      ]);
      await erasures.end(['a', 'nobody']);
      expect((await unfinished()).map(({ key }) => key)).toEqual(['b']);
      await erasures.end(['b']);
      await expect(erasures.end([])).resolves.toBeUndefined();
      expect(await unfinished()).toEqual([]);
    });
  });
}
