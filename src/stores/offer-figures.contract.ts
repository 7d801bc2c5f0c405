import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NO_FIGURES, type OfferFigures } from './offer-figures.js';

/** What the suite runs against, over empty data. */
export interface OfferFiguresBackend {
  readonly figures: OfferFigures;
  tearDown(): Promise<void>;
}

/** The suite that every {@link OfferFigures} passes. Name it so that it ends in `on SQLite`, `on Redis`. */
export function describeOfferFigures(name: string, setUp: () => Promise<OfferFiguresBackend>): void {
  describe(name, () => {
    let backend: OfferFiguresBackend;
    beforeAll(async () => {
      backend = await setUp();
    });
    afterAll(async () => {
      await backend.tearDown();
    });

    test('there are none at first', async () => {
      const { figures } = backend;
      expect([await figures.read(), await figures.version()]).toEqual([NO_FIGURES, 0]);
    });

    test('each follows the one before, and nothing else does', async () => {
      const { figures } = backend;
      expect(await figures.put({ version: 2, body: '{"too":"early"}' })).toBe(false);
      expect(await figures.put({ version: 1, body: '{"größe 1":1}' })).toBe(true);
      expect(await figures.put({ version: 1, body: '{"too":"late"}' })).toBe(false);
      expect(await figures.read()).toEqual({ version: 1, body: '{"größe 1":1}' });
      const large = JSON.stringify('x'.repeat(1_000_000));
      expect(await figures.put({ version: 2, body: large })).toBe(true);
      expect([await figures.read(), await figures.version()]).toEqual([{ version: 2, body: large }, 2]);
    });

    test('of many who put at once one is the first', async () => {
      const { figures } = backend;
      const version = (await figures.version()) + 1;
      const puts = Array.from({ length: 8 }, (_, at) => figures.put({ version, body: JSON.stringify(at) }));
      const first = (await Promise.all(puts)).flatMap((won, at) => (won ? [at] : []));
      expect(first).toHaveLength(1);
      expect(await figures.read()).toEqual({ version, body: JSON.stringify(first[0]) });
    });
  });
}
