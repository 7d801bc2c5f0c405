import { expect, test } from '@jest/globals';
import { ago, describeOnBothStores, someone } from './harness.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describeOnBothStores('deciding', (service) => {
  test('a request is answered as the contract says, to the last member', async () => {
    const visitorId = someone();
    await service.patchTraits(visitorId, { interests: ['pets'], petName: 'Rex' });
    const answer = await service.decide({ visitorId, placements: ['hero'], channel: 'web', context: { page: 'a b' } });
    expect(answer).toEqual({
      decisionId: expect.stringMatching(UUID),
      visitorId,
      rulebook: { version: 1, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
      served: 'full',
      decisions: [
        {
          placement: 'hero',
          reason: 'TARGETING_MATCH',
          items: [
            {
              offer: 'camera',
              rule: 'pets-see-cameras',
              reason: 'TARGETING_MATCH',
              content: { title: 'See what Rex does', nested: { image: '/pet.jpg', sizes: [1, 2] } },
              actions: [{ type: 'link', label: 'See the cameras', url: '/cameras?from=a+b' }],
              score: expect.any(Number),
              propensity: 1,
              token: expect.stringMatching(/^[\w-]{16}$/),
            },
          ],
        },
      ],
      elapsedMs: expect.any(Number),
    });
  });

  test('placements are answered in the order asked, asked by text or by object, the same one twice too', async () => {
    const { decisions } = await service.decide({
      visitorId: someone(),
      placements: ['letter', { id: 'hero' }, 'cards', { id: 'hero', count: 2 }],
    });
    expect(decisions.map(({ placement }) => placement)).toEqual(['letter', 'hero', 'cards', 'hero']);
  });

  test('as many offers come as asked for, else as the placement shows, the highest priority first', async () => {
    const visitorId = someone();
    await service.patchTraits(visitorId, { interests: ['pets'] });
    await service.tell({ type: 'track', userId: visitorId, event: 'Product Viewed', properties: { sku: 'c-1' } });
    const ask = (placement: unknown) =>
      service.offers({ visitorId, placements: [placement], context: { device: 'mobile' } });
    expect(await ask('hero')).toEqual(['camera']);
    expect(await ask('cards')).toEqual(['camera', 'phone']);
    expect(await ask({ id: 'cards', count: 1 })).toEqual(['camera']);
    expect(await ask({ id: 'cards', count: 50 })).toEqual(['camera', 'phone', 'app']);
  });

  test('a request without a channel is of its placement’s channel, and one with a channel is of that', async () => {
    const title = async (request: object) => {
      const { decisions } = await service.decide({ visitorId: someone(), context: { device: 'mobile' }, ...request });
      return decisions[0]?.items[0]?.content['title'];
    };
    expect(await title({ placements: ['hero'] })).toBe('The app, on the web');
    expect(await title({ placements: ['letter'] })).toBe('The app, by letter');
    expect(await title({ placements: ['hero'], channel: 'email' })).toBe('The app, by letter');
  });

  test('an unknown visitor is a new visitor, gets the fallback, and is not remembered for having asked', async () => {
    const visitorId = someone();
    const { served, decisions } = await service.decide({ visitorId, placements: ['hero', 'letter'] });
    expect(served).toBe('full');
    expect(decisions).toMatchObject([
      { placement: 'hero', reason: 'DEFAULT', items: [{ offer: 'welcome', reason: 'DEFAULT' }] },
      { placement: 'letter', reason: 'DEFAULT', items: [] },
    ]);
    expect(decisions[0]?.items[0]).not.toHaveProperty('rule');
    expect((await service.get(`/v1/visitors/${visitorId}`)).status).toBe(404);
  });

  test('a missing value drops the item unless the template has a default', async () => {
    const visitorId = someone();
    const greeting = async () =>
      (await service.decide({ visitorId, placements: ['greeting'] })).decisions[0]?.items.map(({ offer, content }) => [
        offer,
        content['title'],
      ]);
    expect(await greeting()).toEqual([['hello', 'Hello there']]);
    await service.patchTraits(visitorId, { firstName: 'Ada' });
    expect(await greeting()).toEqual([['by-name', 'Ada, this is for you']]);
    await service.patchTraits(visitorId, { firstName: '<b>Ada</b>' });
    expect(await greeting()).toEqual([['by-name', '<b>Ada</b>, this is for you']]);
  });

  test('every answer has an id of its own and the same rulebook', async () => {
    const request = { visitorId: someone(), placements: ['hero'] };
    const [first, second] = [await service.decide(request), await service.decide(request)];
    expect(first.decisionId).not.toBe(second.decisionId);
    expect(first.rulebook).toEqual(second.rulebook);
  });

  test('any id of the person finds the same person', async () => {
    const [device, user] = [someone(), someone()];
    await service.tell(
      { type: 'track', anonymousId: device, event: 'Product Viewed', properties: { sku: 'c-7' } },
      { type: 'identify', userId: user, anonymousId: device },
    );
    for (const visitorId of [device, user]) {
      const { decisions } = await service.decide({ visitorId, placements: ['hero'] });
      expect(decisions[0]?.items[0]).toMatchObject({ offer: 'phone', content: { title: 'Last seen: c-7' } });
    }
  });
});

describeOnBothStores('events that come with a decision', (service) => {
  const viewed = { type: 'track', event: 'Product Viewed', properties: { sku: 'c-9' }, messageId: 'm-9' };

  test('are applied first and stored', async () => {
    const visitorId = someone();
    const answer = await service.decide({ visitorId, placements: ['hero'], events: [viewed] });
    expect(answer).toMatchObject({
      events: 'stored',
      decisions: [{ items: [{ offer: 'phone', content: { title: 'Last seen: c-9' } }] }],
    });
    expect((await service.visitor(visitorId)).interactions).toMatchObject([
      { event: 'Product Viewed', properties: { sku: 'c-9' }, messageId: 'm-9' },
    ]);
  });

  test('are applied once, however often the request is sent', async () => {
    const visitorId = someone();
    const request = { visitorId, placements: ['hero'], events: [viewed] };
    await Promise.all([service.decide(request), service.decide(request), service.decide(request)]);
    await service.decide(request);
    expect((await service.visitor(visitorId)).counters).toMatchObject({ 'Product Viewed': { count: 1 } });
  });

  test('count in a dry run too, which stores nothing', async () => {
    const visitorId = someone();
    const answer = await service.decide({ visitorId, placements: ['hero'], events: [viewed], dryRun: true });
    expect(answer).toMatchObject({ events: 'dry-run', decisions: [{ items: [{ offer: 'phone' }] }] });
    expect((await service.get(`/v1/visitors/${visitorId}`)).status).toBe(404);
    expect(await service.offers({ visitorId, placements: ['hero'] })).toEqual(['welcome']);
  });

  test('are refused one by one and kept with the refused; the others are stored, and a decision is made', async () => {
    const visitorId = someone();
    const event = JSON.stringify(viewed);
    const bad = [
      '{"type":"track","event":"e","properties":{"__proto__":1}}',
      '{"type":"track","event":"e","properties":{"a":1e999}}',
      '{"type":"wave"}',
      '7',
    ];
    const { status, body } = await service.post(
      '/v1/decisions',
      `{"visitorId":"${visitorId}","placements":["hero"],"events":[${event},${bad.join()},${event}]}`,
    );
    expect([status, body]).toMatchObject([
      200,
      {
        events: 'partly-stored',
        eventOutcomes: [
          { outcome: 'accepted' },
          { outcome: 'refused', problems: [{ path: 'properties.__proto__' }] },
          { outcome: 'refused', problems: [{ path: 'properties.a' }] },
          { outcome: 'refused', problems: [{ path: 'type' }] },
          { outcome: 'refused', problems: [{ path: '' }] },
          { outcome: 'duplicate' },
        ],
        decisions: [{ items: [{ offer: 'phone' }] }],
      },
    ]);
    const { rejected } = (await service.get('/v1/tracking/rejected?limit=4')).body as {
      rejected: { problems: { path: string }[] }[];
    };
    expect(rejected.map(({ problems }) => problems[0]?.path)).toEqual([
      '',
      'type',
      'properties.a',
      'properties.__proto__',
    ]);
  });

  test('refuse the request where none of them is in order, each problem with its place, and are kept', async () => {
    const visitorId = someone();
    const { status, body } = await service.post('/v1/decisions', {
      ...{ visitorId, placements: ['hero'], channel: 'kiosk' },
      events: [{ type: 'track' }, { type: 'wave' }],
    });
    expect([status, body]).toMatchObject([
      400,
      { code: 'INVALID_REQUEST', problems: [{ path: 'events[0].event' }, { path: 'events[1].type' }] },
    ]);
    expect((await service.get('/v1/tracking/rejected?limit=2')).body).toMatchObject({
      rejected: [{ event: { type: 'wave', anonymousId: visitorId, context: { channel: 'kiosk' } } }, {}],
    });
  });

  test('tell of an alias of two known people that it is refused, and keep it', async () => {
    const [visitorId, other] = [someone(), someone()];
    await service.tell({ type: 'identify', userId: visitorId }, { type: 'identify', userId: other });
    const alias = { type: 'alias', userId: visitorId, previousId: other };
    const request = { visitorId, placements: ['hero'] };
    expect(await service.decide({ ...request, events: [alias, viewed] })).toMatchObject({
      events: 'partly-stored',
      eventOutcomes: [{ outcome: 'refused', problems: [{ path: 'previousId' }] }, { outcome: 'accepted' }],
    });
    expect(await service.decide({ ...request, events: [alias] })).toMatchObject({ events: 'refused' });
    expect((await service.get('/v1/tracking/rejected?limit=1')).body).toMatchObject({ rejected: [{ event: alias }] });
    expect((await service.visitor(other)).ids).toEqual([other]);
  });

  test('are judged one by one in a batch of decisions too', async () => {
    const visitorId = someone();
    const events = `[{"__proto__":1},${JSON.stringify(viewed)}]`;
    const line = `{"visitorId":"${visitorId}","placements":["hero"],"events":${events}}`;
    const { text } = await service.post('/v1/decisions/batch', line, 'application/x-ndjson');
    expect(JSON.parse(text)).toMatchObject({ events: 'partly-stored', decisions: [{ items: [{ offer: 'phone' }] }] });
  });

  test('may say who the person is, and the traits count at once', async () => {
    const visitorId = someone();
    const events = [{ type: 'identify', traits: { interests: ['pets'], petName: 'Mia' } }];
    const { decisions } = await service.decide({ visitorId, placements: ['hero'], events });
    expect(decisions[0]?.items[0]?.content['title']).toBe('See what Mia does');
  });
});

describeOnBothStores('time travel', (service) => {
  test('what happened later than now does not count', async () => {
    const visitorId = someone();
    await service.tell({
      type: 'track',
      userId: visitorId,
      event: 'Product Viewed',
      properties: { sku: 'c-1' },
      timestamp: ago(2, 'h'),
    });
    const at = (now: string) => service.offers({ visitorId, placements: ['hero'], dryRun: true, now });
    expect(await at(ago(3, 'h'))).toEqual(['welcome']);
    expect(await at(ago(1, 'h'))).toEqual(['phone']);
  });

  test('schedules follow now: from is included, until is not', async () => {
    const at = (now: string) => service.offers({ visitorId: someone(), placements: ['season'], dryRun: true, now });
    expect(await at('2026-05-31T23:59:59.999Z')).toEqual([]);
    expect(await at('2026-06-01T00:00:00Z')).toEqual(['summer']);
    expect(await at('2026-08-31T23:59:59.999Z')).toEqual(['summer']);
    expect(await at('2026-09-01T00:00:00+00:00')).toEqual([]);
    expect(await at('2026-12-24T18:00:00+01:00')).toEqual(['winter']);
  });

  test('now is refused without dryRun', async () => {
    const { status, body } = await service.post('/v1/decisions', {
      visitorId: someone(),
      placements: ['hero'],
      now: '2026-06-01T00:00:00Z',
    });
    expect([status, body]).toMatchObject([400, { problems: [{ path: 'now' }] }]);
  });
});
