import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OpenVisitors, VisitorsBackend } from './visitor-store.contract.js';

/** The suite that every `StoreConnection` passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeStoreConnection(name: string, setUp: () => Promise<VisitorsBackend>): void {
  describe(name, () => {
    let backend: VisitorsBackend;
    let brief: OpenVisitors;
    beforeAll(async () => {
      backend = await setUp();
    });
    afterAll(() => backend.tearDown());

    test('ping resolves while it is open and rejects once it is closed', async () => {
      brief = await backend.open();
      await expect(brief.connection.ping()).resolves.toBeUndefined();
      await brief.connection.close();
      await expect(brief.connection.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(brief.visitors.load(['u-1'])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(brief.connection.close()).resolves.toBeUndefined();
    });

    test('one that is closed takes no other with it', async () => {
      const [left, stays] = [await backend.open(), await backend.open()];
      await left.connection.close();
      await expect(stays.connection.ping()).resolves.toBeUndefined();
      expect(await stays.visitors.load(['u-2'])).toEqual([undefined]);
      await stays.connection.close();
    });
  });
}
