import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Draft, type DraftLimits, type DraftStore, headOf } from './draft-store.js';

/** What the suite runs against: `open` gives a store over empty data, `another` one over the same data as the last. */
export interface DraftBackend {
  open(limits: DraftLimits): Promise<DraftStore>;
  another(limits: DraftLimits): Promise<DraftStore>;
  tearDown(): Promise<void>;
}

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-21T10:00:00Z');
const LIMITS: DraftLimits = { keep: 3, keepDays: 30, now: () => NOW };
const later = (days: number): DraftLimits => ({ ...LIMITS, now: () => NOW + days * DAY_MS });

/** A draft as it is begun. */
const draft = (id: string, more: Partial<Draft> = {}): Draft => ({
  ...{ id, revision: 1, base: 4, author: 'Zoë', who: 'author:3f2a91c0', via: 'api', message: 'more cats \u2028 "🐈"' },
  ...{ createdAt: NOW, changedAt: NOW, fileCount: 2 },
  files: { 'offers/cat.json': '{ "name": "Zoë 🐈 \\u0000 \0" }', 'offers/dog.json': null },
  ...more,
});

/** The suite that every {@link DraftStore} passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeDraftStore(name: string, setUp: () => Promise<DraftBackend>): void {
  describe(name, () => {
    let backend: DraftBackend;
    beforeAll(async () => {
      backend = await setUp();
    });
    afterAll(async () => {
      await backend.tearDown();
    });

    test('there are none at first, and none can be changed', async () => {
      const store = await backend.open(LIMITS);
      expect([await store.list(), await store.find('a')]).toEqual([[], undefined]);
      expect(await store.replace(draft('a', { revision: 2 }))).toBe(false);
      expect(await store.replace(draft('a'))).toBe(false);
      expect(await store.remove('a', 1)).toBe(false);
      expect([await store.list(), await store.find('a')]).toEqual([[], undefined]);
    });

    test('one is read back as it was, also by others, the latest first in the list', async () => {
      const store = await backend.open(LIMITS);
      const [first, second] = [draft('z'), draft('a', { changedAt: NOW + 1, message: '' })];
      expect([await store.add(first), await store.add(second)]).toEqual([true, true]);
      const other = await backend.another(LIMITS);
      expect([await other.find('z'), await other.find('a')]).toEqual([first, second]);
      expect(await other.list()).toEqual([headOf(second), headOf(first)]);
    });

    test('one is not begun twice, and none gives way to another', async () => {
      const store = await backend.open(LIMITS);
      expect(await store.add(draft('a'))).toBe(true);
      expect(await store.add(draft('a', { message: 'another' }))).toBe(false);
      await store.add(draft('b'));
      await store.add(draft('c'));
      expect(await store.add(draft('d'))).toBe(false);
      expect((await store.list()).map(({ id }) => id).sort()).toEqual(['a', 'b', 'c']);
      expect((await store.find('a'))?.message).toBe(draft('a').message);
      expect(await store.remove('b', 1)).toBe(true);
      expect(await store.add(draft('d'))).toBe(true);
    });

    test('of two who change one, the later changes nothing', async () => {
      const store = await backend.open(LIMITS);
      const other = await backend.another(LIMITS);
      await store.add(draft('a'));
      const [mine, theirs] = ['mine', 'theirs'].map((message) => draft('a', { revision: 2, message, files: {} }));
      const won = await Promise.all([store.replace(mine ?? draft('')), other.replace(theirs ?? draft(''))]);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.find('a')).toEqual(won[0] ? mine : theirs);
      expect(await store.replace(draft('a', { revision: 4 }))).toBe(false);
      expect(await store.remove('a', 1)).toBe(false);
      expect(await store.remove('a', 2)).toBe(true);
      expect([await store.find('a'), await other.list()]).toEqual([undefined, []]);
    });

    test('what nobody has changed for long is not there, and makes room', async () => {
      const store = await backend.open(LIMITS);
      await store.add(draft('old'));
      await store.add(draft('kept', { changedAt: NOW + DAY_MS }));
      const soon = await backend.another(later(30));
      expect((await soon.list()).map(({ id }) => id)).toEqual(['kept', 'old']);
      const late = await backend.another(later(30.5));
      expect([(await late.list()).map(({ id }) => id), await late.find('old')]).toEqual([['kept'], undefined]);
      expect([await late.replace(draft('old', { revision: 2 })), await late.remove('old', 1)]).toEqual([false, false]);
      expect([await late.add(draft('b')), await late.add(draft('c')), await late.find('old')]).toEqual([
        ...[true, true, undefined],
      ]);
      // Forgotten, and not only out of sight.
      expect(await store.find('old')).toBeUndefined();
    });

    test('a large one is kept whole', async () => {
      const store = await backend.open(LIMITS);
      const files = Object.fromEntries(
        Array.from({ length: 500 }, (_, at) => [`offers/${at}.json`, `${at} `.repeat(500)]),
      );
      const large = draft('large', { files, fileCount: 500 });
      expect(await store.add(large)).toBe(true);
      expect(await store.find('large')).toEqual(large);
    });
  });
}
