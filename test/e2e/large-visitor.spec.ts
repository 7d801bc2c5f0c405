import { expect, test } from '@jest/globals';
import type { DecisionAnswer } from '../../src/decisions/decision-answer.js';
import type { BatchReceipt } from '../../src/tracking/tracking.service.js';
import type { RejectedPage } from '../../src/tracking/rejected.controller.js';
import type { ImportSummary } from '../../src/visitors/care/import-visitors.js';
import { describeOnBothStores, someone } from './harness.js';

const SETTINGS = {
  USHER_MOST_EVENT_NAMES: '5',
  USHER_MOST_TRAITS: '4',
  USHER_MOST_TRAIT_LENGTH: '2000',
  USHER_MOST_CONSENTS: '2',
  USHER_MOST_IDS: '3',
  USHER_MOST_PROPERTIES: '30',
  USHER_MOST_PROPERTIES_LENGTH: '5000',
  USHER_FULL_VISITOR_BYTES: '10000',
};
const named = (userId: string, count: number, from = 0) =>
  Array.from({ length: count }, (_one, at) => ({ type: 'track', userId, event: `Name ${from + at}` }));

describeOnBothStores(
  'a visitor who would become too large',
  (service) => {
    const batch = async (...events: object[]): Promise<BatchReceipt> =>
      (await service.post('/v1/batch', { batch: events })).body as BatchReceipt;
    const importLine = async (line: object): Promise<ImportSummary> =>
      (await service.post('/v1/visitors/import', line, 'application/x-ndjson')).body as ImportSummary;

    test('gets no further names of events, and more of those that are known', async () => {
      const userId = someone();
      const receipt = await batch(...named(userId, 8));
      expect([receipt.accepted, receipt.refused.map(({ index }) => index)]).toEqual([5, [5, 6, 7]]);
      expect(receipt.refused[0]?.problems).toEqual([{ path: 'event', message: expect.stringContaining('5') }]);
      expect(await batch({ type: 'track', userId, event: 'Name 1' })).toMatchObject({ accepted: 1, refused: [] });
      expect(await batch({ type: 'track', userId, event: 'Name 9' })).toMatchObject({ accepted: 0 });
      const { counters } = await service.visitor(userId);
      expect(Object.keys(counters).sort()).toEqual(['Name 0', 'Name 1', 'Name 2', 'Name 3', 'Name 4']);
      expect(counters['Name 1']?.count).toBe(2);
    });

    test('has what was too much kept apart, with the reason', async () => {
      const userId = someone();
      await batch(...named(userId, 6));
      const { rejected } = (await service.get('/v1/tracking/rejected?limit=1')).body as RejectedPage;
      expect(rejected).toMatchObject([{ event: { userId, event: 'Name 5' }, problems: [{ path: 'event' }] }]);
    });

    test('is told so in the answer to a decision, which is made all the same', async () => {
      const visitorId = someone();
      const events = named(visitorId, 6).map(({ type, event }) => ({ type, event }));
      const { body } = await service.post('/v1/decisions', { visitorId, placements: ['hero'], events });
      const answer = body as DecisionAnswer;
      expect([answer.served, answer.events]).toEqual(['full', 'partly-stored']);
      expect(answer.eventOutcomes?.[5]).toMatchObject({ outcome: 'refused', problems: [{ path: 'event' }] });
    });

    test('knows what was stored before as a duplicate, though there is no room any more', async () => {
      const userId = someone();
      const large = (id: string) => ({
        ...{ type: 'track', userId, event: 'Large', messageId: `${userId}-${id}` },
        properties: { text: id.padEnd(4_000, 'x') },
      });
      await batch(large('a'), large('b'));
      expect(await batch(large('c'), large('a'), large('d'))).toMatchObject({
        accepted: 0,
        duplicates: 1,
        refused: [{ index: 0, problems: [{ path: 'properties' }] }, { index: 2 }],
      });
    });

    test('still gets small events when large ones have no room any more', async () => {
      const userId = someone();
      const text = () => Math.random().toString(36).repeat(300);
      const large = () => ({ type: 'track', userId, event: 'Large', properties: { text: text().slice(0, 4_000) } });
      const receipt = await batch(large(), large(), large(), large());
      expect(receipt.refused.map(({ index }) => index)).toEqual([2, 3]);
      expect(await batch({ type: 'track', userId, event: 'Small', properties: { total: 1 } })).toMatchObject({
        accepted: 1,
      });
      expect((await service.visitor(userId)).interactions.map(({ event }) => event)).toEqual([
        'Small',
        'Large',
        'Large',
      ]);
    });

    test.each([
      ['many properties', Object.fromEntries(Array.from({ length: 31 }, (_one, at) => [`p${at}`, at]))],
      ['long properties', { text: 'x'.repeat(5_000) }],
    ])('is sent an event of too %s, which is refused', async (_what, properties) => {
      const { status, body } = await service.post('/v1/track', { userId: someone(), event: 'e', properties });
      expect([status, body]).toMatchObject([400, { problems: [{ path: 'properties' }] }]);
    });

    test('is sent an event with a channel that is too long, which is refused', async () => {
      const event = { userId: someone(), event: 'e', context: { channel: 'x'.repeat(257) } };
      expect(await service.post('/v1/track', event)).toMatchObject({
        status: 400,
        body: { problems: [{ path: 'channel' }] },
      });
    });

    test('gets no further traits, whoever says them; those there are may change', async () => {
      const userId = someone();
      await service.patchTraits(userId, { a: 1, b: 2, c: 3, d: null });
      expect((await service.patchTraits(userId, { e: 5 })).status).toBe(400);
      expect(await batch({ type: 'identify', userId, traits: { e: 5 } })).toMatchObject({
        refused: [{ problems: [{ path: 'traits' }] }],
      });
      expect((await service.patchTraits(userId, { a: 10, d: 4 })).status).toBe(200);
      expect((await service.patchTraits(userId, { a: 'x'.repeat(2_000) })).status).toBe(400);
      expect((await service.visitor(userId)).traits).toEqual({ a: 10, b: 2, c: 3, d: 4 });
    });

    test('gets no further purposes of consent; the word on those there are may change', async () => {
      const userId = someone();
      const say = async (purpose: string, status: string): Promise<number> => {
        const init = { body: JSON.stringify({ status }), headers: { 'content-type': 'application/json' } };
        return (await service.send('PUT', `/v1/visitors/${userId}/consents/${purpose}`, init)).status;
      };
      const statuses = [await say('ads', 'granted'), await say('mail', 'granted'), await say('more', 'granted')];
      expect(statuses).toEqual([200, 200, 400]);
      expect(await say('ads', 'denied')).toBe(200);
      expect((await service.visitor(userId)).consents).toMatchObject({ ads: { status: 'denied' } });
    });

    test('gets no further ids: an alias is refused, a device that comes along stays apart', async () => {
      const userId = someone();
      const devices = [1, 2, 3, 4].map((at) => `${userId}-device-${at}`);
      for (const previousId of devices.slice(0, 2)) await service.post('/v1/alias', { userId, previousId });
      expect(await service.post('/v1/alias', { userId, previousId: devices[2] })).toMatchObject({
        status: 400,
        body: { problems: [{ path: 'previousId' }] },
      });
      await service.post('/v1/track', { userId, anonymousId: devices[3], event: 'Signed In' });
      expect((await service.visitor(userId)).ids).toEqual([userId, devices[0], devices[1]]);
      expect((await service.visitor(userId)).counters).toHaveProperty(['Signed In']);
    });

    test('is not made of two who are each as large as may be', async () => {
      const [userId, device] = [someone(), someone()];
      await batch(...named(userId, 4), ...named(device, 4, 10));
      await batch({ type: 'track', anonymousId: `${device}-a`, event: 'Name 20' });
      for (const event of ['Name 21', 'Name 22', 'Name 23'])
        await batch({ type: 'track', anonymousId: `${device}-a`, event });
      const { status, body } = await service.post('/v1/alias', { userId, previousId: `${device}-a` });
      expect([status, body]).toMatchObject([400, { problems: [{ message: expect.stringContaining('8 names') }] }]);
      expect(Object.keys((await service.visitor(userId)).counters)).toHaveLength(4);
      expect(Object.keys((await service.visitor(`${device}-a`)).counters)).toHaveLength(4);
    });

    test('is imported without what is too much, which is named', async () => {
      const visitorId = someone();
      const interactions = named(visitorId, 6).map(({ event }) => ({ event, timestamp: new Date().toISOString() }));
      const summary = await importLine({
        visitorId,
        ids: ['x', 'y', 'z'].map((one) => `${visitorId}${one}`),
        interactions,
      });
      expect(summary).toMatchObject({ accepted: 1, refusedCount: 0, leftOutCount: 2, leftOut: [{ line: 1 }] });
      expect(summary.leftOut?.[0]?.problems.map(({ path }) => path)).toEqual(['ids', 'interactions.event']);
      const { counters, ids } = await service.visitor(visitorId);
      expect([Object.keys(counters).length, ids.length]).toEqual([5, 3]);
    });

    test('is imported without counts of too many events that are no longer retained', async () => {
      const visitorId = someone();
      const times = { first: '2026-01-01T00:00:00Z', last: '2026-01-02T00:00:00Z' };
      const counts = Object.fromEntries(named('', 6).map(({ event }) => [event, { counts: { x: 1 }, ...times }]));
      const summary = await importLine({ visitorId, traits: { a: 1 }, released: { counts } });
      expect(summary.leftOut?.[0]?.problems).toMatchObject([{ path: 'released.counts' }]);
      expect((await service.visitor(visitorId)).counters).toEqual({});
    });

    test('is counted by the limit that was met', async () => {
      const { text } = await service.get('/metrics');
      for (const limit of ['eventNames', 'traits', 'ids', 'fullBytes', 'properties'])
        expect(text).toMatch(new RegExp(`^usher_visitor_over_limit_total\\{.*limit="${limit}".*\\} \\d`, 'm'));
    });
  },
  { settings: SETTINGS },
);
