import { beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DecisionAnswer } from '../../src/decisions/decision-answer.js';
import { until } from '../until.js';
import { describeOnBothStores, someone } from './harness.js';
import type { Answer } from './service.js';

const KEYS = { browser: 'the-key-of-pages-0123456789', server: 'the-key-of-servers-0123456789' };
const shown = { '*': { content: { title: 'Look' } } };
const rule = (offer: string, placement = 'slot') => ({
  name: offer,
  placements: [placement],
  conditions: { all: [] },
  event: { type: 'offer', params: { offer } },
});

/** An offer with a cap on everything in total, so that the counters show what was heard. */
const FILES: Readonly<Record<string, object>> = {
  'placements/slot.json': { name: 'Slot', fallback: 'plain' },
  'placements/other.json': { name: 'Other', fallback: 'plain' },
  'offers/plain.json': { name: 'Plain', treatments: shown },
  'offers/counted.json': {
    name: 'Counted',
    treatments: shown,
    caps: ['shown', 'clicked', 'accepted'].map((event) => ({ event, limit: 100_000, per: 'total' })),
    goal: { event: 'Order Completed', within: '7d' },
  },
  'offers/brief.json': {
    name: 'Brief',
    treatments: shown,
    caps: [{ event: 'shown', limit: 1, per: 'total', hold: '1s' }],
  },
  'proactive/counted.json': rule('counted'),
  'proactive/brief.json': rule('brief', 'other'),
};

function rulesFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'usher-outcomes-')), 'rules');
  for (const [path, definition] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(definition));
  }
  return folder;
}

interface Item {
  readonly visitorId: string;
  readonly decisionId: string;
  readonly placement: string;
  readonly offer: string;
  readonly token: string;
}

type Counts = Readonly<Record<string, { readonly confirmed: number; readonly held: number }>>;

describeOnBothStores(
  'outcomes',
  (service) => {
    const send = (path: string, body: unknown, key: keyof typeof KEYS = 'server'): Promise<Answer> =>
      service.send('POST', path, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${KEYS[key]}` },
      });
    const get = (path: string) => service.send('GET', path, { headers: { authorization: `Bearer ${KEYS.server}` } });
    async function decided(visitorId = someone(), placement = 'slot'): Promise<Item> {
      const { body } = await send('/v1/decisions', { visitorId, placements: [placement] }, 'browser');
      const { decisionId, decisions } = body as DecisionAnswer;
      const [item] = decisions[0]?.items ?? [];
      return { visitorId, decisionId, placement, offer: item?.offer ?? '', token: item?.token ?? '' };
    }
    const tell = async (item: Partial<Item>, outcome: string, key: keyof typeof KEYS = 'server', more: object = {}) =>
      (await send('/v1/outcomes', { ...item, outcome, ...more }, key)).body;
    async function counts(offer = 'counted'): Promise<Counts> {
      const { limits } = (await get(`/v1/offers/${offer}/limits`)).body as {
        readonly limits: readonly { readonly event: string; readonly confirmed: number; readonly held: number }[];
      };
      return Object.fromEntries(limits.map(({ event, confirmed, held }) => [event, { confirmed, held }]));
    }
    /** How much more was confirmed by what is done meanwhile. */
    async function confirmed(event: string, work: () => Promise<unknown>): Promise<number> {
      const before = await counts();
      await work();
      return ((await counts())[event]?.confirmed ?? 0) - (before[event]?.confirmed ?? 0);
    }
    async function contactsOf(id: string): Promise<Record<string, Record<string, { readonly count: number }>>> {
      return ((await get(`/v1/visitors/${id}`)).body as { contacts?: Record<string, never> }).contacts ?? {};
    }
    const countOf = async (id: string, offer: string, event: string) => (await contactsOf(id))[offer]?.[event]?.count;

    describe('of a page', () => {
      test('count with the token of their item, for its person', async () => {
        const item = await decided();
        expect(await tell(item, 'shown', 'browser')).toEqual({ success: true, counted: true });
        expect(await countOf(item.visitorId, 'counted', 'shown')).toBe(1);
      });

      test.each<[string, (item: Item) => Promise<Partial<Item>>]>([
        ['without one', ({ token: _token, ...item }) => Promise.resolve(item)],
        ['with a made-up one', (item) => Promise.resolve({ ...item, token: 'x'.repeat(16) })],
        ['with that of another person', async (item) => ({ ...item, token: (await decided()).token })],
        ['for another person', (item) => Promise.resolve({ ...item, visitorId: someone() })],
        ['for another offer', (item) => Promise.resolve({ ...item, offer: 'brief' })],
        ['for another placement', (item) => Promise.resolve({ ...item, placement: 'other' })],
        ['for another decision', async (item) => ({ ...item, decisionId: (await decided()).decisionId })],
      ])('stay interactions %s', async (_how, change) => {
        const wrong = await change(await decided());
        const counted = await confirmed('shown', async () => {
          expect(await tell(wrong, 'shown', 'browser')).toEqual({ success: true, counted: false, why: 'no-token' });
        });
        expect(counted).toBe(0);
        const { body } = await get(`/v1/visitors/${wrong.visitorId ?? ''}`);
        expect(body).toMatchObject({ counters: { 'Offer Shown': { count: 1 } } });
        expect(await countOf(wrong.visitorId ?? '', wrong.offer ?? '', 'shown')).toBeUndefined();
      });

      test('do not go with a hold of the page’s own', async () => {
        const request = { visitorId: someone(), placements: ['slot'], hold: '30d' };
        expect((await send('/v1/decisions', request, 'browser')).status).toBe(403);
        expect((await send('/v1/decisions', request)).status).toBe(200);
      });

      test('come through the tracking API as well, which tells of those that do not count', async () => {
        const item = await decided();
        const { visitorId, ...properties } = item;
        const event = (more: object) => ({ type: 'track', event: 'Offer Clicked', anonymousId: visitorId, ...more });
        const batch = [event({ properties }), event({ properties: { ...properties, token: 'wrong' } })];
        expect((await send('/v1/batch', { batch }, 'browser')).body).toMatchObject({
          accepted: 2,
          uncounted: [{ index: 1, why: 'no-token' }],
        });
        expect(await countOf(visitorId, 'counted', 'clicked')).toBe(1);
      });
    });

    describe('of a server', () => {
      test('count by its word, with a decision and without, also of an offer that no release has', async () => {
        const id = someone();
        expect(await tell({ visitorId: id, offer: 'counted' }, 'shown')).toMatchObject({ counted: true });
        expect(await tell({ visitorId: id, offer: 'of-last-year' }, 'dismissed')).toMatchObject({ counted: true });
        expect(await countOf(id, 'counted', 'shown')).toBe(1);
        expect(await countOf(id, 'of-last-year', 'dismissed')).toBe(1);
      });

      test('are of the first item where only the decision is named, as the log has it', async () => {
        const { offer: _offer, token: _token, ...item } = await decided();
        await until('the log to have it', async () => {
          const said = (await tell(item, 'clicked', 'server', { messageId: `m-${Math.random()}` })) as object;
          return 'counted' in said && said.counted === true;
        });
        expect(await countOf(item.visitorId, 'counted', 'clicked')).toBe(1);
        const unknown = { ...item, decisionId: 'of-nobody' };
        expect(await tell(unknown, 'clicked')).toMatchObject({ counted: false, why: 'no-offer' });
        expect((await send('/v1/outcomes', { visitorId: item.visitorId, outcome: 'shown' })).status).toBe(400);
      });

      test('without a decision take the place that the last one holds', async () => {
        const { visitorId } = await decided();
        const before = await counts();
        await tell({ visitorId, offer: 'counted' }, 'shown');
        const after = await counts();
        expect((after['shown']?.confirmed ?? 0) - (before['shown']?.confirmed ?? 0)).toBe(1);
        expect((before['shown']?.held ?? 0) - (after['shown']?.held ?? 0)).toBe(1);
      });

      test('without a decision count each, however many places they end the hold of', async () => {
        const { visitorId } = await decided();
        await decided(visitorId);
        const twice = await confirmed('accepted', async () => {
          for (const messageId of ['first', 'second', 'second'])
            await tell({ visitorId, offer: 'counted' }, 'accepted', 'server', {
              messageId: `${visitorId}-${messageId}`,
            });
        });
        expect(twice).toBe(2);
        expect(await countOf(visitorId, 'counted', 'accepted')).toBe(2);
      });

      test('come with a decision request, and count before it is made', async () => {
        const id = someone();
        const events = [{ type: 'track', event: 'Offer Dismissed', messageId: id, properties: { offer: 'counted' } }];
        await send('/v1/decisions', { visitorId: id, placements: ['slot'], events });
        expect(await countOf(id, 'counted', 'dismissed')).toBe(1);
      });
    });

    test('are counted once, whatever their message ids and however often they are sent', async () => {
      const item = await decided();
      const once = await confirmed('shown', async () => {
        for (let time = 0; time < 3; time++) await tell(item, 'shown');
        for (let time = 0; time < 3; time++)
          await tell(item, 'shown', 'server', { messageId: `m-${item.decisionId}-${time}` });
      });
      expect(once).toBe(1);
      expect(await countOf(item.visitorId, 'counted', 'shown')).toBe(1);
      expect(await tell(item, 'shown')).toEqual({ success: true, counted: true, duplicate: true });
    });

    test('count in any order, and at the time when they happened', async () => {
      const item = await decided();
      const timestamp = new Date(Date.now() - 3_600_000).toISOString();
      await tell(item, 'accepted');
      await tell(item, 'clicked');
      await tell(item, 'shown', 'server', { timestamp });
      const { counted } = await contactsOf(item.visitorId);
      expect(counted).toMatchObject({
        shown: { count: 1, first: timestamp },
        clicked: { count: 1 },
        accepted: { count: 1 },
      });
    });

    test('give a place in total back where the offer is dismissed', async () => {
      const item = await decided();
      const before = await counts();
      await tell(item, 'dismissed');
      expect((before['shown']?.held ?? 0) - ((await counts())['shown']?.held ?? 0)).toBe(1);
    });

    test('that come after their hold count, be it beyond the limit, and nothing is granted then', async () => {
      const first = await decided(someone(), 'other');
      expect(first.offer).toBe('brief');
      let second = first;
      await until('the place to be free again', async () => {
        second = await decided(someone(), 'other');
        return second.offer === 'brief';
      });
      await tell(second, 'shown');
      await tell(first, 'shown');
      expect(await counts('brief')).toMatchObject({ shown: { confirmed: 2 } });
      expect((await decided(someone(), 'other')).offer).toBe('plain');
    });

    test('are also the goal of an offer, within its window after a contact', async () => {
      const [item, late, stranger] = [await decided(), someone(), someone()];
      const order = (userId: string) => send('/v1/track', { userId, event: 'Order Completed', messageId: userId });
      const long = new Date(Date.now() - 8 * 86_400_000).toISOString();
      await tell({ visitorId: late, offer: 'counted' }, 'shown', 'server', { timestamp: long });
      expect(await confirmed('accepted', () => order(item.visitorId))).toBe(1);
      expect(await confirmed('accepted', () => order(item.visitorId))).toBe(0);
      expect(await confirmed('accepted', () => order(late))).toBe(0);
      expect(await confirmed('accepted', () => order(stranger))).toBe(0);
      const { visitorId: anonymousId } = await decided();
      const byPage = { anonymousId, event: 'Order Completed', messageId: `page-${anonymousId}` };
      expect(await confirmed('accepted', () => send('/v1/track', byPage, 'browser'))).toBe(0);
    });

    test('of nobody are refused, and those of a person who is erased are gone', async () => {
      expect((await send('/v1/outcomes', { visitorId: 'undefined', offer: 'counted', outcome: 'shown' })).status).toBe(
        400,
      );
      const item = await decided();
      await tell(item, 'shown');
      const before = await counts();
      const headers = { authorization: `Bearer ${KEYS.server}` };
      await service.send('DELETE', `/v1/visitors/${item.visitorId}`, { headers });
      expect((await get(`/v1/visitors/${item.visitorId}`)).status).toBe(404);
      expect(await counts()).toEqual(before);
    });

    describe('that came in', () => {
      let text = '';
      beforeAll(async () => {
        text = (await get('/metrics')).text;
      });
      test.each([
        /usher_outcomes_total\{outcome="shown"[^}]*\} \d/,
        /usher_outcomes_unattributed_total\{why="no-token"[^}]*\} \d/,
        /usher_outcomes_unattributed_total\{why="no-offer"[^}]*\} \d/,
        /usher_reservations_total\{outcome="granted"[^}]*\} \d/,
      ])('are counted: %s', (metric) => expect(text).toMatch(metric));
    });
  },
  { settings: { USHER_RULES: rulesFolder(), USHER_KEYS: `browser:${KEYS.browser},server:${KEYS.server}` } },
);
