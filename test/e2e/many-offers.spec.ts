import { beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RejectedPage } from '../../src/tracking/rejected.controller.js';
import type { BatchReceipt } from '../../src/tracking/tracking.service.js';
import type { ImportSummary } from '../../src/visitors/care/import-visitors.js';
import { until } from '../until.js';
import { describeOnBothStores, someone } from './harness.js';

const treatments = { '*': { content: { title: 'Look' } } };
const rule = (offer: string, placement: string) => ({
  ...{ name: offer, placements: [placement], conditions: { all: [] } },
  event: { type: 'offer', params: { offer } },
});
const capped = (more: object) => ({ name: 'Limited', treatments, caps: [{ event: 'shown', limit: 5, ...more }] });
const FILES: Readonly<Record<string, object>> = {
  'placements/new.json': { name: 'New', fallback: 'plain' },
  'placements/known.json': { name: 'Known', fallback: 'plain' },
  'offers/plain.json': { name: 'Plain', treatments },
  'offers/scarce.json': capped({ per: 'total' }),
  'offers/offer-7.json': capped({}),
  'proactive/scarce.json': rule('scarce', 'new'),
  'proactive/known.json': rule('offer-7', 'known'),
};
const MOST = 500;
const OVER = { path: 'properties.offer', message: expect.stringMatching(/most there may be, 500; .*400 days/) };

function rulesFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'usher-many-offers-')), 'rules');
  for (const [path, definition] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(definition));
  }
  return folder;
}

describeOnBothStores(
  'a person who had contact with 500 offers',
  (service) => {
    const id = someone();
    const shown = (userId: string, offer: string) => ({
      ...{ type: 'track', userId, event: 'Offer Shown', messageId: `${userId} ${offer}`, properties: { offer } },
    });
    const told = (userId: string, count: number) =>
      Array.from({ length: count }, (_one, at) => shown(userId, `offer-${at}`));
    const batch = async (...events: object[]) =>
      (await service.post('/v1/batch', { batch: events })).body as BatchReceipt;
    const offersOf = async (who: string) => Object.keys((await service.visitor(who)).contacts ?? {});

    beforeAll(async () => {
      const receipt = await batch(...told(id, MOST - 1));
      expect([receipt.accepted, receipt.refused]).toEqual([MOST - 1, []]);
    });

    test('may have the 500th, and no further one, however it comes; which is said, and kept', async () => {
      const receipt = await batch(shown(id, 'offer-499'), shown(id, 'one-more'), shown(id, 'offer-3'));
      expect(receipt).toMatchObject({ accepted: 1, duplicates: 1, refused: [{ index: 1, problems: [OVER] }] });
      expect(await batch(shown(id, 'one-more'))).toMatchObject({ accepted: 0, refused: [{ problems: [OVER] }] });
      const single = await service.post('/v1/track', shown(id, 'one-more'));
      expect([single.status, single.body]).toMatchObject([400, { problems: [OVER] }]);
      const { rejected } = (await service.get('/v1/tracking/rejected?limit=1')).body as RejectedPage;
      expect(rejected).toMatchObject([{ event: { properties: { offer: 'one-more' } }, problems: [OVER] }]);
      expect(await offersOf(id)).toHaveLength(MOST);
      expect(await offersOf(id)).not.toContain('one-more');
    });

    test('is refused it by POST /v1/outcomes by the name that it has there', async () => {
      const { status, body } = await service.post('/v1/outcomes', {
        visitorId: id,
        offer: 'a-last',
        outcome: 'accepted',
      });
      expect([status, body]).toMatchObject([400, { problems: [{ ...OVER, path: 'offer' }] }]);
      expect((await service.visitor(id)).counters).not.toHaveProperty('Offer Accepted');
    });

    test('has outcomes of all that they know taken, one by one and in a decision', async () => {
      for (const outcome of ['clicked', 'dismissed'])
        expect((await service.post('/v1/outcomes', { visitorId: id, offer: 'offer-9', outcome })).body).toMatchObject({
          counted: true,
        });
      const events = ['offer-8', 'not-one-more'].map((offer) => ({
        ...{ type: 'track', event: 'Offer Clicked', messageId: `clicked ${id} ${offer}`, properties: { offer } },
      }));
      const { body } = await service.post('/v1/decisions', { visitorId: id, placements: ['known'], events });
      expect(body).toMatchObject({
        ...{ served: 'full', events: 'partly-stored' },
        eventOutcomes: [{ outcome: 'accepted' }, { outcome: 'refused', problems: [OVER] }],
      });
      expect((await service.visitor(id)).contacts).toMatchObject({
        'offer-8': { clicked: { count: 1 } },
        'offer-9': { clicked: { count: 1 }, dismissed: { count: 1 } },
      });
    });

    test('gets limited offers that they know, and none beside: what was taken in total goes back', async () => {
      expect(await service.offers({ visitorId: id, placements: ['known'] })).toEqual(['offer-7']);
      expect(await service.offers({ visitorId: id, placements: ['new'] })).toEqual(['plain']);
      const held = async () =>
        ((await service.get('/v1/offers/scarce/limits')).body as { limits: { held: number }[] }).limits[0]?.held;
      await until('the places to be given back', async () => (await held()) === 0);
      expect(await service.offers({ visitorId: someone(), placements: ['new'] })).toEqual(['scarce']);
      expect(await held()).toBe(1);
    });

    describe('in an import', () => {
      test('gets none of the contacts that are too many, and is told so by line', async () => {
        const timestamp = new Date().toISOString();
        const contacts = Array.from({ length: MOST + 1 }, (_one, at) => ({
          ...{ offer: `imported-${at}`, event: 'shown', timestamp },
        }));
        const [many, few] = [someone(), someone()];
        const lines = [
          { visitorId: many, traits: { plan: 'gold' }, contacts },
          { visitorId: few, contacts: contacts.slice(1) },
          { visitorId: few, contacts: contacts.slice(0, 1) },
        ];
        const { body } = await service.post(
          '/v1/visitors/import',
          lines.map((line) => JSON.stringify(line)).join('\n'),
          'application/x-ndjson',
        );
        const summary = body as ImportSummary;
        expect(summary.leftOut).toMatchObject([
          {
            line: 1,
            problems: [{ path: 'contacts', message: expect.stringContaining('501 offers; the limit is 500') }],
          },
          { line: 3, problems: [{ path: 'contacts' }] },
        ]);
        expect(await service.visitor(many)).toMatchObject({ traits: { plan: 'gold' } });
        expect(await offersOf(many)).toEqual([]);
        expect(await offersOf(few)).toHaveLength(MOST);
      });
    });

    test('is not joined with somebody by whom they would have more: both stay as they are', async () => {
      const [other, before] = [someone(), await offersOf(id)];
      await batch(shown(other, 'of-the-other'));
      const { status, body } = await service.post('/v1/alias', { userId: id, previousId: other });
      expect([status, body]).toMatchObject([400, { problems: [{ path: 'previousId' }] }]);
      expect(await offersOf(other)).toEqual(['of-the-other']);
      expect(await offersOf(id)).toEqual(before);
    });

    test('is counted in the metrics', async () => {
      const { text } = await service.get('/metrics');
      expect(text).toMatch(/usher_visitor_over_limit_total\{limit="contactOffers"[^}]*\} [1-9]/);
    });

    test('begins anew when they were erased', async () => {
      await service.send('DELETE', `/v1/visitors/${id}`);
      expect(await batch(shown(id, 'one-more'))).toMatchObject({ accepted: 1, refused: [] });
      expect(await offersOf(id)).toEqual(['one-more']);
    });
  },
  { settings: { USHER_RULES: rulesFolder() } },
);
