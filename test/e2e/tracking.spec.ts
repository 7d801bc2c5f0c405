import { expect, test } from '@jest/globals';
import { ago, describeOnBothStores, someone } from './harness.js';
import type { Service } from './service.js';

const events = async (service: Service, id: string) =>
  (await service.visitor(id)).interactions.map(({ event }) => event);

describeOnBothStores('tracking', (service) => {
  test('a track call is acknowledged once it is stored, to the last member', async () => {
    const userId = someone();
    const timestamp = ago(1, 'h');
    const sent = {
      userId,
      event: 'Order Completed',
      properties: { revenue: 12.5, lines: [{ sku: 'a' }], channel: 'shop' },
      timestamp,
      messageId: 'm-1',
    };
    const { status, body } = await service.post('/v1/track', sent);
    expect([status, body]).toEqual([200, { success: true }]);
    expect((await service.visitor(userId)).interactions).toEqual([
      { event: 'Order Completed', timestamp, channel: 'shop', properties: sent.properties, messageId: 'm-1' },
    ]);
  });

  test('page and screen calls are the interactions Page Viewed and Screen Viewed', async () => {
    const userId = someone();
    await service.post('/v1/page', { userId, name: 'Home', properties: { url: '/' }, timestamp: ago(2, 's') });
    await service.post('/v1/screen', { userId, name: 'Start', timestamp: ago(1, 's') });
    expect((await service.visitor(userId)).interactions).toMatchObject([
      { event: 'Screen Viewed', channel: 'app', properties: { name: 'Start' } },
      { event: 'Page Viewed', channel: 'web', properties: { name: 'Home', url: '/' } },
    ]);
  });

  test('an identify call sets traits and is no interaction', async () => {
    const userId = someone();
    await service.post('/v1/identify', { userId, traits: { plan: 'gold', address: { city: 'Leeds' } } });
    expect(await service.visitor(userId)).toMatchObject({
      traits: { plan: 'gold', address: { city: 'Leeds' } },
      interactions: [],
      counters: {},
    });
  });

  test('the channel is said by the properties, else by the context, else told from the library', async () => {
    const userId = someone();
    const context = [
      { page: { url: '/' } },
      { userAgent: 'Mozilla' },
      { app: { name: 'x' } },
      { device: { type: 'ios' } },
      { channel: 'desk' },
      {},
    ];
    await service.tell(
      ...context.map((one, index) => ({
        type: 'track',
        userId,
        event: `e-${index}`,
        context: one,
        timestamp: ago(1, 'h'),
      })),
    );
    const { interactions } = await service.visitor(userId);
    expect(interactions.map(({ channel }) => channel).reverse()).toEqual([
      'web',
      'web',
      'app',
      'app',
      'desk',
      'server',
    ]);
  });

  test('an event is applied once per message id: in one request, in later ones, at the same time', async () => {
    const userId = someone();
    const event = { type: 'track', userId, event: 'Product Viewed', messageId: `m-${userId}`, timestamp: ago(1, 'm') };
    expect(await service.tell(event, event, event)).toEqual({ success: true, accepted: 1, duplicates: 2, refused: [] });
    expect(await service.tell(event)).toMatchObject({ accepted: 0, duplicates: 1 });
    await Promise.all(Array.from({ length: 20 }, () => service.tell(event, { ...event, messageId: `n-${userId}` })));
    const { counters, interactions } = await service.visitor(userId);
    expect([counters['Product Viewed']?.count, interactions.length]).toEqual([2, 2]);
  });

  test('an identify call too is applied once per message id: what was said later stands', async () => {
    const userId = someone();
    const first = { type: 'identify', userId, traits: { plan: 'silver' }, messageId: `m-${userId}` };
    await service.tell(first);
    await service.patchTraits(userId, { plan: 'gold' });
    expect(await service.tell(first)).toMatchObject({ accepted: 0, duplicates: 1 });
    expect((await service.visitor(userId)).traits).toEqual({ plan: 'gold' });
  });

  test('many events of one person at the same time are all kept', async () => {
    const userId = someone();
    const calls = Array.from({ length: 50 }, (_, index) =>
      service.post('/v1/track', { userId, event: 'Clicked', properties: { index } }),
    );
    for (const { status } of await Promise.all(calls)) expect(status).toBe(200);
    expect((await service.visitor(userId)).counters).toMatchObject({ Clicked: { count: 50 } });
  });

  test('events are in the order of their timestamps, whatever order they arrive in', async () => {
    const userId = someone();
    const at = (hours: number) => ({ type: 'track', userId, event: `${hours} hours ago`, timestamp: ago(hours, 'h') });
    await service.tell(at(2), at(5), at(1));
    await service.tell(at(4), at(3));
    expect(await events(service, userId)).toEqual([1, 2, 3, 4, 5].map((hours) => `${hours} hours ago`));
  });

  test('equal timestamps keep their order of arrival, in one request and over several', async () => {
    const userId = someone();
    const timestamp = ago(1, 'h');
    const named = (event: string) => ({ type: 'track', userId, event, timestamp });
    await service.tell(named('c'), named('a'));
    await service.tell(named('d'));
    await service.tell(named('b'));
    expect(await events(service, userId)).toEqual(['b', 'd', 'a', 'c']);
  });

  test('numbers are ids as well as texts are', async () => {
    const id = Math.floor(Math.random() * 1e9);
    await service.tell(
      { type: 'track', userId: id, event: 'a', messageId: 7 },
      { type: 'track', userId: String(id), event: 'a', messageId: '7' },
    );
    expect(await service.visitor(String(id))).toMatchObject({ ids: [String(id)], counters: { a: { count: 1 } } });
  });

  test('names from outside are names and nothing else', async () => {
    for (const id of [
      `constructor-${someone()}`,
      `toString/${someone()}`,
      `{a}b}${someone()}`,
      `100% ${someone()}`,
      `\u{1f600} ${someone()}`,
    ]) {
      await service.tell(
        { type: 'track', userId: id, event: 'constructor', properties: { constructor: 'x', toString: 1 } },
        { type: 'identify', userId: id, traits: { hasOwnProperty: 'yes' } },
      );
      const { ids, counters, traits, interactions } = await service.visitor(id);
      expect({ ids, traits, count: counters['constructor']?.count, properties: interactions[0]?.properties }).toEqual({
        ...{ ids: [id], traits: { hasOwnProperty: 'yes' }, count: 1 },
        properties: { constructor: 'x', toString: 1 },
      });
    }
  });

  test('what a batch says of all its events is said of each', async () => {
    const userId = someone();
    const batch = [
      { type: 'track', userId, event: 'a' },
      { type: 'track', userId, event: 'b', context: { channel: 'app' } },
    ];
    await service.post('/v1/batch', { batch, context: { channel: 'desk' }, sentAt: ago(0, 's'), writeKey: 'k' });
    expect((await service.visitor(userId)).interactions.map(({ channel }) => channel)).toEqual(['app', 'desk']);
  });

  test('bad events of a batch are refused one by one with reasons, and the good ones stored', async () => {
    const userId = someone();
    const good = { type: 'track', userId, event: 'good' };
    const batch = [
      good,
      { type: 'track', userId, messageId: 'm-1' },
      7,
      null,
      { type: 'dance', userId },
      { type: 'track', event: 'nobody' },
      { ...good, timestamp: 'yesterday' },
      good,
    ];
    const { status, body } = await service.post('/v1/batch', { batch });
    expect([status, body]).toMatchObject([
      200,
      {
        ...{ success: true, accepted: 2, duplicates: 0 },
        refused: [
          { index: 1, messageId: 'm-1', problems: [{ path: 'event' }] },
          { index: 2, problems: [{ path: '' }] },
          { index: 3, problems: [{ path: '' }] },
          { index: 4, problems: [{ path: 'type' }] },
          { index: 5, problems: [{ path: 'userId' }] },
          { index: 6, problems: [{ path: 'timestamp' }] },
        ],
      },
    ]);
    expect(await events(service, userId)).toEqual(['good', 'good']);
  });

  test('JSON may come as text/plain, as a browser sends it on leaving', async () => {
    const userId = someone();
    const { status } = await service.post(
      '/v1/track',
      JSON.stringify({ userId, event: 'left' }),
      'text/plain;charset=UTF-8',
    );
    expect([status, await events(service, userId)]).toEqual([200, ['left']]);
  });

  test('an empty batch is a batch', async () => {
    expect(await service.tell()).toEqual({ success: true, accepted: 0, duplicates: 0, refused: [] });
  });
});
