import { expect, test } from '@jest/globals';
import type { FoundPeople } from '../../src/visitors/search/found-people.js';
import { DatabaseSync } from 'node:sqlite';
import { keysIn } from './held-places.js';
import { describeOnBothStores, someone } from './harness.js';
import type { Service } from './service.js';
import { until } from '../until.js';

/** Leaves a store as versions before the index have it. */
async function dropIndex(service: Service): Promise<void> {
  if (service.store === 'SQLite') {
    const database = new DatabaseSync(service.databaseFile);
    database.exec('DELETE FROM search_keys; DELETE FROM search_coverage');
    database.close();
    return;
  }
  const keys = (await keysIn(service.redis.url)).filter((key) => /:found$|^usher:\{search/.test(key));
  for (const key of keys) await service.redis.ask(`DEL ${key}`);
}

let numbers = 0;
/** Values that nobody else has. */
const newNumber = () => `+44 20 7946 ${String((numbers += 1)).padStart(4, '0')}`;
const newAddress = () => `person${(numbers += 1)}@example.com`;

async function search(service: Service, text: string, more = ''): Promise<FoundPeople> {
  const { status, body } = await service.get(`/v1/visitors?search=${encodeURIComponent(text)}${more}`);
  expect([status, body]).toEqual([200, body]);
  return body as FoundPeople;
}

const idsFound = async (service: Service, text: string) =>
  (await search(service, text)).people.map(({ visitorId }) => visitorId);

const identify = (service: Service, userId: string, traits: object, more: object = {}) =>
  service.tell({ type: 'identify', userId, traits, ...more });

describeOnBothStores('the search', (service) => {
  test('finds a person by any id, an e-mail address in any capitals, a telephone number in any writing', async () => {
    const [user, device, email] = [someone(), someone(), newAddress()];
    const phone = newNumber();
    await identify(service, user, { email: ` ${email.replace('p', 'P')}`, phone }, { anonymousId: device });
    await service.tell({ type: 'track', userId: user, event: 'Seen', timestamp: '2026-11-20T10:00:00Z' });
    const digits = phone.replaceAll(/\D/g, '');
    for (const text of [
      email.toUpperCase(),
      phone,
      `+${digits}`,
      `00${digits}`,
      digits,
      ` ${phone.replace(' ', '-')} `,
    ])
      expect(await search(service, text)).toEqual({
        people: [
          {
            visitorId: user,
            ids: [user, device],
            identities: { known: [user], anonymous: [device] },
            matched: [
              expect.objectContaining(
                text.includes('@')
                  ? { by: 'trait', trait: 'email', source: 'identify' }
                  : { by: 'trait', trait: 'phone', value: phone },
              ),
            ],
            interactions: 1,
            lastSeen: '2026-11-20T10:00:00.000Z',
          },
        ],
      });
    for (const id of [user, device])
      expect((await search(service, id)).people).toEqual([expect.objectContaining({ matched: [{ by: 'id', id }] })]);
    for (const text of [email.slice(1), `${digits}1`, digits.slice(1), user.slice(1)])
      expect(await idsFound(service, text)).toEqual([]);
  });

  test('tells both of two people with one address, and more than fit one by one', async () => {
    const email = newAddress();
    const both = [someone(), someone()];
    for (const id of both) await identify(service, id, { email });
    expect((await idsFound(service, email)).sort()).toEqual(both.toSorted());
    expect(await search(service, email, '&limit=1')).toEqual({ people: [expect.anything()], more: true });
    // One of them is called as the other's address is written.
    await identify(service, email, { plan: 'gold' });
    expect((await search(service, email)).people.map(({ matched }) => matched[0]?.by)).toEqual([
      'id',
      'trait',
      'trait',
    ]);
  });

  test('follows a trait that changes, is removed, and comes again', async () => {
    const id = someone();
    const [first, second] = [newAddress(), newAddress()];
    await identify(service, id, { email: first });
    await service.patchTraits(id, { email: second });
    expect([await idsFound(service, first), await idsFound(service, second)]).toEqual([[], [id]]);
    await service.patchTraits(id, { email: null });
    expect(await idsFound(service, second)).toEqual([]);
    await service.patchTraits(id, { email: [first, second] });
    expect([await idsFound(service, first), await idsFound(service, second)]).toEqual([[id], [id]]);
    await service.patchTraits(id, { email: { not: 'an address' } });
    expect([await idsFound(service, first), await idsFound(service, second)]).toEqual([[], []]);
  });

  test('moves with whoever is joined, and back with whoever is parted', async () => {
    const [user, device] = [someone(), someone()];
    const [ofUser, ofDevice] = [newAddress(), newNumber()];
    await identify(service, user, { email: ofUser });
    await service.tell({ type: 'identify', anonymousId: device, traits: { phone: ofDevice } });
    expect(await idsFound(service, ofDevice)).toEqual([device]);
    await service.tell({ type: 'identify', userId: user, anonymousId: device });
    expect([await idsFound(service, ofUser), await idsFound(service, ofDevice)]).toEqual([[user], [user]]);
    expect((await service.post(`/v1/visitors/${user}/split`, { id: device })).status).toBe(200);
    expect([await idsFound(service, ofUser), await idsFound(service, ofDevice)]).toEqual([[user], [device]]);
  });

  test('finds whoever is imported, and nobody who is erased; who begins anew under the id is found again', async () => {
    const [id, email] = [someone(), newAddress()];
    const line = JSON.stringify({ visitorId: id, traits: { email } });
    await service.post('/v1/visitors/import', line, 'application/x-ndjson');
    expect(await idsFound(service, email)).toEqual([id]);
    expect((await service.send('DELETE', `/v1/visitors/${id}`)).status).toBe(204);
    expect(await idsFound(service, email)).toEqual([]);
    await identify(service, id, { email });
    expect(await idsFound(service, email)).toEqual([id]);
  });

  test('stays right while a person changes an address back and forth at once, and is erased in between', async () => {
    const id = someone();
    const addresses = Array.from({ length: 4 }, newAddress);
    for (let round = 0; round < 3; round++) {
      await Promise.all([
        ...addresses.flatMap((email) => [service.patchTraits(id, { email }), service.patchTraits(id, { email: null })]),
        ...(round === 1 ? [service.send('DELETE', `/v1/visitors/${id}`)] : []),
      ]);
      await service.patchTraits(id, { email: addresses[round] });
      const found = await Promise.all(addresses.map((email) => idsFound(service, email)));
      expect(found).toEqual(addresses.map((_email, at) => (at === round ? [id] : [])));
    }
  });

  test.each([
    ['', 'search', /is missing; send a whole id/],
    ['?search=', 'search', /is missing/],
    ['?search=%20', 'search', /is missing/],
    ['?search=a&search=b', 'search', /must be said once/],
    ['?search=a&limit=51', 'limit', /from 1 to 50/],
    ['?search=a&name=b', 'name', /is not known here; ask with search, limit/],
  ])('refuses %s', async (query, path, message) => {
    const { status, body } = await service.get(`/v1/visitors${query}`);
    expect([status, body]).toEqual([
      400,
      expect.objectContaining({ problems: [{ path, message: expect.stringMatching(message) }] }),
    ]);
  });

  test('refuses a text that is too long', async () => {
    expect(await service.get(`/v1/visitors?search=${'x'.repeat(513)}`)).toMatchObject({
      status: 400,
      body: { problems: [{ path: 'search', message: 'is longer than it can be' }] },
    });
  });

  test('finds nobody by what is no text of anybody, and breaks at nothing', async () => {
    for (const text of ['%', '\u0000', '🐈', '"', '@', 'a@', '+', '()', '__proto__', 'constructor', '\u{10ffff}x'])
      expect((await search(service, text)).people).toEqual([]);
  });
});

const keys = { server: 'the-key-of-the-server-1', browser: 'the-key-of-the-pages-1' };
const as = (key: string) => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });

describeOnBothStores(
  'the search beside pages that say what they like',
  (service) => {
    test('tells first whom a server says it of, and names whose word it is', async () => {
      const [email, customer] = [newAddress(), someone()];
      const identifyAs = (key: string, userId: string) => {
        const body = JSON.stringify({ userId, traits: { email } });
        return service.send('POST', '/v1/identify', { headers: as(key), body });
      };
      for (let at = 0; at < 30; at++) await identifyAs(keys.browser, `0-flood-${at}`);
      await identifyAs(keys.server, customer);
      const { status, body } = await service.send('GET', `/v1/visitors?search=${email}&limit=2`, {
        headers: as(keys.server),
      });
      const { people, more } = body as FoundPeople;
      expect([status, people.map(({ visitorId }) => visitorId), more]).toEqual([200, [customer, '0-flood-0'], true]);
      expect(people.map(({ matched: [one] }) => one)).toEqual([
        expect.objectContaining({ source: 'identify' }),
        expect.objectContaining({ source: 'browser:identify' }),
      ]);
    });
  },
  { settings: { USHER_KEYS: `server:${keys.server} browser:${keys.browser}` } },
);

describeOnBothStores('the search by another policy', (service) => {
  const serve = async (traits: object) => {
    const files = { 'policies/search.json': JSON.stringify({ name: 'Ours', traits }) };
    const { body } = await service.post('/v1/rulebook/releases', { files, message: 'what people are found by' });
    const { version } = body as { version: number };
    expect((await service.post(`/v1/rulebook/releases/${version}/activate`, { as: 'live' })).status).toBe(200);
  };

  test('finds whoever was there before there was an index, once all were gone through', async () => {
    const [id, email] = [someone(), newAddress()];
    await identify(service, id, { email });
    await service.halt();
    await dropIndex(service);
    await service.boot();
    await until('all are gone through', async () => (await search(service, email)).behind === undefined);
    expect(await idsFound(service, email)).toEqual([id]);
  });

  test('is behind until everybody was gone through, and finds nobody by what is named no more', async () => {
    const [id, email] = [someone(), newAddress()];
    const card = `card-${id}`;
    await identify(service, id, { email, card });
    expect([await idsFound(service, email), await idsFound(service, card)]).toEqual([[id], []]);
    await serve({ card: 'text' });
    await until('the new policy serves', async () => (await idsFound(service, email)).length === 0);
    expect((await search(service, card)).behind ?? ['card']).toEqual(['card']);
    await until('all are gone through', async () => (await search(service, card)).behind === undefined);
    expect(await idsFound(service, card)).toEqual([id]);
  });
});
