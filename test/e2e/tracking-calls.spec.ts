import { expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { readConfig } from '../../src/config.js';
import { registeredRoutes } from './registered-routes.js';
import { ago, describeOn, describeOnBothStores, someone } from './harness.js';

const ORIGIN = 'https://shop.example';
const FORM = 'application/x-www-form-urlencoded';

describeOnBothStores('tracking calls', (service) => {
  test.each([
    ['/v1/t', { event: 'Clicked' }, ['Clicked']],
    ['/v1/p', { name: 'Home' }, ['Page Viewed']],
    ['/v1/s', { name: 'Start' }, ['Screen Viewed']],
    ['/v1/b', { batch: [] }, undefined],
    ['/v1/import', { batch: [] }, undefined],
  ])('%s is short for the call it begins like', async (path, members, events) => {
    const userId = someone();
    expect(await service.post(path, { userId, ...members })).toMatchObject({ status: 200, body: { success: true } });
    if (events) expect((await service.visitor(userId)).interactions.map(({ event }) => event)).toEqual(events);
  });

  test('the path says the type, whatever the body says', async () => {
    const userId = someone();
    await service.post('/v1/i', { type: 'track', event: 'x', userId, traits: { plan: 'gold' } });
    expect(await service.visitor(userId)).toMatchObject({ traits: { plan: 'gold' }, interactions: [] });
  });

  test('the types of a batch may be written in capitals', async () => {
    const userId = someone();
    await service.tell(
      { type: 'Track', userId, event: 'a' },
      { type: 'IDENTIFY', userId, traits: { plan: 'gold' } },
      { type: 'Page', userId },
      { type: 'Group', userId, groupId: 'g' },
    );
    const { counters, traits } = await service.visitor(userId);
    expect([Object.keys(counters).sort(), traits]).toEqual([
      ['Page Viewed', 'a'],
      { plan: 'gold', group: { id: 'g' } },
    ]);
  });

  test('a group call sets the trait group, and is no interaction', async () => {
    const userId = someone();
    for (const path of ['/v1/group', '/v1/g'])
      await service.post(path, { userId, groupId: 7, traits: { name: 'Acme', seats: 3 } });
    expect(await service.visitor(userId)).toMatchObject({
      traits: { group: { id: '7', name: 'Acme', seats: 3 } },
      interactions: [],
    });
  });

  test('an alias call is answered, and is no interaction', async () => {
    const userId = someone();
    await service.post('/v1/track', { userId, event: 'a' });
    for (const path of ['/v1/alias', '/v1/a'])
      expect((await service.post(path, { userId, previousId: someone() })).body).toEqual({ success: true });
    expect((await service.visitor(userId)).interactions).toHaveLength(1);
  });

  test.each([
    ['text/plain', (text: string) => text],
    ['text/plain;charset=UTF-8', (text: string) => text],
    [FORM, (text: string) => text],
    [undefined, (text: string) => text],
    ['application/json; charset=utf-8', gzipSync],
    ['text/plain', gzipSync],
    [FORM, gzipSync],
    [undefined, gzipSync],
  ])('a body labelled %s may be JSON, gzipped or not', async (type, pack) => {
    const userId = someone();
    const body = Buffer.from(pack(JSON.stringify({ batch: [{ type: 'track', userId, event: 'Zoë 🐈' }] })));
    const headers = { ...(type && { 'content-type': type }), ...(pack === gzipSync && { 'content-encoding': 'gzip' }) };
    expect(await service.send('POST', '/v1/batch', { body, headers })).toMatchObject({
      status: 200,
      body: { accepted: 1 },
    });
    expect(await service.visitor(userId)).toMatchObject({ counters: { 'Zoë 🐈': { count: 1 } } });
  });

  test('the same request sent again is applied once even where its events have no message id', async () => {
    const userId = someone();
    const batch = [
      { type: 'track', userId, event: 'a', timestamp: ago(1, 'h') },
      { type: 'track', userId, event: 'b' },
    ];
    const body = { batch: [...batch, batch[0]], sentAt: ago(1, 's') };
    expect((await service.post('/v1/batch', body)).body).toMatchObject({ accepted: 3, duplicates: 0 });
    expect((await service.post('/v1/batch', body)).body).toMatchObject({ accepted: 0, duplicates: 3 });
    const single = { userId, event: 'c', timestamp: ago(1, 'h') };
    for (let again = 0; again < 2; again++) await service.post('/v1/track', single);
    expect(await service.visitor(userId)).toMatchObject({
      counters: { a: { count: 2 }, b: { count: 1 }, c: { count: 1 } },
    });
  });

  test('events whose sender says no time are as many as are sent', async () => {
    const userId = someone();
    for (let again = 0; again < 2; again++) await service.post('/v1/track', { userId, event: 'a' });
    expect(await service.visitor(userId)).toMatchObject({ counters: { a: { count: 2 } } });
  });

  test('a clock that is wrong is put right by when the batch was sent', async () => {
    const userId = someone();
    const off = 3_600_000;
    const told = (before: number) => new Date(Date.now() + off - before).toISOString();
    const batch = [
      { type: 'track', userId, event: 'by the batch', timestamp: told(60_000) },
      { type: 'track', userId, event: 'by itself', timestamp: ago(5, 's'), sentAt: ago(1, 's') },
    ];
    await service.post('/v1/batch', { batch, sentAt: told(0) });
    const { interactions } = await service.visitor(userId);
    const agoOf = (name: string) =>
      Date.now() - Date.parse(interactions.find(({ event }) => event === name)?.['timestamp'] as string);
    for (const [name, before] of [
      ['by the batch', 60_000],
      ['by itself', 5_000],
    ] as const) {
      expect(agoOf(name)).toBeGreaterThanOrEqual(before - 100);
      expect(agoOf(name)).toBeLessThan(before + 60_000);
    }
  });

  test('a time to come becomes that of receipt, which a batch is told', async () => {
    const userId = someone();
    const event = { type: 'track', userId, event: 'a' };
    const made = { index: 0, messageId: expect.any(String) };
    const { body } = await service.post('/v1/batch', {
      batch: [event, { ...event, timestamp: '2999-01-01T00:00:00Z' }, { ...event, timestamp: ago(1, 'm') }],
    });
    expect(body).toEqual({ success: true, accepted: 3, duplicates: 0, refused: [], clamped: [1], messageIds: [made] });
    for (const { timestamp } of (await service.visitor(userId)).interactions)
      expect(Date.parse(timestamp)).toBeLessThanOrEqual(Date.now());
  });

  test('what is older than the retention is counted and not retained', async () => {
    const userId = someone();
    await service.tell(
      { type: 'track', userId, event: 'a', timestamp: '2019-10-01T00:00:00Z' },
      { type: 'track', userId, event: 'a', timestamp: Date.now() / 1_000 },
    );
    expect(await service.visitor(userId)).toMatchObject({
      counters: { a: { count: 2, first: '2019-10-01T00:00:00.000Z' } },
      interactions: [{ event: 'a' }],
    });
  });
});

describeOn('SQLite', 'pages of other sites', (service) => {
  const from = (origin: string, more: Record<string, string> = {}) => ({ headers: { origin, ...more } });
  const preflight = (path: string, headers = 'authorization,content-type,x-retry-count') =>
    service.send(
      'OPTIONS',
      path,
      from(ORIGIN, { 'access-control-request-method': 'POST', 'access-control-request-headers': headers }),
    );

  test.each([
    'identify',
    'track',
    'page',
    'screen',
    'group',
    'alias',
    'batch',
    'i',
    't',
    'p',
    's',
    'g',
    'a',
    'b',
    'decisions',
  ])('may ask for /v1/%s beforehand', async (path) => {
    const { status, headers } = await preflight(`/v1/${path}`);
    expect(status).toBe(204);
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization,content-type,x-retry-count',
      'access-control-max-age': '86400',
    });
  });

  test('may ask beforehand for every route that needs no more than browser, and for no other', async () => {
    const routes = (await registeredRoutes()).filter(({ method }) => method !== 'OPTIONS');
    expect(new Set(routes.map(({ needs }) => needs?.startsWith('browser') === true)).size).toBe(2);
    const forBrowsers = new Set(
      routes.filter(({ needs }) => needs?.startsWith('browser') === true).map(({ url }) => url),
    );
    const answered = await Promise.all(
      [...new Set(routes.map(({ url }) => url))].map(async (url) => {
        const { status } = await preflight(url.replaceAll(/:\w+/g, 'x'));
        return [url, status === 204] as const;
      }),
    );
    expect(answered).toEqual(answered.map(([url]) => [url, forBrowsers.has(url)]));
  });

  test('may read the answers, those that refuse as well', async () => {
    const answers = [
      await service.send('GET', '/v1/projects/key/settings', from(ORIGIN)),
      await service.send('POST', '/v1/t', { ...from(ORIGIN), body: '{}' }),
      await service.send('POST', '/v1/decisions', { ...from(ORIGIN), body: '{"visitorId":"v","placements":["hero"]}' }),
    ];
    expect(answers.map(({ status, headers }) => [status, headers.get('access-control-allow-origin')])).toEqual([
      [200, '*'],
      [400, '*'],
      [200, '*'],
    ]);
  });

  test.each([
    '/v1/visitors/v',
    '/v1/tracking/rejected',
    '/v1/decisions/batch',
    '/metrics',
    '/v1/visitors/v/traits',
    '/docs',
  ])('may not reach %s', async (path) => {
    for (const { status, headers } of [await preflight(path), await service.send('GET', path, from(ORIGIN))]) {
      expect([status === 204, headers.get('access-control-allow-origin')]).toEqual([false, null]);
    }
  });

  test('are told by the settings to send events here', async () => {
    const host = new URL(service.url).host;
    const { headers, body } = await service.send('GET', '/v1/projects/a%20key/settings');
    expect(body).toMatchObject({
      integrations: { 'Segment.io': { apiKey: 'a key', apiHost: `${host}/v1`, protocol: 'http' } },
      metrics: { sampleRate: 0 },
    });
    expect(headers.get('cache-control')).toContain('private');
  });

  test('are given under an address with slashes doubled or at the end, to browsers too', async () => {
    const userId = someone();
    const event = { type: 'track', event: 'Clicked', userId };
    for (const path of ['/v1/batch/', '//v1/batch', '/v1//batch//'])
      expect(await service.post(path, { batch: [event] })).toMatchObject({ status: 200, body: { accepted: 1 } });
    const { status, headers } = await service.send('GET', '//v1/projects/k/settings/', { headers: { origin: ORIGIN } });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect((await service.get(`//v1/visitors/${userId}/?`)).status).toBe(200);
    expect((await service.get('/health/live/')).status).toBe(200);
    expect((await service.get('/docs/')).status).toBe(200);
  });
});

test.each(['shop.example', 'https://shop.example/', 'https://shop.example,', '*,https://shop.example', 'null'])(
  'origins that are %j are refused when the service starts',
  (USHER_CORS_ORIGINS) => {
    expect(() => readConfig({ USHER_CORS_ORIGINS })).toThrow(
      /USHER_CORS_ORIGINS: must be \* or a comma-separated list of origins/,
    );
  },
);

describeOn(
  'SQLite',
  'pages of chosen sites',
  (service) => {
    test.each([
      [ORIGIN, ORIGIN],
      ['https://www.shop.example', 'https://www.shop.example'],
      ['https://evil.example', null],
      ['http://shop.example', null],
      ['null', null],
    ])('from %s are answered for %s', async (origin, allowed) => {
      const { status, headers } = await service.send('POST', '/v1/t', {
        headers: { origin },
        body: '{"userId":"u","event":"e"}',
      });
      expect([status, headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([
        200,
        allowed,
        'Origin',
      ]);
    });
  },
  { settings: { USHER_CORS_ORIGINS: `${ORIGIN}, https://www.shop.example` } },
);
