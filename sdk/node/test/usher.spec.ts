import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnBothStores, someone } from '../../../test/e2e/harness.js';
import { all, fault, Usher, type UsherFault, type UsherClient } from './client.js';

describeOnBothStores('the Node client', (service) => {
  const told: Error[] = [];
  let usher: UsherClient;
  beforeAll(() => {
    usher = new Usher({ url: service.url, deadlineMs: 30_000, onError: (error) => told.push(error) });
  });
  afterAll(() => usher.close());

  test('decides, and tells what came with it', async () => {
    const visitorId = someone();
    const events = [{ type: 'track', event: 'Product Viewed', properties: { sku: 'c-1' } }];
    const answer = await usher.decide({ visitorId, placements: ['hero', { id: 'cards', count: 1 }], events });
    expect(answer).toMatchObject({
      visitorId,
      served: 'full',
      events: 'stored',
      decisions: [{ placement: 'hero', items: [{ offer: 'phone' }] }, { placement: 'cards' }],
    });
    expect(answer.decisionId).toMatch(/^[\da-f-]{36}$/);
    expect(await usher.decide({ visitorId, placements: ['hero'] }, { default: {} })).toMatchObject({ served: 'full' });
  });

  test('tells of a bad request what the service tells, be there a default or not', async () => {
    for (const options of [{}, { default: { nowhere: { content: {} } } }]) {
      const error = await fault(usher.decide({ visitorId: 'a', placements: ['nowhere'] }, options as object));
      expect(error).toMatchObject({ code: 'INVALID_REQUEST', status: 400, isCallersMistake: true });
      expect(error.problems).toEqual([{ path: 'placements[0]', message: expect.stringContaining('hero') }]);
      expect(error.message).toContain('placements[0]: there is no placement "nowhere"');
    }
  });

  test('sends events of every kind, in the order in which they came', async () => {
    const [device, userId] = [someone(), someone()];
    usher.page({ anonymousId: device, name: 'Home', properties: { url: 'https://shop.example/' } });
    const messageId = usher.track({ anonymousId: device, event: 'Product Viewed', properties: { sku: 'c-1' } });
    usher.identify({ userId, anonymousId: device, traits: { plan: 'gold' } });
    usher.group({ userId, groupId: 'c-7', traits: { name: 'Acme' } });
    const old = someone();
    usher.track({ userId: old, event: 'Before', timestamp: new Date(Date.now() - 60_000), messageId: `${old}-1` });
    usher.alias({ userId, previousId: old });
    expect(await usher.flush()).toMatchObject({ waiting: 0, refused: 0, notSent: 0 });
    const person = await usher.visitor(userId);
    expect(person?.interactions.map(({ event }) => event)).toEqual(['Product Viewed', 'Page Viewed', 'Before']);
    expect(person?.interactions.map(({ messageId: id }) => id)).toEqual([messageId, expect.any(String), `${old}-1`]);
    expect(person?.traits).toEqual({ plan: 'gold', group: { id: 'c-7', name: 'Acme' } });
    expect(person?.ids.toSorted()).toEqual([device, userId, old].toSorted());
    expect(told).toEqual([]);
  });

  test.each([
    { outcome: 'rated', rating: 4, counts: 'rated' as const },
    { outcome: 'later', counts: 'dismissed' as const },
  ])('tells $outcome of an offer, with the token of its item, as the short route does', async ({ counts, ...said }) => {
    const outcome = async (tell: (outcome: object) => Promise<unknown>) => {
      const visitorId = someone();
      const { decisionId, decisions } = await usher.decide({ visitorId, placements: ['hero'] });
      const { offer, token } = decisions[0]?.items[0] ?? {};
      await tell({
        ...{ visitorId, decisionId, placement: 'hero', offer, token, ...said, channel: 'app' },
        ...{ properties: { note: 'fine' }, messageId: `${visitorId}-told`, timestamp: '2026-11-20T10:00:00Z' },
      });
      const { contacts, interactions, satisfaction } = (await usher.visitor(visitorId)) ?? {};
      return JSON.stringify({ contacts: contacts?.['welcome']?.[counts], interactions, satisfaction })
        .replaceAll(visitorId, 'them')
        .replaceAll(decisionId ?? '', 'decision')
        .replaceAll(token ?? '', 'token');
    };
    const inShort = await outcome((one) => service.post('/v1/outcomes', one));
    expect(inShort).toContain('"count":1');
    const queued = await outcome(async (one) => {
      expect(usher.outcome(one as never)).toMatch(/-told$/);
      await usher.flush();
    });
    const atOnce = await outcome(async (one) => {
      expect(await usher.outcomes([one as never])).toMatchObject({ stored: 1, refused: [], notCounted: [] });
    });
    expect([queued, atOnce]).toEqual([inShort, inShort]);
  });

  test('tells many outcomes, and says of each that is not as it should be which it was', async () => {
    const people = Array.from({ length: 450 }, someone);
    async function* outcomes() {
      for (const visitorId of people) {
        const [, number] = visitorId.split('-');
        if (visitorId === people[300]) yield { visitorId: '', offer: 'welcome', outcome: 'shown' as const };
        if (visitorId === people[400]) yield { visitorId, outcome: 'shown' as const };
        yield { visitorId, offer: 'welcome', outcome: 'shown' as const, messageId: `many-${number}` };
      }
    }
    expect(await usher.outcomes(outcomes())).toEqual({
      stored: 451,
      duplicates: 0,
      refused: [{ index: 300, problems: [expect.anything()] }],
      notCounted: [{ index: 401, why: 'no-offer' }],
    });
    expect(await usher.outcomes(outcomes())).toMatchObject({ stored: 1, duplicates: 450 });
    expect((await usher.visitor(people[7] ?? ''))?.contacts?.['welcome']?.shown?.count).toBe(1);
  });

  test('knows strangers from people, whatever their ids look like', async () => {
    expect(await usher.visitor(someone())).toBeUndefined();
    for (const id of ['a/b c?d#e%2F', 'ann@example.com', 'ünï', '..', '.']) {
      usher.identify({ userId: id, traits: { here: true } });
      await usher.flush();
      expect([id, (await usher.visitor(id))?.traits]).toEqual([id, { here: true }]);
    }
    for (const id of ['', '\ud800', undefined])
      expect(await fault(usher.visitor(id as string, { default: 'x' }))).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test('asks many at once over few connections', async () => {
    const few = new Usher({ url: `${service.url}/`, connections: 2, deadlineMs: 30_000 });
    const people = Array.from({ length: 50 }, someone);
    const answers = await Promise.all(people.map((visitorId) => few.decide({ visitorId, placements: ['hero'] })));
    expect(answers.map(({ visitorId }) => visitorId)).toEqual(people);
    await few.close();
  });

  test('is closed by its scope, with all that it was given', async () => {
    const userId = someone();
    {
      await using client = new Usher({ url: service.url });
      client.track({ userId, event: 'Seen' });
    }
    expect((await usher.visitor(userId))?.counters['Seen']?.count).toBe(1);
  });

  test('is of no use once it is closed, and says so', async () => {
    const closed: UsherFault[] = [];
    const client = new Usher({ url: service.url, onError: (error) => closed.push(error) });
    await client.close();
    await client.close();
    client.track({ userId: someone(), event: 'Late' });
    expect(closed).toMatchObject([{ code: 'EVENT_NOT_SENT', events: [{ event: 'Late' }] }]);
    expect(client.counts()).toMatchObject({ notSent: 1, waiting: 0 });
    const request = { visitorId: 'a', placements: ['hero'] };
    expect(await fault(client.decide(request))).toMatchObject({ code: 'CLOSED' });
    expect(await client.decide(request, { default: {} })).toMatchObject({ served: 'default', why: { code: 'CLOSED' } });
    expect(await fault(all(client.batch([request])))).toMatchObject({ code: 'CLOSED' });
  });
});
