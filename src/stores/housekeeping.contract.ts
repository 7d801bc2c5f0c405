import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Housekeeping } from './housekeeping.js';
import type { VisitorStore } from './visitor-store.js';

/** What the suite runs against, over empty data. */
export interface HousekeepingBackend {
  readonly visitors: VisitorStore;
  readonly housekeeping: Housekeeping;
  tearDown(): Promise<void>;
}

/** The suite that every {@link Housekeeping} passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeHousekeeping(name: string, setUp: () => Promise<HousekeepingBackend>): void {
  describe(name, () => {
    let backend: HousekeepingBackend;
    beforeAll(async () => {
      backend = await setUp();
    });
    afterAll(async () => {
      await backend.tearDown();
    });

    const create = (...ids: string[]) =>
      backend.visitors.save(ids.map((id) => ({ id, from: undefined, document: Buffer.from(id) })));

    async function walk(): Promise<string[]> {
      const found: string[] = [];
      let page = await backend.housekeeping.ids();
      found.push(...page.ids);
      while (page.next !== undefined) {
        page = await backend.housekeeping.ids(page.next);
        found.push(...page.ids);
      }
      return [...new Set(found)].sort();
    }

    async function setAside(id: string): Promise<void> {
      const [stored] = await backend.visitors.load([id]);
      if (stored) await backend.visitors.setAside(id, stored);
    }

    test('a walk through nobody ends', async () => {
      expect(await walk()).toEqual([]);
    });

    test('a walk comes by everybody, whatever their ids', async () => {
      const ids = [
        '}',
        '{',
        '%7D',
        '%',
        'a}b:visitor',
        ' ',
        '🐈',
        "'",
        ...Array.from({ length: 1_000 }, (_, n) => `u-${n}`),
      ];
      await create(...ids);
      expect(await walk()).toEqual(ids.toSorted());
    });

    test('a document that was set aside is told, and erased', async () => {
      await create('odd}1', 'odd}2');
      await setAside('odd}1');
      await setAside('odd}2');
      const told = async () =>
        (await backend.housekeeping.asides(['odd}1', 'nobody', 'odd}2'])).map(
          (one) => one && Buffer.from(one).toString(),
        );
      expect(await told()).toEqual(['odd}1', undefined, 'odd}2']);
      await backend.housekeeping.eraseAsides(['odd}1', 'nobody']);
      expect(await told()).toEqual([undefined, undefined, 'odd}2']);
      await expect(backend.housekeeping.eraseAsides([])).resolves.toBeUndefined();
      await expect(backend.housekeeping.scrub()).resolves.toBeUndefined();
    });
  });
}
