import { describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { VisitorProfile } from '../../src/visitors/profile/visitor-profile.js';
import { ago, describeOnBothStores, someone } from './harness.js';

const treatments = { '*': { content: { title: 'Look' } } };
const rule = (offer: string, placement: string) => ({
  ...{ name: offer, placements: [placement], conditions: { all: [] } },
  event: { type: 'offer', params: { offer } },
});
const FILES: Readonly<Record<string, object>> = {
  'placements/slot.json': { name: 'Slot', fallback: 'plain' },
  'offers/plain.json': { name: 'Plain', treatments },
  'offers/counted.json': {
    ...{ name: 'Counted', treatments, goal: { event: 'Order Completed', within: '7d' } },
    caps: [
      { event: 'shown', limit: 100_000, per: 'total' },
      { event: 'accepted', limit: 100_000, per: 'total' },
      { event: 'shown', limit: 2, within: '1d' },
    ],
  },
  'placements/aside.json': { name: 'Aside', fallback: 'plain' },
  'offers/placed.json': {
    ...{ name: 'Placed', treatments, goal: { event: 'Test Ride Booked', within: '7d' } },
    caps: [{ event: 'accepted', limit: 100, per: 'total', placement: 'aside' }],
  },
  'proactive/counted.json': rule('counted', 'slot'),
  'proactive/placed.json': rule('placed', 'aside'),
};

function rulesFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'usher-outcome-values-')), 'rules');
  for (const [path, definition] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(definition));
  }
  return folder;
}

const [MINUTE, DAY] = [60_000, 86_400_000];
const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();

/** Ways to say a time to come that is more than the clocks of a house differ. */
const TO_COME: readonly (readonly [string, () => string | number])[] = [
  ['ten minutes ahead', () => ahead(10 * MINUTE)],
  ['two days ahead', () => ahead(2 * DAY)],
  ['400 days ahead', () => ahead(400 * DAY)],
  ['of the year 9999', () => '9999-12-31T23:59:59.999Z'],
  ['ahead in seconds since 1970', () => Math.floor((Date.now() + DAY) / 1_000)],
];

interface Standing {
  readonly limits: readonly { readonly event: string; readonly confirmed: number }[];
  readonly visitor: { readonly limits: readonly { readonly taken: number; readonly left: number }[] };
}

describeOnBothStores(
  'an outcome',
  (service) => {
    const standing = async (visitorId: string) =>
      (await service.get(`/v1/offers/counted/limits?visitorId=${visitorId}`)).body as Standing;
    const confirmed = async (event: string) =>
      (await standing('anybody')).limits.find((one) => one.event === event)?.confirmed ?? 0;
    const tell = (body: object) => service.post('/v1/outcomes', { offer: 'counted', outcome: 'shown', ...body });
    const contactsOf = async (id: string) => (await service.visitor(id)).contacts?.['counted'];
    /** The two doors, each telling one event with this time; and what they say of a time that was moved. */
    const DOORS = {
      'POST /v1/outcomes': (visitorId: string, timestamp: string | number) => tell({ visitorId, timestamp }),
      '/v1/track': (userId: string, timestamp: string | number) =>
        service.post('/v1/track', { userId, event: 'Offer Shown', timestamp, properties: { offer: 'counted' } }),
      '/v1/batch': (userId: string, timestamp: string | number) =>
        service.post('/v1/batch', {
          batch: [{ type: 'track', userId, event: 'Offer Shown', timestamp, properties: { offer: 'counted' } }],
        }),
    };

    describe.each(Object.entries(DOORS))('of a time to come, told by %s', (name, door) => {
      test.each(TO_COME)('%s, counts at its receipt, and that is said', async (_how, time) => {
        const [id, before, from] = [someone(), await confirmed('shown'), Date.now()];
        const { status, body } = await door(id, time());
        expect([status, body]).toMatchObject([200, { success: true, clamped: name === '/v1/batch' ? [0] : true }]);
        const shown = (await contactsOf(id))?.shown;
        expect(shown).toMatchObject({ count: 1, last: shown?.first });
        expect(Date.parse(shown?.first ?? '')).toBeGreaterThanOrEqual(from);
        expect(Date.parse(shown?.first ?? '')).toBeLessThanOrEqual(Date.now());
        expect((await confirmed('shown')) - before).toBe(1);
        expect((await standing(id)).visitor.limits).toMatchObject([{ taken: 1, left: 1 }]);
      });

      test('by less than five minutes, has happened then: clocks differ', async () => {
        const [id, at] = [someone(), ahead(4 * MINUTE)];
        const { body } = await door(id, at);
        expect(body).not.toHaveProperty('clamped');
        expect((await contactsOf(id))?.shown).toMatchObject({ count: 1, first: at });
        expect((await standing(id)).visitor.limits).toMatchObject([{ taken: 1, left: 1 }]);
      });

      test.each(['10000-01-01T00:00:00Z', '+012026-11-20T00:00:00Z', 'tomorrow', '2026-13-01T00:00:00Z', -1, 1e21])(
        'is refused where it is no time: %j',
        async (time) => {
          const id = someone();
          const { body } = await door(id, time);
          const problems = [{ path: 'timestamp' }];
          expect(body).toMatchObject(name === '/v1/batch' ? { accepted: 0, refused: [{ problems }] } : { problems });
          expect((await service.get(`/v1/visitors/${id}`)).status).toBe(404);
        },
      );
    });

    test('of a clock that is days ahead and says so stands where it happened', async () => {
      const [id, clock] = [someone(), Date.now() + 2 * DAY];
      const [timestamp, sentAt] = [new Date(clock - 60 * MINUTE).toISOString(), new Date(clock).toISOString()];
      const event = { type: 'track', userId: id, event: 'Offer Shown', properties: { offer: 'counted' } };
      const { body } = await service.post('/v1/batch', { batch: [{ ...event, timestamp, sentAt }] });
      expect(body).not.toHaveProperty('clamped');
      const first = Date.parse((await contactsOf(id))?.shown?.first ?? '');
      expect(Math.abs(first - (Date.now() - 60 * MINUTE))).toBeLessThan(MINUTE);
    });

    test('of a time to come that is sent again counts once, and leaves no window shut', async () => {
      const id = someone();
      const { decisionId } = await service.decide({ visitorId: id, placements: ['slot'] });
      const item = { visitorId: id, decisionId, placement: 'slot', timestamp: '9999-01-01T00:00:00Z' };
      const before = await confirmed('shown');
      expect((await tell(item)).body).toMatchObject({ counted: true, clamped: true });
      expect((await tell(item)).body).toMatchObject({ counted: true, clamped: true, duplicate: true });
      expect((await tell({ ...item, messageId: `again-${id}` })).body).toMatchObject({ counted: true, clamped: true });
      expect((await confirmed('shown')) - before).toBe(1);
      const { visitor } = await standing(id);
      expect(visitor.limits).toMatchObject([{ taken: 1, left: 1 }]);
      await tell({ visitorId: id, timestamp: '9999-01-01T00:00:00Z' });
      const full = (await standing(id)).visitor.limits[0] as unknown as { opensAt: string };
      expect(Date.parse(full.opensAt)).toBeLessThanOrEqual(Date.now() + DAY);
    });

    test('that is a goal in the year 9999 is reached at its receipt', async () => {
      const [id, before] = [someone(), await confirmed('accepted')];
      await tell({ visitorId: id });
      const order = { userId: id, event: 'Order Completed', messageId: id, timestamp: '9999-12-31T00:00:00Z' };
      expect((await service.post('/v1/track', order)).body).toMatchObject({ clamped: true });
      expect((await confirmed('accepted')) - before).toBe(1);
    });

    describe('that a goal belongs to', () => {
      const order = (userId: string, timestamp: string, messageId = `order-${userId}`) =>
        service.post('/v1/track', { userId, event: 'Order Completed', messageId, timestamp });
      const accepted = async (work: () => Promise<unknown>) => {
        const before = await confirmed('accepted');
        await work();
        return (await confirmed('accepted')) - before;
      };

      test('counts it though it is told after the goal, once, in total as for the person', async () => {
        const id = someone();
        expect(await accepted(() => order(id, ago(1, 'h')))).toBe(0);
        const late = { visitorId: id, timestamp: ago(2, 'h'), messageId: `late-${id}` };
        expect(await accepted(() => tell(late))).toBe(1);
        expect(await accepted(() => tell(late))).toBe(0);
        expect(await accepted(() => order(id, ago(1, 'h')))).toBe(0);
      });

      test.each([
        ['of after the goal', ago(30, 'm')],
        ['of longer ago than the goal looks back', ago(8, 'd')],
      ])('does not count it where it is %s', async (_which, timestamp) => {
        const id = someone();
        await order(id, ago(1, 'h'));
        expect(await accepted(() => tell({ visitorId: id, timestamp, messageId: `late-${id}` }))).toBe(0);
      });

      test('takes it over from an earlier one, and it counts once', async () => {
        const id = someone();
        await tell({ visitorId: id, timestamp: ago(3, 'h'), messageId: `first-${id}` });
        const all = await accepted(async () => {
          await order(id, ago(1, 'h'));
          await tell({ visitorId: id, timestamp: ago(2, 'h'), messageId: `second-${id}` });
          await order(id, ago(1, 'h'));
        });
        expect(all).toBe(1);
      });

      test('counts it where the limit is of one placement alone', async () => {
        const visitorId = someone();
        const standingOf = async () =>
          ((await service.get('/v1/offers/placed/limits')).body as Standing).limits[0]?.confirmed ?? NaN;
        const before = await standingOf();
        const { decisions } = await service.decide({ visitorId, placements: ['aside'] });
        expect(decisions[0]?.items[0]?.offer).toBe('placed');
        await service.tell({ type: 'track', userId: visitorId, event: 'Test Ride Booked', messageId: visitorId });
        expect((await standingOf()) - before).toBe(1);
      });
    });

    describe('that is a rating', () => {
      const rate = (visitorId: string, more: object) => tell({ visitorId, outcome: 'rated', ...more });

      test('is told in the single view, with its offer and as what the person thinks', async () => {
        const { decisionId, visitorId } = await service.decide({
          ...{ visitorId: someone(), placements: ['slot'], channel: 'web' },
        });
        const item = { decisionId, placement: 'slot', rating: 4, helpful: true, sentiment: -0.5 };
        expect((await rate(visitorId, { ...item, channel: 'app' })).body).toEqual({ success: true, counted: true });
        const { contacts, satisfaction, sentiment, interactions } = await service.visitor(visitorId);
        expect(contacts?.['counted']?.rated).toMatchObject({ count: 1, placement: 'slot', channel: 'app' });
        expect(satisfaction).toMatchObject({
          ratings: { count: 1, latest: { value: 0.75, given: 4, event: 'Offer Rated', channel: 'app' } },
          helpful: { yes: 1, no: 0 },
        });
        expect(sentiment).toMatchObject({ count: 1, latest: { value: -0.5 } });
        expect(interactions[0]?.properties).toEqual({ offer: 'counted', ...item });
      });

      test.each([
        { rating: 1 },
        { rating: 5 },
        { rating: 3.5 },
        { helpful: false },
        { sentiment: -1 },
        { sentiment: 1 },
        { sentiment: 0 },
      ])('may say %j', async (value) => {
        const id = someone();
        expect((await rate(id, value)).body).toMatchObject({ counted: true });
        expect((await contactsOf(id))?.rated?.count).toBe(1);
      });

      test.each([
        [{}, 'rating'],
        [{ properties: { rating: 4 } }, 'rating'],
        [{ rating: 0 }, 'rating'],
        [{ rating: 5.1 }, 'rating'],
        [{ rating: -1 }, 'rating'],
        [{ rating: '4' }, 'rating'],
        [{ rating: null }, 'rating'],
        [{ helpful: 'yes' }, 'helpful'],
        [{ helpful: 1 }, 'helpful'],
        [{ sentiment: 1.01 }, 'sentiment'],
        [{ sentiment: -2 }, 'sentiment'],
        [{ sentiment: 'positive' }, 'sentiment'],
      ])('is refused where it says %j', async (value, path) => {
        const id = someone();
        const { status, body } = await rate(id, value);
        expect([status, body]).toMatchObject([400, { problems: [{ path }] }]);
        expect((await service.get(`/v1/visitors/${id}`)).status).toBe(404);
      });

      test.each(['1e999', '0.12345678901234567890', 'NaN'])('is refused where its number is %s', async (rating) => {
        const body = `{"visitorId":"${someone()}","offer":"counted","outcome":"rated","rating":${rating}}`;
        expect((await service.post('/v1/outcomes', body)).status).toBe(400);
      });

      test('of the same item is one, however often it is told; another value is another interaction', async () => {
        const id = someone();
        const { decisionId } = await service.decide({ visitorId: id, placements: ['slot'] });
        const item = { decisionId, placement: 'slot' };
        await rate(id, { ...item, rating: 1 });
        expect((await rate(id, { ...item, rating: 5 })).body).toMatchObject({ counted: true, duplicate: true });
        expect((await service.visitor(id)).satisfaction.ratings).toMatchObject({ count: 1, latest: { given: 1 } });
        await rate(id, { ...item, rating: 5, messageId: `changed-${id}` });
        const { contacts, satisfaction }: VisitorProfile = await service.visitor(id);
        expect([contacts?.['counted']?.rated?.count, satisfaction.ratings]).toMatchObject([1, { count: 2 }]);
      });

      test('takes no place of any limit, and ends no hold', async () => {
        const id = someone();
        const { decisionId } = await service.decide({ visitorId: id, placements: ['slot'] });
        const before = await standing(id);
        await rate(id, { decisionId, placement: 'slot', rating: 2 });
        expect(await standing(id)).toEqual(before);
      });

      test('is kept as it came where it is tracked: what is no rating tells nothing of satisfaction', async () => {
        const id = someone();
        const rated = (n: number, properties: object) => ({
          ...{ type: 'track', userId: id, event: 'Offer Rated', messageId: `${id}-${n}`, timestamp: ago(n, 'm') },
          properties: { offer: 'counted', ...properties },
        });
        await service.tell(
          rated(1, { rating: 'great' }),
          rated(2, { rating: -4 }),
          rated(3, {}),
          rated(4, { helpful: 7 }),
        );
        const { contacts, satisfaction, sentiment } = await service.visitor(id);
        expect(contacts?.['counted']?.rated?.count).toBe(4);
        expect([satisfaction.ratings.count, satisfaction.helpful, sentiment.count]).toEqual([0, { yes: 0, no: 0 }, 0]);
      });
    });
  },
  { settings: { USHER_RULES: rulesFolder() } },
);
