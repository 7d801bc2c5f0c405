import { expect, test } from '@jest/globals';
import type { VisitorProfile } from '../../src/visitors/profile/visitor-profile.js';
import { describeOnBothStores, someone } from './harness.js';
import type { Answer } from './service.js';

const KEYS = { browser: 'b'.repeat(32), server: 's'.repeat(32) };
const settings = { USHER_KEYS: `browser:${KEYS.browser},server:${KEYS.server}`, USHER_KEEP_INTERACTIONS: '5' };

describeOnBothStores(
  'whoever has the key of a page',
  (service) => {
    const send = (key: string, method: string, path: string, body?: unknown): Promise<Answer> =>
      service.send(method, path, {
        headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    const browser = (path: string, body: object) => send(KEYS.browser, 'POST', path, body);
    const server = (path: string, body: object) => send(KEYS.server, 'POST', path, body);
    const importLine = (line: object): Promise<Answer> =>
      service.send('POST', '/v1/visitors/import', {
        headers: { authorization: `Bearer ${KEYS.server}`, 'content-type': 'application/x-ndjson' },
        body: JSON.stringify(line),
      });
    const find = async (id: string) => (await send(KEYS.server, 'GET', `/v1/visitors/${id}`)).body as VisitorProfile;

    test('can’t make a server’s event known by sending its id first, nor a server theirs', async () => {
      const userId = someone();
      const event = { userId, messageId: 'order-4711', event: 'Bought' };
      const batch = (send: typeof browser) => send('/v1/batch', { batch: [{ type: 'track', ...event }] });
      expect((await batch(browser)).body).toMatchObject({ accepted: 1 });
      expect((await batch(server)).body).toMatchObject({ accepted: 1 });
      expect((await batch(browser)).body).toMatchObject({ accepted: 0, duplicates: 1 });
      expect((await batch(server)).body).toMatchObject({ accepted: 0, duplicates: 1 });
      const { interactions } = await find(userId);
      expect(interactions.map(({ messageId, by }) => [messageId, by])).toEqual([
        ['order-4711', undefined],
        ['order-4711', 'browser'],
      ]);
    });

    test('pushes none of a server’s orders out of what is retained, however much it sends', async () => {
      const userId = someone();
      const events = (event: string, count: number) =>
        Array.from({ length: count }, (_, at) => ({ type: 'track', userId, event, messageId: `${event} ${at}` }));
      await server('/v1/batch', { batch: events('Bought', 3) });
      for (let time = 0; time < 2; time++) await browser('/v1/batch', { batch: events(`Noise ${time}`, 20) });
      const { interactions, counters } = await find(userId);
      expect(interactions.filter(({ by }) => by === undefined).map(({ event }) => event)).toEqual(
        Array(3).fill('Bought'),
      );
      expect(interactions.filter(({ by }) => by === 'browser')).toHaveLength(5);
      expect(counters).toMatchObject({ Bought: { count: 3 }, 'Noise 0': { count: 20 }, 'Noise 1': { count: 20 } });
      expect((await server('/v1/batch', { batch: events('Bought', 3) })).body).toMatchObject({ duplicates: 3 });
    });

    test('writes no trait over one that a server said, and what it said is kept apart', async () => {
      const [userId, other] = [someone(), someone()];
      await server('/v1/identify', { userId, traits: { plan: 'gold' } });
      await browser('/v1/identify', { userId, traits: { plan: 'platinum', theme: 'dark' } });
      await browser('/v1/group', { userId, groupId: 'g-1' });
      const profile = await find(userId);
      expect(profile).toMatchObject({
        traits: { plan: 'gold', theme: 'dark', group: { id: 'g-1' } },
        traitDetails: { plan: { source: 'identify' }, theme: { source: 'browser:identify' } },
        outrankedTraits: { plan: { value: 'platinum', source: 'browser:identify' } },
      });
      const { body } = await send(KEYS.server, 'GET', `/v1/visitors/${userId}/export`);
      const { origin: _origin, ...line } = body as Record<string, unknown>;
      const moved = { ...line, visitorId: other, ids: [other], identities: { known: [other], anonymous: [] } };
      expect((await importLine(moved)).body).toMatchObject({ refusedCount: 0 });
      const { outrankedTraits, traitDetails } = await find(other);
      expect({ outrankedTraits, traitDetails }).toEqual({
        outrankedTraits: profile.outrankedTraits,
        traitDetails: profile.traitDetails,
      });
    });
  },
  { settings },
);
