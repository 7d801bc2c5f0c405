import { expect, test } from '@jest/globals';
import type { DecisionAnswer } from '../../src/decisions/decision-answer.js';
import { until } from '../until.js';
import { describeOnBothStores, someone } from './harness.js';

const offer = (title: string, more: object = {}) =>
  JSON.stringify({ name: title, treatments: { '*': { content: { title } } }, ...more });
const shown = (limit: number, more: object = {}) => ({ event: 'shown', limit, ...more });

/** The same offers and limits in both, so that the routes tell how all stand; each puts its own forward. */
const files = (own: 'live' | 'shadow') => ({
  'placements/hero.json': JSON.stringify({ name: 'Hero', channel: 'web', fallback: 'plain' }),
  'placements/desk.json': JSON.stringify({ name: 'Desk', channel: 'web', fallback: 'plain', lease: { minutes: 20 } }),
  'offers/plain.json': offer('Plain', { transactional: true }),
  'offers/of-live.json': offer('Of the live one', { caps: [shown(CAP, { per: 'total' }), shown(1)] }),
  'offers/of-shadow.json': offer('Of the shadow', { caps: [shown(CAP, { per: 'total' }), shown(1)] }),
  'proactive/own.json': JSON.stringify({
    ...{ name: 'Its own', placements: ['hero', 'desk'], conditions: { all: [] } },
    event: { type: 'offer', params: { offer: `of-${own}` } },
  }),
});
const CAP = 3;
const PEOPLE = 8;

interface Total {
  readonly limits: readonly { readonly held: number; readonly confirmed: number; readonly left: number }[];
}

interface Compared {
  readonly compared: number;
  readonly skipped: number;
  readonly differences: readonly { from: string[]; to: string[]; count: number }[];
}

describeOnBothStores(
  'a shadow beside limits',
  (service) => {
    const rulebook = (path: string, body: object) => service.post(`/v1/rulebook/${path}`, body);
    async function serve(named: object, as: 'live' | 'shadow'): Promise<number> {
      const published = await rulebook('releases', { files: named, message: `Is to be ${as}`, author: 'Marketing' });
      const { version } = published.body as { version: number };
      expect((await rulebook(`releases/${version}/activate`, { as })).status).toBe(200);
      await until(`release ${version} to be the ${as} one here`, async () => {
        const { body } = await service.get('/v1/rulebook/rollout');
        const now = (body as Record<string, unknown>)[as];
        return now === version || (now as { version?: number } | undefined)?.version === version;
      });
      return version;
    }
    const total = async (id: string) => ((await service.get(`/v1/offers/${id}/limits`)).body as Total).limits[0];
    const offersOf = ({ decisions }: DecisionAnswer) =>
      decisions.flatMap(({ items }) => items.map((item) => item.offer));
    const granted = async () =>
      Number(
        /usher_reservations_total\{outcome="granted"[^}]*\} (\d+)/.exec((await service.get('/metrics')).text)?.[1],
      );

    test('holds no place, of anybody or in total, and the whole of its limits is there when it is live', async () => {
      await serve(files('live'), 'live');
      const shadow = await serve(files('shadow'), 'shadow');
      const report = async () => (await service.get(`/v1/rulebook/releases/${shadow}/shadow`)).body as Compared;
      await until('the shadow to be asked', async () => {
        await service.decide({ visitorId: someone(), placements: ['hero'] });
        return (await report()).compared > 0;
      });

      const people = Array.from({ length: PEOPLE }, someone);
      const before = [await report(), await total('of-live'), await granted()] as const;
      const answers = [];
      for (const visitorId of people) answers.push(await service.decide({ visitorId, placements: ['hero', 'desk'] }));
      await until('the shadow to have seen them all', async () => {
        const { compared, skipped } = await report();
        return compared + skipped >= before[0].compared + 2 * PEOPLE;
      });
      expect(await report()).toMatchObject({ skipped: 0, failed: 0 });
      const wouldBe = (await report()).differences.filter(({ to }) => to.includes('of-shadow'));
      expect(wouldBe.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(PEOPLE);

      // The live one takes its places, and nobody takes one of the shadow's.
      const got = answers.flatMap(offersOf).filter((id) => id === 'of-live').length;
      expect([await total('of-live'), got]).toMatchObject([{ held: CAP, left: 0 }, CAP - (before[1]?.held ?? 0)]);
      expect(await granted()).toBe((before[2] || 0) + got);
      expect(await total('of-shadow')).toMatchObject({ held: 0, confirmed: 0, left: CAP });
      for (const id of people) {
        const { body } = await service.get(`/v1/offers/of-shadow/limits?visitorId=${id}`);
        expect(body).toMatchObject({ visitor: { limits: [{ taken: 0, held: 0, left: 1 }], stoppedBy: [] } });
        expect((await service.get(`/v1/visitors/${id}/export`)).text).not.toContain('of-shadow');
      }

      await rulebook(`releases/${shadow}/activate`, { as: 'live' });
      await until('the shadow to be live', async () => {
        const { rulebook: by } = await service.decide({ visitorId: 'undefined', placements: ['hero'] });
        return by.version === shadow;
      });
      // Also those of whom the shadow has thought before.
      const later = [];
      for (const visitorId of people) later.push(offersOf(await service.decide({ visitorId, placements: ['hero'] })));
      expect(later.slice(0, CAP)).toEqual(Array.from({ length: CAP }, () => ['of-shadow']));
      expect(later.flat().filter((id) => id === 'of-shadow')).toHaveLength(CAP);
      expect(await total('of-shadow')).toMatchObject({ held: CAP, left: 0 });
    });
  },
  { settings: { USHER_RECORD_SHARE: '1' } },
);
