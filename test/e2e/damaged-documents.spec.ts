import { expect, test } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { describeOn, someone } from './harness.js';
import { until } from '../until.js';
import type { Service } from './service.js';

describeOn('SQLite', 'a visitor document that was damaged', (service) => {
  test.each([0, 0.1, 0.3, 0.5, 0.7, 0.9])(
    'from %d of it on fails no decision, is told of once, and its person begins anew',
    async (share) => {
      const userId = someone();
      await service.tell(
        { type: 'identify', userId, traits: { plan: 'gold' } },
        ...[1, 2, 3].map((id) => ({ type: 'track', userId, event: 'Product Viewed', properties: { sku: `c-${id}` } })),
      );
      const before = await corruptDocuments(service);
      damage(service, userId, share);
      const decide = () => service.decide({ visitorId: userId, placements: ['hero', 'banner', 'greeting'] });
      const answers = [await decide()];
      // Nobody waits for it to be set aside but who asks what comes then.
      if (answers[0]?.served !== 'full')
        await until('it is set aside', () => documentOf(service, userId) === undefined);
      answers.push(await decide(), await decide());
      expect(answers.flatMap(({ decisions }) => decisions.map(({ reason }) => reason))).not.toContain('ERROR');
      // That one decision which finds the damage, if any does, is made without the visitor.
      expect(answers.map(({ served }) => served)).toEqual([
        expect.stringMatching(/^(full|context-only)$/),
        'full',
        'full',
      ]);
      expect(
        (await service.post('/v1/track', { userId, event: 'Product Viewed', properties: { sku: 'c-9' } })).status,
      ).toBe(200);
      expect((await service.visitor(userId)).interactions).toHaveLength(1);
      expect((await corruptDocuments(service)) - before).toBe(1);
    },
  );
});

function documentOf(service: Service, id: string): unknown {
  const database = new DatabaseSync(service.databaseFile);
  const row = database.prepare('SELECT document FROM visitors WHERE id = ?').get(id);
  database.close();
  return row?.['document'];
}

/** Has every byte of the document from there on be another. */
function damage(service: Service, id: string, share: number): void {
  const database = new DatabaseSync(service.databaseFile);
  const row = database.prepare('SELECT document FROM visitors WHERE id = ?').get(id);
  const document = Buffer.from(row?.['document'] as Uint8Array);
  document.fill(0xff, Math.floor(document.length * share));
  database.prepare('UPDATE visitors SET document = ? WHERE id = ?').run(document, id);
  database.close();
}

async function corruptDocuments(service: Service): Promise<number> {
  const { text } = await service.get('/metrics');
  return Number(/^usher_documents_corrupt_total(?:\{.*\})? (\d+)/m.exec(text)?.[1] ?? 0);
}
