import { expect, test } from '@jest/globals';
import type { SplitAnswer } from '../../src/visitors/care/split-answer.js';
import type { VisitorExport } from '../../src/visitors/care/visitor-export.js';
import { ago, describeOnBothStores, someone } from './harness.js';

interface Told extends SplitAnswer {
  readonly code?: string;
  readonly message: string;
}

describeOnBothStores('a split', (service) => {
  const address = (id: string, what: string) => `/v1/visitors/${encodeURIComponent(id)}/${what}`;
  const split = async (id: string, body?: unknown) => {
    const path = address(id, 'split');
    const { status, body: told } = await (body === undefined ? service.send('POST', path) : service.post(path, body));
    return { status, ...(told as Told) };
  };
  const track = (event: string, ids: object, hoursAgo: number) => ({
    ...{
      type: 'track',
      event,
      timestamp: ago(hoursAgo, 'h'),
      messageId: `${event} ${hoursAgo} ${JSON.stringify(ids)}`,
    },
    ...ids,
  });
  const exportOf = async (id: string) => (await service.get(address(id, 'export'))).body as VisitorExport;
  const eventsOf = async (id: string): Promise<string[]> =>
    (await service.visitor(id)).interactions.map(({ event }) => event).reverse();

  /** A user with a device that was joined to them by mistake. */
  const joined = async (): Promise<{ readonly user: string; readonly device: string }> => {
    const [user, device] = [someone(), someone()];
    await service.tell(
      track('of the device', { anonymousId: device }, 9),
      track('of the user', { userId: user }, 8),
      { type: 'identify', anonymousId: device, traits: { name: 'device', pet: 'cat' }, timestamp: ago(9, 'h') },
      { type: 'identify', userId: user, traits: { name: 'user' }, timestamp: ago(8, 'h') },
      track('login', { userId: user, anonymousId: device }, 7),
    );
    await service.tell(
      track('later of the device', { anonymousId: device }, 6),
      track('later of the user', { userId: user }, 5),
    );
    return { user, device };
  };
  const ofUser = ['of the user', 'login', 'later of the user'];
  const ofDevice = ['of the device', 'later of the device'];

  test('makes two people of a joined pair, both as they were, each with what they did since', async () => {
    const { user, device } = await joined();
    await service.patchTraits(device, { pet: 'dog' });
    await service.send('PUT', address(user, 'consents/ads'), {
      body: '{"status":"granted"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await eventsOf(device)).toHaveLength(5);
    const asked = await split(user, { id: device, dryRun: true });
    expect(await eventsOf(device)).toHaveLength(5);
    const answer = await split(user, { id: device });
    expect(answer).toMatchObject({
      status: 200,
      people: [
        { visitorId: user, ids: [user], interactions: 3, interactionsEver: 3, traits: 1, consents: 1 },
        { visitorId: device, ids: [device], interactions: 2, interactionsEver: 2, traits: 2, consents: 0 },
      ],
      inBoth: 0,
    });
    expect({ ...asked, at: answer.at }).toEqual({ ...answer, dryRun: true });
    expect([await eventsOf(user), await eventsOf(device)]).toEqual([ofUser, ofDevice]);
    expect((await service.visitor(device)).traits).toEqual({ name: 'device', pet: 'dog' });
    const { traits, consents, joins, parted, counters } = await service.visitor(user);
    expect([traits, Object.keys(consents), joins]).toEqual([{ name: 'user' }, ['ads'], undefined]);
    expect(parted).toEqual([{ id: device, from: user, at: answer.at }]);
    expect(Object.keys(counters).sort()).toEqual(ofUser.toSorted());
    expect((await service.visitor(device)).parted).toEqual(parted);
  });

  test('asked for again changes nothing and tells of both; what comes again is known', async () => {
    const { user, device } = await joined();
    const { at } = await split(device);
    expect(await split(user, { id: device })).toMatchObject({ status: 200, at });
    expect(await split(device)).toMatchObject({ status: 200, at });
    await service.tell(
      track('later of the device', { anonymousId: device }, 6),
      track('of the user', { userId: user }, 8),
    );
    expect([await eventsOf(user), await eventsOf(device)]).toEqual([ofUser, ofDevice]);
  });

  test('keeps them apart until a server’s alias joins them again', async () => {
    const { user, device } = await joined();
    await split(user, { id: device });
    const login = await service.post('/v1/track', track('again', { userId: user, anonymousId: device }, 4));
    expect(login.body).toMatchObject({ success: true, notJoined: true });
    expect([await eventsOf(user), await eventsOf(device)]).toEqual([[...ofUser, 'again'], ofDevice]);
    await service.tell({ type: 'alias', userId: user, previousId: device });
    expect(await eventsOf(device)).toHaveLength(6);
    expect((await split(user, { id: device })).status).toBe(200);
    expect(await eventsOf(device)).toEqual(ofDevice);
  });

  test('is refused for what nothing joined, for a stranger, and for what is not asked well', async () => {
    const { user, device } = await joined();
    expect(await split(user, { id: user })).toMatchObject({ status: 409, code: 'SPLIT_REFUSED' });
    expect(await split(device, { id: 'nobody' })).toMatchObject({ status: 409, code: 'SPLIT_REFUSED' });
    expect((await split('nobody')).status).toBe(404);
    for (const body of ['[]', { ids: [device] }, { id: 1.5 }, { id: device, dryRun: 'yes' }])
      expect(await split(user, body)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(await eventsOf(user)).toHaveLength(5);
  });

  test('is exported as what was joined, and an import keeps who was parted apart', async () => {
    const { user, device } = await joined();
    const { sides, links } = await exportOf(user);
    expect(sides?.map(({ visitorId, messageIds }) => [visitorId, messageIds.length])).toEqual([
      [user, 3],
      [device, 2],
    ]);
    expect(sides?.[1]?.traitDetails).toMatchObject({ name: { value: 'device' }, pet: { value: 'cat' } });
    expect(links).toEqual([{ a: user, b: device, at: expect.any(String), by: 'server' }]);
    await split(user, { id: device });
    const exported = await exportOf(user);
    expect(exported).not.toHaveProperty('sides');
    await service.send('DELETE', `/v1/visitors/${user}`);
    await service.post('/v1/visitors/import', JSON.stringify(exported), 'application/x-ndjson');
    await service.tell(track('again', { userId: user, anonymousId: device }, 3));
    expect(await eventsOf(device)).toEqual(ofDevice);
  });

  test('gives each what was theirs after an export of both was imported again', async () => {
    const { user, device } = await joined();
    await service.post('/v1/visitors/import', JSON.stringify(await exportOf(user)), 'application/x-ndjson');
    await split(user, { id: device });
    expect([await eventsOf(user), await eventsOf(device)]).toEqual([ofUser, ofDevice]);
    expect((await service.visitor(user)).traits).toEqual({ name: 'user' });
    expect((await service.visitor(device)).traits).toEqual({ name: 'device', pet: 'cat' });
  });

  test('while both go on doing things loses and doubles nothing', async () => {
    const { user, device } = await joined();
    const many = Array.from({ length: 60 }, (_, at) =>
      track('meanwhile', at % 2 ? { userId: user } : { anonymousId: device }, at / 100),
    );
    const told = many.map((event, at) =>
      new Promise((resolve) => setTimeout(resolve, at)).then(() => service.tell(event)),
    );
    const splits = [split(user, { id: device }), split(device), split(user, { id: device })];
    for (const { status, at } of await Promise.all(splits)) expect([status, at]).toEqual([200, (await splits[0])?.at]);
    await Promise.all(told);
    for (const id of [user, device])
      expect((await service.visitor(id)).counters['meanwhile']).toMatchObject({ count: 30 });
  });

  test('leaves nothing of the one who is erased, and all of the other', async () => {
    const { user, device } = await joined();
    await split(user, { id: device });
    expect((await service.send('DELETE', `/v1/visitors/${device}`)).status).toBe(204);
    expect((await service.get(`/v1/visitors/${device}`)).status).toBe(404);
    expect(await eventsOf(user)).toEqual(ofUser);
    const [both] = await Promise.all([joined()]);
    const [, erased] = await Promise.all([
      split(both.user, { id: both.device }),
      service.send('DELETE', `/v1/visitors/${both.user}`),
    ]);
    expect(erased.status).toBe(204);
    expect((await service.get(`/v1/visitors/${both.user}`)).status).toBe(404);
  });
});
