import { expect, test } from '@jest/globals';
import type * as proving from '../../src/cli/rules/prove-rules.js';
import type { SeenNames } from '../../src/visitors/writing/seen-so-far.js';
import { importBuilt } from './built.js';
import { describeOnBothStores, someone } from './harness.js';

const { readSeen } = await importBuilt<typeof proving>('./cli/rules/prove-rules.js');

describeOnBothStores('what was seen so far', (service) => {
  const look = async () => (await service.get('/v1/tracking/seen')).body as SeenNames;

  test('is nothing at first', async () => {
    expect(await look()).toEqual({ visitors: 0, complete: true, events: {}, traits: [], purposes: {} });
  });

  test('is the names of events, properties, traits and purposes, of each person once', async () => {
    const [ada, device, bo] = [someone(), someone(), someone()];
    await service.tell(
      { type: 'track', anonymousId: device, event: 'Product Viewed', properties: { sku: 'c-1', category: 'pets' } },
      { type: 'track', userId: bo, event: 'Product Viewed', properties: { sku: 'c-2', price: 5 } },
      { type: 'page', userId: bo, properties: { path: '/' } },
      { type: 'identify', userId: ada, anonymousId: device, traits: { interests: ['pets'] } },
    );
    await service.send('PUT', `/v1/visitors/${bo}/consents/ads`, {
      body: '{ "status": "granted" }',
      headers: { 'content-type': 'application/json' },
    });
    await service.send('PUT', `/v1/visitors/${ada}/consents/ads`, {
      body: '{ "status": "denied" }',
      headers: { 'content-type': 'application/json' },
    });
    const { events, ...more } = await look();
    expect(more).toEqual({
      visitors: 2,
      complete: true,
      traits: ['interests'],
      purposes: { ads: { granted: 1, denied: 1 } },
    });
    expect(events['Product Viewed']).toEqual({ properties: ['category', 'price', 'sku'] });
    expect(events['Page Viewed']?.properties).toContain('path');
  });

  test('is what usher check holds rules against', async () => {
    expect(await readSeen({ url: service.url })).toEqual(await look());
    await expect(readSeen({ url: service.url, seen: 'seen.json' })).rejects.toThrow('either --seen or --url');
  });
});
