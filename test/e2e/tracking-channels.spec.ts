import { expect, test } from '@jest/globals';
import { describeOnBothStores, someone } from './harness.js';

const keyOf = (scope: string) => `the-key-of-${scope}-0123456789`;
const settings = { USHER_KEYS: ['browser', 'server'].map((scope) => `${scope}:${keyOf(scope)}`).join() };

describeOnBothStores(
  'the channel of a request is given to its events',
  (service) => {
    const post = (scope: string, path: string, body: object) =>
      service.send('POST', path, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf(scope)}` },
      });
    const channelsOf = async (id: string) => {
      const headers = { authorization: `Bearer ${keyOf('server')}` };
      const { body } = await service.send('GET', `/v1/visitors/${id}`, { headers });
      return (body as { interactions: { channel: string }[] }).interactions.map(({ channel }) => channel).toReversed();
    };

    test.each([
      ['browser', 'web'],
      ['server', 'server'],
    ])('of events that come with a %s key, which tell nothing of it, it is %s', async (scope, told) => {
      const userId = someone();
      const event = { type: 'track', userId, event: 'e' };
      await post(scope, '/v1/track', event);
      await post(scope, '/v1/batch', { batch: [event, { ...event, context: { channel: 'desk' } }] });
      expect(await channelsOf(userId)).toEqual([told, told, 'desk']);
    });

    test('of events that come with a decision it is what the decision says', async () => {
      const visitorId = someone();
      const events = [
        { type: 'track', event: 'a' },
        { type: 'track', event: 'b', properties: { channel: 'desk' } },
        { type: 'track', event: 'c', context: { page: { url: '/' } } },
      ];
      await post('server', '/v1/decisions', { visitorId, placements: ['hero'], channel: 'kiosk', events });
      await post('browser', '/v1/decisions', {
        visitorId,
        placements: ['hero'],
        events: [{ type: 'track', event: 'd' }],
      });
      expect(await channelsOf(visitorId)).toEqual(['kiosk', 'desk', 'kiosk', 'web']);
    });
  },
  { settings },
);
