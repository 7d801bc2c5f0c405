import { describe, expect, test } from '@jest/globals';
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readConfig } from '../../src/config.js';
import type { DecisionAnswer } from '../../src/decisions/decision-answer.js';
import type { VisitorProfile } from '../../src/visitors/profile/visitor-profile.js';
import { replayDecisions } from '../../src/cli/replay/replay-decisions.js';
import { tableBelow } from '../told-in-docs.js';
import { until } from '../until.js';
import { describeOn, describeOnBothStores, someone } from './harness.js';
import type { Answer, Service } from './service.js';

const KEYS = { browser: 'b'.repeat(32), server: 's'.repeat(32), admin: 'a'.repeat(32) };
const settings = {
  USHER_KEYS: Object.entries(KEYS)
    .map(([scope, key]) => `${scope}:${key}`)
    .join(),
  USHER_KEEP_INTERACTIONS: '5',
  USHER_RECORD_SHARE: '1',
};

const IDENTITY = readFileSync(new URL('../../docs/identity.md', import.meta.url), 'utf8');

/** What the table says, of an `alias` and of an event that names both ids. */
const JOINED: Readonly<Record<string, readonly [boolean, boolean]>> = {
  joined: [true, true],
  'not joined': [false, false],
  'joined by an `alias` alone': [true, false],
};

/** Whoever calls the service, and with which key. */
function callersOf(service: Service) {
  const send = (
    key: string,
    method: string,
    path: string,
    { body, headers = {} }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Answer> =>
    service.send(method, path, {
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const browser = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    send(KEYS.browser, 'POST', path, { body, headers });
  const server = (path: string, body: object) => send(KEYS.server, 'POST', path, { body });
  const importLine = (line: object): Promise<Answer> =>
    service.send('POST', '/v1/visitors/import', {
      headers: { authorization: `Bearer ${KEYS.server}`, 'content-type': 'application/x-ndjson' },
      body: JSON.stringify(line),
    });
  const find = async (id: string) => (await send(KEYS.server, 'GET', `/v1/visitors/${id}`)).body as VisitorProfile;
  const decide = async (
    post: (path: string, body: object) => Promise<Answer>,
    visitorId: string,
    more: object = {},
  ) => {
    const { body } = await post('/v1/decisions', { visitorId, placements: ['hero', 'greeting'], ...more });
    const { seenAs, decisions } = body as DecisionAnswer;
    return { seenAs, offers: decisions.map(({ items }) => items[0]?.offer), said: JSON.stringify(decisions) };
  };
  /** What the rules show of somebody whom a server calls Secret, with pets, who looked at a secret thing. */
  const tellOf = async (ids: object) => {
    await server('/v1/identify', { ...ids, traits: { interests: ['pets'], firstName: 'Secret' } });
    await server('/v1/track', { ...ids, event: 'Product Viewed', properties: { sku: 'Secret' } });
  };
  return { send, browser, server, importLine, find, decide, tellOf };
}

describeOnBothStores(
  'whoever has the key of a page',
  (service) => {
    const { send, browser, server, importLine, find, decide, tellOf } = callersOf(service);

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

    test.each([
      ['GET', '/v1/visitors/x'],
      ['GET', '/v1/visitors/x/timeline'],
      ['GET', '/v1/visitors/x/export'],
      ['DELETE', '/v1/visitors/x'],
      ['POST', '/v1/visitors/x/split'],
      ['PATCH', '/v1/visitors/x/traits'],
      ['PUT', '/v1/visitors/x/consents/ads'],
      ['POST', '/v1/visitors/import'],
      ['POST', '/v1/decisions/batch'],
      ['GET', '/v1/decisions/recorded'],
      ['GET', '/v1/tracking/rejected'],
      ['POST', '/v1/tracking/rejected/replay'],
    ])('may not %s %s', async (method, path) => {
      const body = method === 'GET' ? {} : { body: {} };
      expect((await send(KEYS.browser, method, path, body)).status).toBe(403);
      expect((await send('nobody-knows-this-key-0123456789', method, path, body)).status).toBe(401);
    });

    const settingsOf = (key: string) =>
      service.send('GET', `/v1/projects/${key}/settings`, {
        headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      });

    test('has no say in where other browsers send their events', async () => {
      expect((await settingsOf(KEYS.browser)).body).toMatchObject({
        integrations: { 'Segment.io': { apiHost: `${new URL(service.url).host}/v1`, protocol: 'http' } },
      });
    });

    test.each(['server', 'admin'] as const)('finds no key of the scope %s in an address known', async (scope) => {
      expect((await settingsOf(KEYS[scope])).status).toBe(401);
      expect((await settingsOf('nobody-knows-this-key-0123456789')).status).toBe(401);
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

    test('sees of a known person what browsers said, whose id it knows or whose device it has', async () => {
      const [userId, device] = [someone(), randomUUID()];
      await browser('/v1/track', { anonymousId: device, event: 'Viewed' });
      await browser('/v1/identify', { userId, anonymousId: device, traits: { theme: 'dark' } });
      await tellOf({ userId });
      expect(await decide(server, userId)).toMatchObject({ offers: ['camera', 'by-name'] });
      for (const id of [userId, device]) {
        const seen = await decide(browser, id, { dryRun: id === device });
        expect(seen).toMatchObject({ seenAs: 'browser', offers: ['welcome', 'hello'] });
        expect(seen.said).not.toMatch(/Secret|pet/);
      }
      await browser('/v1/identify', { anonymousId: device, traits: { firstName: 'Bea' } });
      await browser('/v1/track', { userId, event: 'Product Viewed', properties: { sku: 'c-1' } });
      const seen = await decide(browser, userId);
      expect(seen).toMatchObject({ seenAs: 'browser', offers: ['phone', 'by-name'] });
      expect(seen.said).toMatch(/Last seen: c-1.*Bea, this is for you/);
      expect((await decide(server, userId)).said).toMatch(/Secret, this is for you/);
    });

    test('sees all of somebody who is not known, by an id that only their browser knows', async () => {
      const [device, guessable] = [randomUUID(), someone()];
      for (const anonymousId of [device, guessable]) await tellOf({ anonymousId });
      expect(await decide(browser, device)).toMatchObject({ seenAs: undefined, offers: ['camera', 'by-name'] });
      expect(await decide(browser, guessable)).toMatchObject({ seenAs: 'browser', offers: ['welcome', 'hello'] });
      expect(await decide(browser, someone())).toMatchObject({ seenAs: 'browser', offers: ['welcome', 'hello'] });
    });

    test('is answered so again by a replay', async () => {
      await until('a decision of what browsers said', async () => {
        const { text } = await send(KEYS.admin, 'GET', '/v1/decisions/recorded');
        return text.includes('"seenAs":"browser"');
      });
      const said: string[] = [];
      const options = { url: service.url, key: KEYS.admin, json: true };
      expect(await replayDecisions(options, (text) => void said.push(text))).toBe(0);
      expect(JSON.parse(said.join(''))).toMatchObject({ different: 0 });
    });

    /** What was said of an id before somebody is to be joined to it; by the rows of the table in the docs. */
    const BEFORE: Readonly<Record<string, () => Promise<string>>> = {
      'an id that a browser made, of which nobody but browsers said anything': async () => {
        const anonymousId = randomUUID();
        await browser('/v1/identify', { anonymousId, traits: { theme: 'dark' } });
        await browser('/v1/track', { anonymousId, event: 'Viewed' });
        return anonymousId;
      },
      'such an id of which nobody said anything yet': () => Promise.resolve(randomUUID()),
      'such an id of which a server said something': async () => {
        const anonymousId = randomUUID();
        await server('/v1/track', { anonymousId, event: 'Bought' });
        return anonymousId;
      },
      'such an id of which an import said something': async () => {
        const visitorId = randomUUID();
        await importLine({ visitorId, known: false, traits: { email: 'k@example.com' } });
        return visitorId;
      },
      'an id that no browser makes, such as `K000010`': async () => {
        const anonymousId = someone();
        await browser('/v1/track', { anonymousId, event: 'Viewed' });
        return anonymousId;
      },
      'such an id of which nobody said anything, to be taken before it is anybody’s': () => Promise.resolve(someone()),
      'an id of somebody who is known': async () => {
        const userId = randomUUID();
        await browser('/v1/track', { userId, event: 'Viewed' });
        return userId;
      },
    };
    const rows = tableBelow(IDENTITY, 'Who may join whom');

    test('joins as docs/identity.md says, where each row is tried', () => {
      expect(rows.map(([whom]) => whom)).toEqual(Object.keys(BEFORE));
    });

    test.each(rows)('is joined: %s, by a browser: %s; by a server: %s', async (whom = '', ...said) => {
      for (const [at, post] of [browser, server].entries()) {
        const [byAlias, byEvent] = JOINED[said[at] ?? ''] ?? [];
        const before = () => BEFORE[whom]?.() ?? Promise.reject(new Error(`nothing tries "${whom}"`));

        const [userId, previousId] = [someone(), await before()];
        const alias = await post('/v1/alias', { userId, previousId });
        expect([alias.status, (await find(userId)).ids?.includes(previousId) ?? false]).toEqual(
          byAlias ? [200, true] : [400, false],
        );

        const [login, anonymousId] = [someone(), await before()];
        const event = await post('/v1/identify', { userId: login, anonymousId, traits: { plan: 'mine' } });
        expect(event.body).toEqual({ success: true, ...(!byEvent && { notJoined: true }) });
        const { ids, joins } = await find(login);
        expect(ids.includes(anonymousId)).toBe(byEvent);
        const by = post === browser ? 'browser' : 'server';
        expect(joins).toEqual(byEvent ? [{ id: expect.any(String), at: expect.any(String), by }] : undefined);
        expect((await find(login)).traits).toMatchObject({ plan: 'mine' });
      }
    });

    const OF_PARTED: Readonly<Record<string, (post: typeof server, userId: string, id: string) => Promise<unknown>>> = {
      'an event with both ids': (post, userId, anonymousId) =>
        post('/v1/track', { userId, anonymousId, event: 'Seen' }),
      'an `alias`, or a line with both ids': (post, userId, previousId) =>
        post('/v1/alias', { userId, previousId, visitorId: userId, ids: [previousId] }),
    };
    const parted = tableBelow(IDENTITY, 'Who was parted stays apart');

    test('leaves apart who was parted as docs/identity.md says, where each row is tried', () => {
      expect(parted.map(([what]) => what)).toEqual(Object.keys(OF_PARTED));
    });

    test.each(parted)(
      'of two who were parted sends %s: %s; by a server: %s; imports it: %s',
      async (what = '', ...said) => {
        const line = (_path: string, body: object) => {
          const { visitorId, ids } = body as { readonly visitorId: string; readonly ids: readonly string[] };
          return importLine({ visitorId, ids });
        };
        for (const [at, post] of [browser, server, line].entries()) {
          if (said[at] === 'cannot be sent') continue;
          const [userId, anonymousId] = [someone(), randomUUID()];
          await browser('/v1/track', { userId, anonymousId, event: 'Viewed' });
          expect((await server(`/v1/visitors/${userId}/split`, { id: anonymousId })).status).toBe(200);
          await OF_PARTED[what]?.(post, userId, anonymousId);
          expect((await find(userId)).ids).toEqual(said[at] === 'joined' ? [userId, anonymousId] : [userId]);
        }
      },
    );

    test('is told event by event what was not joined, in a batch and with a decision', async () => {
      const [userId, anonymousId] = [someone(), someone()];
      const event = { type: 'track', event: 'Viewed', userId };
      const batch = [event, { ...event, anonymousId }, { ...event, anonymousId: randomUUID() }];
      expect((await browser('/v1/batch', { batch })).body).toMatchObject({ accepted: 3, notJoined: [1] });
      const asked = { visitorId: userId, placements: ['hero'], events: batch };
      const { eventOutcomes = [] } = (await browser('/v1/decisions', asked)).body as DecisionAnswer;
      expect(eventOutcomes.map(({ outcome, notJoined }) => [outcome, notJoined])).toEqual([
        ['accepted', undefined],
        ['accepted', true],
        ['accepted', undefined],
      ]);
    });
  },
  { settings },
);

const SECRET = 'the secret of a site of at least 32 characters';
const hashOf = (id: string) => createHmac('sha256', SECRET).update(id).digest('hex');
function tokenOf(sub: string, seconds: number): string {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ sub, exp: Date.now() / 1_000 + seconds })}`;
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

/** The columns of the tables: whether the service has a secret, and which proof of an id comes. */
const WITHOUT = [{ hasSecret: false, proof: () => ({}) }];
const WITH = [
  { hasSecret: true, proof: () => ({}) },
  { hasSecret: true, proof: (id: string) => ({ 'x-usher-identity': hashOf(id) }) },
];
const SEEN: Readonly<Record<string, string | undefined>> = {
  all: undefined,
  'what browsers said': 'browser',
  nothing: 'stranger',
};

describe.each([
  ['without a secret', {}, WITHOUT],
  ['with a secret', { USHER_IDENTITY_SECRET: `${'the one before'.repeat(3)}, ${SECRET}` }, WITH],
] as const)('%s of identity', (_name, more, columns) => {
  const first = columns.some(({ hasSecret }) => hasSecret) ? 1 : 0;
  describeOnBothStores(
    'whoever has the key of a page',
    (service) => {
      const { browser, server, find, decide, tellOf } = callersOf(service);

      /** Each gives the id to be asked for, and the one that is proven. */
      const ASKED: Readonly<Record<string, () => Promise<readonly [string, string]>>> = {
        'an id that a browser made, of somebody who is not known': async () => {
          const anonymousId = randomUUID();
          await tellOf({ anonymousId });
          return [anonymousId, anonymousId];
        },
        'such an id of somebody who is known': async () => {
          const [userId, anonymousId] = [someone(), randomUUID()];
          await server('/v1/identify', { userId, anonymousId });
          await tellOf({ userId });
          return [anonymousId, userId];
        },
        'a user id': async () => {
          const userId = someone();
          await tellOf({ userId });
          return [userId, userId];
        },
        'a user id that looks like one of a browser': async () => {
          const userId = randomUUID();
          await tellOf({ userId });
          return [userId, userId];
        },
        'an id that no browser makes, of somebody who is not known': async () => {
          const anonymousId = someone();
          await tellOf({ anonymousId });
          return [anonymousId, anonymousId];
        },
        'an id that no browser makes, of nobody': () => {
          const id = someone();
          return Promise.resolve([id, id]);
        },
      };
      const seen = tableBelow(IDENTITY, 'What a page may see');

      test('sees what docs/identity.md says, where each row is tried', () => {
        expect(seen.map(([asked]) => asked)).toEqual(Object.keys(ASKED));
      });

      test.each(seen)('asks for %s and sees: %s; %s; %s', async (asked = '', ...said) => {
        for (const [at, { proof }] of columns.entries()) {
          const [id, proven] = (await ASKED[asked]?.()) ?? ['', ''];
          const found = await decide((path, body) => browser(path, body, proof(proven)), id);
          const as = SEEN[said[first + at] ?? ''];
          expect(found.seenAs).toBe(as);
          if (!asked.endsWith('of nobody'))
            expect(found.offers).toEqual(as === undefined ? ['camera', 'by-name'] : ['welcome', 'hello']);
        }
      });

      const SENT: Readonly<Record<string, () => Promise<readonly [object, string]>>> = {
        'a `userId`': () => {
          const userId = someone();
          return Promise.resolve([{ userId }, userId]);
        },
        'an `anonymousId` that a browser made': () => Promise.resolve([{ anonymousId: randomUUID() }, someone()]),
        'an `anonymousId` that no browser makes': () => {
          const anonymousId = someone();
          return Promise.resolve([{ anonymousId }, anonymousId]);
        },
        'the user id of somebody as `anonymousId`': async () => {
          const userId = randomUUID();
          await server('/v1/identify', { userId });
          return [{ anonymousId: userId }, userId];
        },
      };
      const taken = tableBelow(IDENTITY, 'What a page may say');

      test('says what docs/identity.md says, where each row is tried', () => {
        expect(taken.map(([sent]) => sent)).toEqual(Object.keys(SENT));
      });

      test.each(taken)('sends %s, which is: %s; %s; %s', async (sent = '', ...said) => {
        for (const [at, { proof }] of columns.entries()) {
          const [ids, proven] = (await SENT[sent]?.()) ?? [{}, ''];
          const isTaken = said[first + at] === 'taken';
          const batch = [{ type: 'track', event: 'Viewed', ...ids }];
          const answer = await browser('/v1/batch', { batch }, proof(proven));
          expect(answer.body).toMatchObject({ accepted: isTaken ? 1 : 0 });
          if (!isTaken)
            expect(answer.body).toMatchObject({
              refused: [
                { problems: [{ path: Object.keys(ids)[0], message: expect.stringMatching(/X-Usher-Identity/) }] },
              ],
            });
          const asked = { visitorId: randomUUID(), placements: ['hero'], events: batch };
          const decided = (await browser('/v1/decisions', asked, proof(proven))).body;
          expect(decided).toMatchObject(isTaken ? { events: 'stored' } : {});
          expect(JSON.stringify(decided).includes('without a proof')).toBe(!isTaken);
        }
      });

      test('joins its device to whom it is proven to be', async () => {
        const [userId, anonymousId] = [someone(), randomUUID()];
        await browser('/v1/track', { anonymousId, event: 'Viewed' });
        const login = { userId, anonymousId, traits: { theme: 'dark' } };
        if (first === 1) expect((await browser('/v1/identify', login)).status).toBe(400);
        await browser('/v1/identify', { ...login, context: { identityProof: hashOf(userId) } });
        expect(await find(userId)).toMatchObject({ ids: [userId, anonymousId], traits: { theme: 'dark' } });
      });
    },
    { settings: { ...settings, ...more } },
  );
});

describeOnBothStores(
  'a proof of identity',
  (service) => {
    const { send, browser, find } = callersOf(service);
    const track = (userId: string, proof: unknown) =>
      browser('/v1/track', { userId, event: 'Viewed', context: { identityProof: proof } });

    test('is a token in force, or a hash; of the very id', async () => {
      const userId = someone();
      const good = [tokenOf(userId, 60), hashOf(userId)];
      const bad = [tokenOf(userId, -1), tokenOf(someone(), 60), hashOf(someone()), '', null, 7, {}];
      for (const proof of good) expect((await track(userId, proof)).status).toBe(200);
      for (const proof of bad) expect((await track(userId, proof)).status).toBe(400);
    });

    test('may come once for all events of a batch', async () => {
      const userId = someone();
      const batch = [{ type: 'track', event: 'Viewed', userId, timestamp: '2026-11-20' }];
      const post = (identityProof: string) => browser('/v1/batch', { batch, context: { identityProof } });
      expect((await post(tokenOf(userId, 60))).body).toMatchObject({ accepted: 1 });
      // Another proof makes no other event of it.
      expect((await post(tokenOf(userId, 90))).body).toMatchObject({ accepted: 0, duplicates: 1 });
    });

    test('is not kept with a refused event, which a server takes by naming it and by nothing less', async () => {
      const userId = someone();
      const proof = tokenOf(userId, -1);
      expect((await track(userId, proof)).status).toBe(400);
      const list = await send(KEYS.server, 'GET', '/v1/tracking/rejected?limit=1');
      expect(list.text).not.toContain(proof);
      const [{ id }] = (list.body as { rejected: [{ id: string }] }).rejected;
      const replay = (body: object) => send(KEYS.server, 'POST', '/v1/tracking/rejected/replay', { body });
      expect((await replay({})).body).toMatchObject({ stored: 0 });
      expect((await replay({ ids: [id] })).body).toMatchObject({ stored: 1 });
      expect((await find(userId)).interactions).toMatchObject([{ event: 'Viewed', by: 'browser' }]);
    });
  },
  { settings: { ...settings, USHER_IDENTITY_SECRET: SECRET } },
);

test('a secret of identity is long, and a bad one is not told', () => {
  const read = () => readConfig({ USHER_IDENTITY_SECRET: `${SECRET},too short` });
  expect(read).toThrow(/USHER_IDENTITY_SECRET: must be secrets of at least 32 characters.*number 2 is not/);
  expect(read).not.toThrow(/too short/);
  expect(readConfig({ USHER_IDENTITY_SECRET: SECRET }).warnings.join()).toMatch(/no effect without USHER_KEYS/);
});

describeOn(
  'SQLite',
  'a proxy that is trusted',
  (service) => {
    test('says where browsers send their events', async () => {
      const headers = { 'x-forwarded-host': 'usher.example:8443', 'x-forwarded-proto': 'https' };
      expect((await service.send('GET', '/v1/projects/k/settings', { headers })).body).toMatchObject({
        integrations: { 'Segment.io': { apiHost: 'usher.example:8443/v1', protocol: 'https' } },
      });
    });
  },
  { settings: { USHER_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8' } },
);

test.each(['everybody', '10.0.0.0/33', '10.0.0.0/0', '300.1.1.1', '10.0.0.1,'])('%j is no list of proxies', (text) => {
  expect(() => readConfig({ USHER_TRUSTED_PROXIES: text })).toThrow(/USHER_TRUSTED_PROXIES: must be addresses/);
});
