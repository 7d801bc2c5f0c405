import { expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { InvalidRequest } from '../errors.js';
import { bindDirectly, type DirectHandler } from './direct-routes.js';

const DECLARED = { needs: 'browser' as const };

/** A service whose route answers what it was made for, unless it is bound to a handler. */
function serviceWith(handler: DirectHandler) {
  const fastify = Fastify();
  bindDirectly(fastify, { '/v1/decisions': handler });
  fastify.post('/v1/decisions', { config: DECLARED, bodyLimit: 64 }, () => ({ by: 'the route' }));
  fastify.post('/v1/other', () => ({ by: 'the route' }));
  fastify.get('/v1/decisions', () => ({ by: 'the route' }));
  return fastify;
}

test('a bound route is answered by its handler, with all that it declares; no other is', async () => {
  const seen: unknown[] = [];
  const fastify = serviceWith(async (body, { routeOptions }) => {
    seen.push(body, routeOptions.config.needs);
    return '{"by":"the handler"}';
  });
  const bound = await fastify.inject({ method: 'POST', url: '/v1/decisions', payload: { visitorId: 'v' } });
  expect([bound.statusCode, bound.headers['content-type'], bound.body]).toEqual([
    200,
    'application/json; charset=utf-8',
    '{"by":"the handler"}',
  ]);
  expect(seen).toEqual([{ visitorId: 'v' }, 'browser']);
  const large = await fastify.inject({ method: 'POST', url: '/v1/decisions', payload: { visitorId: 'v'.repeat(99) } });
  expect(large.statusCode).toBe(413);
  for (const url of ['/v1/other', '/v1/decisions'] as const) {
    const method = url === '/v1/other' ? 'POST' : 'GET';
    expect((await fastify.inject({ method, url })).json()).toEqual({ by: 'the route' });
  }
});

test('what it throws is answered as a problem, and an object as JSON', async () => {
  const refusing = serviceWith(async () => {
    throw new InvalidRequest([{ path: 'visitorId', message: 'is missing' }]);
  });
  const refused = await refusing.inject({ method: 'POST', url: '/v1/decisions', payload: {} });
  expect([refused.statusCode, refused.json()]).toEqual([
    400,
    expect.objectContaining({ problems: [{ path: 'visitorId', message: 'is missing' }] }),
  ]);
  const broken = serviceWith(() => Promise.reject(new TypeError('a mistake of ours')));
  const failed = await broken.inject({ method: 'POST', url: '/v1/decisions', payload: {} });
  expect([failed.statusCode, failed.body.includes('a mistake of ours')]).toEqual([500, false]);
  const plain = serviceWith(async () => ({ success: true }));
  expect((await plain.inject({ method: 'POST', url: '/v1/decisions', payload: {} })).json()).toEqual({ success: true });
});

test('a name that is no route is found out before anything is served', async () => {
  const fastify = Fastify();
  bindDirectly(fastify, { '/v1/decision': async () => 'never' });
  fastify.post('/v1/decisions', () => ({}));
  await expect(fastify.ready()).rejects.toThrow('handlers without a POST route');
});
