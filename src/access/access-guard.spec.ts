import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Fastify, { type FastifyContextConfig, type FastifyInstance, type InjectOptions } from 'fastify';
import { guardRoutes, requireScope } from './access-guard.js';
import { KeyRing } from './key-ring.js';
import { readKeys } from './read-keys.js';
import { SCOPES } from './scopes.js';

const keyOf = (scope: string) => `the-key-of-${scope}`.padEnd(20, '-');
const PAIRS = ['browser', 'server', 'assistant', 'admin'].map((scope) => `${scope}:${keyOf(scope)}`).join();
const bearer = (scope: string) => ({ authorization: `Bearer ${keyOf(scope)}` });

let fastify: FastifyInstance;
/** The bodies that were read, before anybody looked for a key in them. */
let bodiesRead: number;

/** Routes that answer who asks and what came; every one of them as the config says. */
function routes(pairs = PAIRS): FastifyInstance {
  const made = Fastify();
  guardRoutes(made, readKeys({ pairs, file: undefined }).keys);
  made.addHook('preParsing', async (request) => void (bodiesRead += request.method === 'POST' ? 1 : 0));
  const route = (url: string, config: FastifyContextConfig) =>
    made.route({
      ...{ method: ['GET', 'POST', 'OPTIONS'], url, config },
      handler: async ({ usherWho, usherScopes, body }) => ({ who: usherWho, scopes: [...usherScopes], body }),
    });
  route('/open', { needs: 'nothing' });
  route('/browser', { needs: 'browser', keyIn: 'body' });
  route('/server', { needs: 'server' });
  route('/either', { needs: ['assistant', 'server'] });
  route('/path/:key', { needs: 'browser', keyIn: 'path' });
  route('/flag', { needs: 'browser', keyIn: 'x-api-key' });
  route('/stream', { needs: 'browser', keyIn: 'token' });
  route('/unmarked', {});
  route('/docs/json', {});
  route('/docsmith', {});
  made.get('/late', { config: { needs: 'browser' } }, async (request) => requireScope(request, 'admin', 'Erasing'));
  return made;
}

/** What a route answers. */
interface Told {
  readonly who?: string;
  readonly scopes?: readonly string[];
  readonly body?: unknown;
}

const ask = async (url: string, more: Omit<InjectOptions, 'url'> = {}) => {
  const answer = await fastify.inject({ method: 'GET', url, ...more });
  return { status: answer.statusCode, body: answer.json<Told>() };
};
const post = (url: string, payload: object, headers = {}) => ask(url, { method: 'POST', payload, headers });

beforeEach(() => {
  bodiesRead = 0;
  fastify = routes();
});
afterEach(() => fastify.close());

describe('a route', () => {
  test.each([
    ['/open', undefined, 200],
    ['/open', 'browser', 200],
    ['/server', undefined, 401],
    ['/server', 'nobody', 401],
    ['/server', 'browser', 403],
    ['/server', 'server', 200],
    ['/server', 'admin', 200],
    ['/browser', 'server', 200],
    ['/either', undefined, 401],
    ['/either', 'browser', 403],
    ['/either', 'server', 200],
    ['/either', 'assistant', 200],
    ['/either', 'admin', 200],
    ['/unmarked', 'server', 403],
    ['/unmarked', 'admin', 200],
    ['/unmarked', undefined, 401],
    ['/docs/json', undefined, 200],
    ['/docsmith', undefined, 401],
    ['/late', 'browser', 403],
    ['/nowhere', undefined, 404],
  ])('%s answers the key of %s with %d', async (url, scope, status) => {
    expect((await ask(url, { headers: scope === undefined ? {} : bearer(scope) })).status).toBe(status);
  });

  test('is open to everybody where no keys are set, who then may do everything', async () => {
    await fastify.close();
    fastify = routes('');
    const { status, body } = await ask('/unmarked');
    expect([status, body.who, body.scopes?.length]).toEqual([200, 'local', SCOPES.length]);
  });

  test('lets a browser ask whether it may ask, without a key', async () => {
    expect((await ask('/server', { method: 'OPTIONS' })).status).toBe(200);
  });

  test('that takes its key from the header alone does not read a stranger’s body', async () => {
    expect([(await post('/server', { writeKey: keyOf('admin') })).status, bodiesRead]).toEqual([401, 0]);
  });
});

describe('a key', () => {
  test('in the body is taken out of it, so that nothing stores it', async () => {
    const { status, body } = await post('/browser', { writeKey: keyOf('browser'), event: 'e' });
    expect([status, body.body]).toEqual([200, { event: 'e' }]);
    expect(body.who).toMatch(/^browser:[0-9a-f]{8}$/);
  });

  test('in the body is taken out also where the header has told who asks, and where nobody needs one', async () => {
    const told = await post('/browser', { writeKey: keyOf('browser'), event: 'e' }, bearer('admin'));
    expect([told.body.body, told.body.who]).toEqual([{ event: 'e' }, expect.stringMatching(/^admin:/)]);
    await fastify.close();
    fastify = routes('');
    expect((await post('/browser', { writeKey: 'any', event: 'e' })).body.body).toEqual({ event: 'e' });
  });

  test('in the header that is none is not made good by one in the body', async () => {
    expect((await post('/browser', { writeKey: keyOf('browser') }, bearer('nobody'))).status).toBe(401);
  });

  test.each([{}, [], { writeKey: 7 }, { writeKey: [keyOf('browser')] }, { writeKey: '' }, { writeKey: null }])(
    'is not found in %j',
    async (payload) => {
      expect((await post('/browser', payload)).status).toBe(401);
    },
  );

  test('may stand in a path that says so, and in no other', async () => {
    expect((await ask(`/path/${keyOf('browser')}`)).status).toBe(200);
    expect((await ask('/path/nobody')).status).toBe(401);
    expect((await ask(`/server?key=${keyOf('server')}`)).status).toBe(401);
  });

  test.each(['server', 'admin'])('of %s is not known in a path', async (scope) => {
    expect((await ask(`/path/${keyOf(scope)}`)).status).toBe(401);
    expect((await ask('/path/any', { headers: bearer(scope) })).status).toBe(200);
  });

  test('may come as X-API-Key where the route says so, behind that of Authorization', async () => {
    const own = (scope: string) => ({ 'x-api-key': keyOf(scope) });
    expect((await ask('/flag', { headers: own('browser') })).body.who).toMatch(/^browser:/);
    expect((await ask('/flag', { headers: { ...bearer('server'), ...own('browser') } })).body.who).toMatch(/^server:/);
    expect((await ask('/flag', { headers: { ...bearer('nobody'), ...own('browser') } })).status).toBe(401);
    expect((await ask('/flag', { headers: { 'x-api-key': '' } })).status).toBe(401);
    expect((await ask('/browser', { headers: own('browser') })).status).toBe(401);
  });

  test('of a page has a token that opens streams alone; those of others have none', async () => {
    const tokens = readKeys({ pairs: PAIRS, file: undefined }).keys;
    const ring = new KeyRing(tokens);
    const token = ring.find(keyOf('browser'))?.streamToken ?? '';
    expect(token).toMatch(/^[\w-]{22}$/);
    expect(ring.find(keyOf('server'))?.streamToken).toBeUndefined();
    expect((await ask(`/stream?token=${token}`)).body.who).toMatch(/^browser:/);
    for (const path of [`/server?token=${token}`, `/flag?token=${token}`, `/path/${token}`, `/stream?token=${token}x`])
      expect((await ask(path)).status).toBe(401);
    expect((await ask(`/stream?token=${token}&token=${token}`)).status).toBe(401);
  });

  test('is told by nothing that is answered', async () => {
    const refused = await ask('/server', { headers: bearer('browser') });
    const taken = await ask('/server', { headers: bearer('server') });
    expect(JSON.stringify([refused, taken])).not.toContain('the-key-of');
  });
});
