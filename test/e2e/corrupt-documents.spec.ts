import { expect, test } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { describeOnBothStores, someone } from './harness.js';
import type { Service } from './service.js';

describeOnBothStores('a visitor document that can not be read', (service) => {
  test('is set aside: the page comes up, nobody is asked twice, and the person begins anew', async () => {
    const visitorId = someone();
    const viewed = (messageId: string) => ({ type: 'track', userId: visitorId, event: 'Product Viewed', messageId });
    await service.tell(viewed('m-1'), viewed('m-2'));
    await damage(service, visitorId);

    expect(await service.decide({ visitorId, placements: ['hero'] })).toMatchObject({
      served: 'context-only',
      decisions: [{ placement: 'hero' }],
    });
    expect((await service.get(`/v1/visitors/${visitorId}`)).status).toBe(404);
    expect(await service.decide({ visitorId, placements: ['hero'] })).toMatchObject({ served: 'full' });
    await service.tell(viewed('m-3'));
    expect((await service.visitor(visitorId)).counters['Product Viewed']).toMatchObject({ count: 1 });
    expect((await service.get('/metrics')).text).toMatch(/usher_documents_corrupt_total\S* 1/);
  });
});

/** Leaves the first byte of the document, and nothing behind it. */
async function damage(service: Service, id: string): Promise<void> {
  if (service.store === 'Redis') {
    await service.redis.ask(
      "EVAL \"local v = redis.call('GET', KEYS[1]); redis.call('SET', KEYS[1], string.sub(v, 1, string.find(v, " +
        `' ') + 1))" 1 usher:{${id}}:visitor`,
    );
    return;
  }
  const database = new DatabaseSync(service.databaseFile);
  database.prepare('UPDATE visitors SET document = substr(document, 1, 1) WHERE id = ?').run(id);
  database.close();
}
