import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as importing from '../../src/cli/import-visitors.js';
import type { VisitorProfile } from '../../src/visitors/profile/visitor-profile.js';
import { importBuilt } from './built.js';
import { describeOnBothStores, someone } from './harness.js';

const { importVisitors } = await importBuilt<typeof importing>('./cli/import-visitors.js');

const KEYS = { browser: 'b'.repeat(32), server: 's'.repeat(32) };
const settings = { USHER_KEYS: `browser:${KEYS.browser},server:${KEYS.server}` };

describeOnBothStores(
  'an imported id',
  (service) => {
    let folder = '';
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'usher-imported-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    const send = (key: string, path: string, body: string, type = 'application/json') =>
      service.send('POST', path, { headers: { authorization: `Bearer ${key}`, 'content-type': type }, body });
    const lines = (...people: object[]) =>
      send(
        KEYS.server,
        '/v1/visitors/import',
        people.map((one) => JSON.stringify(one)).join('\n'),
        'application/x-ndjson',
      );
    const browser = (path: string, event: object) => send(KEYS.browser, path, JSON.stringify(event));
    const find = async (id: string) => {
      const headers = { authorization: `Bearer ${KEYS.server}` };
      return (await service.send('GET', `/v1/visitors/${id}`, { headers })).body as VisitorProfile;
    };
    const command = async (text: string, mapping?: object): Promise<void> => {
      const [file, map] = [join(folder, 'people.csv'), join(folder, 'map.json')];
      await writeFile(file, text);
      if (mapping) await writeFile(map, JSON.stringify(mapping));
      const options = { url: service.url, key: KEYS.server, json: true, strict: true, ...(mapping && { map }) };
      expect(await importVisitors(file, options, () => {})).toBe(0);
    };

    /** What says of an id that it is a customer's, each in its way. */
    const DOORS: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
      'a line': (id) => lines({ visitorId: id, traits: { email: 'k@example.com' } }),
      'a line with a history alone': (id) =>
        lines({ visitorId: id, interactions: [{ event: 'Bought', timestamp: '2026-11-01T00:00:00Z' }] }),
      'a line that calls it known': (id) => lines({ visitorId: id, known: true, traits: { email: 'k@example.com' } }),
      'a table over HTTP': (id) =>
        send(KEYS.server, '/v1/visitors/import', `visitorId,email\n${id},k@example.com\n`, 'text/csv'),
      'usher import': (id) => command(`visitorId,email\n${id},k@example.com\n`),
      'usher import --map': (id) =>
        command(`Kunde;Mail\n${id};k@example.com\n`, { visitorId: 'Kunde', traits: { email: 'Mail' } }),
    };

    test.each(Object.entries(DOORS))('by %s is a known person’s, whom no stranger becomes', async (_door, imported) => {
      const [customer, stranger] = [someone(), someone()];
      await imported(customer);
      expect((await find(customer)).identities).toEqual({ known: [customer], anonymous: [] });
      const alias = await browser('/v1/alias', { userId: stranger, previousId: customer });
      expect([alias.status, alias.body]).toMatchObject([400, { problems: [{ path: 'previousId' }] }]);
      await browser('/v1/identify', { userId: stranger, anonymousId: customer, traits: { plan: 'mine' } });
      expect((await find(customer)).ids).toEqual([customer]);
      expect(await find(stranger)).toMatchObject({ ids: [stranger], traits: { plan: 'mine' } });
      expect((await find(customer)).traits).not.toHaveProperty('plan');
    });

    test('that was stored as nobody’s own becomes a known one when it is imported again', async () => {
      const [customer, stranger] = [someone(), someone()];
      const line = {
        visitorId: customer,
        interactions: [{ event: 'Bought', timestamp: '2026-11-01T00:00:00Z', messageId: 'm-1' }],
      };
      await lines({ ...line, known: false });
      await lines(line);
      expect((await find(customer)).identities.known).toEqual([customer]);
      expect((await browser('/v1/alias', { userId: stranger, previousId: customer })).status).toBe(400);
    });

    test.each<[string, (id: string) => Promise<unknown>]>([
      ['a line says it', (id) => lines({ visitorId: id, known: false, traits: { theme: 'dark' } })],
      [
        'a line lists it so, as an export does',
        (id) => lines({ visitorId: id, identities: { known: [], anonymous: [id] }, traits: { theme: 'dark' } }),
      ],
      [
        'a mapping says it',
        (id) =>
          command(`device;theme\n${id};dark\n`, { visitorId: 'device', known: false, traits: { theme: 'theme' } }),
      ],
    ])(
      'is a device’s where %s: whom a server says to have logged in on it has it, whom a browser says has not',
      async (_how, imported) => {
        const [device, user] = [someone(), someone()];
        await imported(device);
        expect((await find(device)).identities).toEqual({ known: [], anonymous: [device] });
        const login = { userId: user, anonymousId: device };
        expect((await browser('/v1/identify', login)).body).toEqual({ success: true, notJoined: true });
        expect((await find(user)).ids).toEqual([user]);
        await send(KEYS.server, '/v1/identify', JSON.stringify(login));
        expect(await find(user)).toMatchObject({
          identities: { known: [user], anonymous: [device] },
          traits: { theme: 'dark' },
        });
      },
    );
  },
  { settings },
);
