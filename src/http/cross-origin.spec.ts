import { afterEach, describe, expect, test } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { useCrossOrigin } from './cross-origin.js';

const SHOP = 'https://shop.example';
const ASKS = { 'access-control-request-method': 'POST' };

let app: FastifyInstance;
afterEach(() => app.close());

/** A service with a route for browsers, one with a part that varies, and one that is for none. */
function service(origins?: readonly string[]): FastifyInstance {
  app = fastify();
  useCrossOrigin(app, { origins, isForBrowsers: ({ keyIn }) => keyIn !== undefined });
  app.post('/v1/track', { config: { keyIn: 'body' } }, async () => ({ success: true }));
  app.get('/v1/projects/:key/settings.json', { config: { keyIn: 'path' } }, async () => ({}));
  app.get('/v1/visitors', { config: {} }, async () => ({}));
  app.get('/v1/plain', async () => ({}));
  return app;
}

async function ask(method: 'GET' | 'POST' | 'OPTIONS', url: string, headers: Record<string, string> = {}) {
  const { statusCode: status, headers: got } = await app.inject({ method, url, headers });
  return { status, allowed: got['access-control-allow-origin'], got };
}

describe('a route that says it is for browsers', () => {
  test.each(['/v1/track', '/v1/track/', '/v1/track?beacon=1', '/v1/projects/a%20key/settings.json'])(
    'answers a preflight to %s, whatever the page wants to send',
    async (url) => {
      service();
      const headers = { origin: SHOP, ...ASKS, 'access-control-request-headers': 'x-anything' };
      const { status, allowed, got } = await ask('OPTIONS', url, headers);
      expect([status, allowed, got['access-control-allow-headers']]).toEqual([204, '*', 'x-anything']);
    },
  );

  test('says which headers may be sent where the page does not ask', async () => {
    service();
    const { got } = await ask('OPTIONS', '/v1/track', { origin: SHOP, ...ASKS });
    expect(got['access-control-allow-headers']).toBe('Authorization, Content-Type');
  });

  test('lets a page read the answer, that to a wrong method as well', async () => {
    service();
    expect(await ask('POST', '/v1/track', { origin: SHOP })).toMatchObject({ status: 200, allowed: '*' });
    expect(await ask('GET', '/v1/track', { origin: SHOP })).toMatchObject({ status: 404, allowed: '*' });
  });

  test('takes OPTIONS for a preflight only from a page that asks for something', async () => {
    service();
    expect(await ask('OPTIONS', '/v1/track', { origin: SHOP })).toMatchObject({ status: 404, allowed: '*' });
    expect(await ask('OPTIONS', '/v1/track', ASKS)).toMatchObject({ status: 404, allowed: undefined });
  });

  test('is read by chosen origins alone, and no cache gives an answer to another', async () => {
    service([SHOP]);
    const seen = await Promise.all(
      [SHOP, 'https://evil.example', `${SHOP}.evil.example`, 'null'].map(async (origin) => {
        const { allowed, got } = await ask('POST', '/v1/track', { origin });
        return [allowed, got['vary']];
      }),
    );
    expect(seen).toEqual([
      [SHOP, 'Origin'],
      [undefined, 'Origin'],
      [undefined, 'Origin'],
      [undefined, 'Origin'],
    ]);
  });
});

describe('every other route', () => {
  test.each([
    '/v1/visitors',
    '/v1/plain',
    '/v1/nowhere',
    '/v1/tracks',
    '/v1/track/more',
    '/v1/projects/a/b/settings.json',
    '/v1/projects/a/settingsXjson',
  ])('is closed to pages of other sites: %s', async (url) => {
    service();
    const preflight = await ask('OPTIONS', url, { origin: SHOP, ...ASKS });
    const call = await ask('GET', url, { origin: SHOP });
    expect([preflight.status, preflight.allowed, call.allowed]).toEqual([404, undefined, undefined]);
  });
});
