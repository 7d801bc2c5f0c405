import { expect, test } from '@jest/globals';
import { ago, describeOnBothStores, someone } from './harness.js';

const track = (
  userId: string,
  event: string,
  more: { readonly timestamp?: string; readonly [name: string]: unknown } = {},
) => ({ type: 'track', userId, event, ...more });

describeOnBothStores('the single view of a person', (service) => {
  test('has the members of the contract, across all channels, newest first', async () => {
    const userId = someone();
    const [older, newer] = [ago(2, 'd'), ago(1, 'd')];
    await service.tell(
      track(userId, 'Product Viewed', { timestamp: newer, messageId: 'm-2', context: { channel: 'app' } }),
      track(userId, 'Product Viewed', {
        timestamp: older,
        messageId: 'm-1',
        properties: { sku: 'c-1', channel: 'web' },
      }),
      { type: 'identify', userId, traits: { plan: 'gold' } },
    );
    const { status, body } = await service.get(`/v1/visitors/${userId}`);
    expect([status, body]).toEqual([
      200,
      {
        ...{
          visitorId: userId,
          ids: [userId],
          identities: { known: [userId], anonymous: [] },
          traits: { plan: 'gold' },
          consents: {},
        },
        traitDetails: { plan: { value: 'gold', source: 'identify', at: expect.any(String) } },
        sessions: {
          count: 2,
          last: {
            start: newer,
            end: newer,
            active: false,
            channel: 'app',
            interactions: 1,
            events: { 'Product Viewed': 1 },
          },
        },
        ...{
          satisfaction: { ratings: { count: 0 }, helpful: { yes: 0, no: 0 } },
          sentiment: { count: 0 },
          support: { open: [], minutes: 0, resolved: 0 },
        },
        counters: { 'Product Viewed': { count: 2, first: older, last: newer } },
        interactions: [
          { event: 'Product Viewed', timestamp: newer, channel: 'app', properties: {}, messageId: 'm-2' },
          {
            event: 'Product Viewed',
            timestamp: older,
            channel: 'web',
            properties: { sku: 'c-1', channel: 'web' },
            messageId: 'm-1',
          },
        ],
      },
    ]);
  });

  test('of a stranger is a 404', async () => {
    const { status, body } = await service.get('/v1/visitors/nobody-at-all');
    expect([status, body]).toMatchObject([
      404,
      { code: 'NOT_FOUND', problems: [{ message: expect.stringContaining('nobody-at-all') }] },
    ]);
  });

  test('joins what an anonymous device did with the user it says it is, looked up by either id', async () => {
    const [device, user] = [someone(), someone()];
    await service.tell(
      { type: 'track', anonymousId: device, event: 'on the device', timestamp: ago(2, 'h') },
      { type: 'identify', anonymousId: device, traits: { colour: 'red' } },
    );
    await service.tell(track(user, 'as a user', { timestamp: ago(1, 'h') }));
    await service.tell({ type: 'identify', userId: user, anonymousId: device });
    await service.tell({ type: 'track', anonymousId: device, event: 'on the device again' });
    for (const id of [device, user]) {
      const { visitorId, ids, traits, interactions } = await service.visitor(id);
      expect({ visitorId, ids: [...ids].sort(), traits, events: interactions.map(({ event }) => event) }).toEqual({
        ...{ visitorId: id, ids: [device, user].sort(), traits: { colour: 'red' } },
        events: ['on the device again', 'as a user', 'on the device'],
      });
    }
  });

  test('does not give one user’s past to the next who logs in on the same device', async () => {
    const [device, first, second] = [someone(), someone(), someone()];
    await service.tell({ type: 'track', anonymousId: device, userId: first, event: 'of the first' });
    await service.tell({ type: 'track', anonymousId: device, userId: second, event: 'of the second' });
    expect((await service.visitor(first)).interactions).toMatchObject([{ event: 'of the first' }]);
    expect((await service.visitor(second)).interactions).toMatchObject([{ event: 'of the second' }]);
  });

  test('has the last word on each trait, by timestamp and not by arrival', async () => {
    const userId = someone();
    const said = (traits: object, timestamp: string) => service.tell({ type: 'identify', userId, traits, timestamp });
    await said({ plan: 'gold', city: 'Leeds' }, ago(2, 'h'));
    await said({ plan: 'silver', age: 40 }, ago(3, 'h'));
    await said({ city: 'York' }, ago(1, 'h'));
    expect((await service.visitor(userId)).traits).toEqual({ plan: 'gold', city: 'York', age: 40 });
  });

  test('has traits set and removed by PATCH, which answers with the whole of it', async () => {
    const userId = someone();
    await service.patchTraits(userId, { plan: 'gold', age: 40, tags: ['a', 'b'] });
    const { status, body } = await service.patchTraits(userId, { plan: null, age: 41 });
    expect([status, body]).toMatchObject([200, { visitorId: userId, interactions: [] }]);
    expect((await service.visitor(userId)).traits).toEqual({ age: 41, tags: ['a', 'b'] });
    await service.patchTraits(userId, { plan: 'silver' });
    expect((await service.visitor(userId)).traits).toMatchObject({ plan: 'silver' });
  });

  test('is found by any id that may be written in a URL', async () => {
    for (const id of [`a/b?c#${someone()}`, `ünï ${someone()}`, `x%2Fy-${someone()}`, 'i'.repeat(240) + someone()]) {
      await service.tell(track(id, 'seen'));
      expect((await service.visitor(id)).ids).toEqual([id]);
    }
  });
});

describeOnBothStores(
  'retention',
  (service) => {
    test('by number lets the oldest go and keeps counting them', async () => {
      const userId = someone();
      const batch = Array.from({ length: 8 }, (_, index) =>
        track(userId, 'Viewed', {
          properties: { index },
          timestamp: ago(8 - index, 'h'),
          messageId: `${userId}-${index}`,
        }),
      );
      await service.tell(...batch);
      const { interactions, counters } = await service.visitor(userId);
      expect(interactions.map(({ properties }) => properties)).toEqual([{ index: 7 }, { index: 6 }, { index: 5 }]);
      expect(counters['Viewed']).toEqual({ count: 8, first: batch[0]?.timestamp, last: batch[7]?.timestamp });
      expect(await service.tell(...batch)).toMatchObject({ accepted: 0, duplicates: 8 });
      expect((await service.visitor(userId)).counters).toMatchObject({ Viewed: { count: 8 } });
    });

    test('by days lets go what is older and keeps counting it', async () => {
      const userId = someone();
      const [old, recent] = [ago(31, 'd'), ago(29, 'd')];
      await service.tell(track(userId, 'Viewed', { timestamp: old }), track(userId, 'Viewed', { timestamp: recent }));
      const { interactions, counters } = await service.visitor(userId);
      expect(interactions.map(({ timestamp }) => timestamp)).toEqual([recent]);
      expect(counters['Viewed']).toEqual({ count: 2, first: old, last: recent });
    });
  },
  { settings: { USHER_KEEP_INTERACTIONS: '3', USHER_KEEP_DAYS: '30' } },
);

describeOnBothStores('importing visitors', (service) => {
  /** A line without a time says what is so now: saying it again only makes it newer. */
  const told = async (id: string) => ({ ...(await service.visitor(id)), traitDetails: undefined });
  const people = (...lines: unknown[]) =>
    lines.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');

  test('takes NDJSON, tells of bad lines, and changes nothing when done again', async () => {
    const [a, b] = [someone(), someone()];
    const body = people(
      { visitorId: a, traits: { plan: 'gold' } },
      '{',
      { visitorId: '', traits: {} },
      { traits: {} },
      { visitorId: b, traits: 7 },
      '',
      { visitorId: b, traits: { age: 40 } },
    );
    const { status, body: summary } = await service.post('/v1/visitors/import', body, 'application/x-ndjson');
    expect([status, summary]).toMatchObject([
      200,
      {
        accepted: 2,
        refusedCount: 4,
        refused: [
          { line: 2 },
          { line: 3, problems: [{ path: 'visitorId' }] },
          { line: 4 },
          { line: 5, problems: [{ path: 'traits' }] },
        ],
      },
    ]);
    const all = async () => [await told(a), await told(b)];
    const before = await all();
    expect(before.map(({ traits }) => traits)).toEqual([{ plan: 'gold' }, { age: 40 }]);
    await service.post('/v1/visitors/import', body, 'application/x-ndjson');
    expect(await all()).toEqual(before);
  });

  test('takes CSV whose cells are texts, empty ones saying nothing, and changes nothing when done again', async () => {
    const [a, b] = [someone(), someone()];
    const body = `visitorId,plan,"home town"\r\n${a},gold,"Leeds, ""Yorkshire"""\r\n${b},,York\r\n,silver,\r\n`;
    const { status, body: summary } = await service.post('/v1/visitors/import', body, 'text/csv; charset=utf-8');
    expect([status, summary]).toMatchObject([
      200,
      { accepted: 2, refusedCount: 1, refused: [{ line: 4, problems: [{ path: 'visitorId' }] }] },
    ]);
    const all = async () => [await told(a), await told(b)];
    const before = await all();
    expect(before.map(({ traits }) => traits)).toEqual([
      { plan: 'gold', 'home town': 'Leeds, "Yorkshire"' },
      { 'home town': 'York' },
    ]);
    await service.post('/v1/visitors/import', body, 'text/csv');
    expect(await all()).toEqual(before);
  });

  test('says nothing newer than what is known when its lines say so', async () => {
    const id = someone();
    await service.patchTraits(id, { plan: 'gold' });
    await service.post(
      '/v1/visitors/import',
      people({ visitorId: id, traits: { plan: 'silver', age: 40 }, timestamp: ago(1, 'd') }),
      'application/x-ndjson',
    );
    expect((await service.visitor(id)).traits).toEqual({ plan: 'gold', age: 40 });
  });

  test('counts at once in decisions', async () => {
    const id = someone();
    await service.post(
      '/v1/visitors/import',
      people({ visitorId: id, traits: { interests: ['pets'] } }),
      'application/x-ndjson',
    );
    expect(await service.offers({ visitorId: id, placements: ['hero'] })).toEqual(['camera']);
  });
});
