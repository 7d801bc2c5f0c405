import { expect, test } from '@jest/globals';
import { ago, describeOnBothStores, someone } from './harness.js';

describeOnBothStores('what became of offers for a person', (service) => {
  const outcome = (userId: string, event: string, properties: object, [timestamp, messageId]: string[]) => ({
    ...{ type: 'track', userId, event, properties, timestamp, messageId },
    context: { channel: 'app' },
  });

  test('is in the single view and the export, comes back with an import, and is erased', async () => {
    const [id, other] = [someone(), someone()];
    const [first, second, third] = [ago(3, 'd'), ago(2, 'd'), ago(1, 'd')];
    const item = { offer: 'loan', decisionId: 'd-1', placement: 'home.hero' };
    await service.tell(
      outcome(id, 'Offer Shown', item, [first, 'm-1']),
      outcome(id, 'Offer Shown', { offer: 'loan' }, [second, 'm-2']),
      outcome(id, 'Offer Dismissed', item, [third, 'm-3']),
      outcome(id, 'Product Viewed', item, [third, 'm-4']),
    );
    // Of the same item, told with other message ids and in another request.
    await service.tell(
      outcome(id, 'Offer Shown', item, [first, 'm-5']),
      outcome(id, 'Offer Shown', item, [first, 'm-1']),
    );
    const contacts = {
      loan: {
        shown: { count: 2, first, last: second, channel: 'app' },
        dismissed: { count: 1, first: third, last: third, placement: 'home.hero', channel: 'app' },
      },
    };
    expect((await service.get(`/v1/visitors/${id}`)).body).toMatchObject({
      contacts,
      counters: { 'Offer Shown': { count: 3 } },
    });

    const { body: exported } = await service.get(`/v1/visitors/${id}/export`);
    expect((exported as { contacts: unknown[] }).contacts).toHaveLength(3);
    const line = { visitorId: other, contacts: (exported as { contacts: unknown[] }).contacts };
    for (let times = 0; times < 2; times++)
      await service.post('/v1/visitors/import', JSON.stringify(line), 'application/x-ndjson');
    expect((await service.get(`/v1/visitors/${other}`)).body).toMatchObject({ contacts, counters: {} });

    await service.send('DELETE', `/v1/visitors/${id}`);
    expect((await service.get(`/v1/visitors/${id}`)).status).toBe(404);
  });

  test('is not there where nothing became of any', async () => {
    const id = someone();
    await service.tell(outcome(id, 'Offer Shown', {}, [ago(1, 'd'), 'm-1']));
    expect((await service.get(`/v1/visitors/${id}`)).body).not.toHaveProperty('contacts');
  });
});
