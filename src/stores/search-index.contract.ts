import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SearchIndex } from './search-index.js';

/** What the suite runs against, over empty data. */
export interface SearchIndexBackend {
  readonly index: SearchIndex;
  tearDown(): Promise<void>;
}

/** The suite that every {@link SearchIndex} passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeSearchIndex(name: string, setUp: () => Promise<SearchIndexBackend>): void {
  describe(name, () => {
    let backend: SearchIndexBackend;
    beforeAll(async () => {
      backend = await setUp();
    });
    afterAll(async () => {
      await backend.tearDown();
    });

    const key = (digits: string) => digits.padEnd(32, '0');
    const put = (...entries: [string, string][]) =>
      backend.index.change({ put: entries.map(([one, id]) => ({ key: key(one), id })), take: [] });
    const take = (...entries: [string, string][]) =>
      backend.index.change({ put: [], take: entries.map(([one, id]) => ({ key: key(one), id })) });
    const find = (one: string, limit = 10) => backend.index.find(key(one), limit);
    const keysOf = async (...ids: string[]) => (await backend.index.keysOf(ids)).map((keys) => keys.toSorted());

    async function walk(): Promise<string[]> {
      const found: string[] = [];
      for (let from: string | undefined; ;) {
        const { ids, next } = await backend.index.ids(from);
        found.push(...ids);
        if (next === undefined) return [...new Set(found)].sort();
        from = next;
      }
    }

    test('leads nowhere at first, and covers nothing', async () => {
      expect([await find('a'), await keysOf('u-1'), await walk()]).toEqual([[], [[]], []]);
      expect(await backend.index.coverage()).toBeUndefined();
    });

    test('leads from a key to all ids that were put, whatever their letters, and from those to keys', async () => {
      const ids = ['u-1', 'u}2', '{', '%7D', '"\n🐈', ' ', 'a:found', 'ÿ', '\u{10ffff}'];
      await put(...ids.map((id): [string, string] => ['b0', id]), ['b1', 'u-1'], ['b0', 'u-1']);
      expect((await find('b0', 20)).toSorted()).toEqual(ids.toSorted());
      expect(await find('b1')).toEqual(['u-1']);
      expect(await keysOf('u-1', 'nobody', '%7D')).toEqual([[key('b0'), key('b1')], [], [key('b0')]]);
      expect(await walk()).toEqual(ids.toSorted());
      await take(...ids.map((id): [string, string] => ['b0', id]), ['b1', 'u-1']);
    });

    test('tells no more ids than are asked for, always the same ones', async () => {
      await put(...Array.from({ length: 30 }, (_, at): [string, string] => ['c0', `u-${100 + at}`]));
      expect(await find('c0', 3)).toEqual(['u-100', 'u-101', 'u-102']);
      await take(...Array.from({ length: 30 }, (_, at): [string, string] => ['c0', `u-${100 + at}`]));
    });

    test('takes out one entry and leaves its neighbours; what is not there may be taken out too', async () => {
      // Of the same beginning, and one of an id that begins as another does.
      await put(['d00001', 'u-1'], ['d00001', 'u-10'], ['d00002', 'u-1'], ['d00001', 'u-2']);
      await take(['d00001', 'u-1'], ['d00003', 'u-1'], ['e', 'nobody']);
      expect([await find('d00001'), await find('d00002')]).toEqual([['u-10', 'u-2'], ['u-1']]);
      expect(await keysOf('u-1', 'u-10')).toEqual([[key('d00002')], [key('d00001')]]);
      await take(['d00001', 'u-10'], ['d00002', 'u-1'], ['d00001', 'u-2']);
      expect(await walk()).toEqual([]);
    });

    test('puts and takes in one step, and nothing where nothing is said', async () => {
      const { index } = backend;
      await put(['f0', 'u-1']);
      await index.change({ put: [{ key: key('f1'), id: 'u-1' }], take: [{ key: key('f0'), id: 'u-1' }] });
      expect(await keysOf('u-1')).toEqual([[key('f1')]]);
      await index.change({ put: [], take: [] });
      expect(await index.keysOf([])).toEqual([]);
      await take(['f1', 'u-1']);
    });

    test('holds thousands of entries of one key and of one change, and a walk comes by all of them', async () => {
      const ids = Array.from({ length: 3_000 }, (_, at) => `many-${10_000 + at}`);
      await put(...ids.map((id, at): [string, string] => [at % 2 ? '10' : at.toString(16).padStart(8, '2'), id]));
      expect(await find('10', 5_000)).toHaveLength(1_500);
      expect(await walk()).toEqual(ids);
    });

    test('remembers what was said to be covered last', async () => {
      const { index } = backend;
      await index.cover('{"größe":"text"}');
      await index.cover('{"email":"email"}');
      expect(await index.coverage()).toBe('{"email":"email"}');
    });
  });
}
