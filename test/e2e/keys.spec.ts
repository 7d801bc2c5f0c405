import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SCOPES } from '../../src/access/scopes.js';
import type * as asking from '../../src/cli/ask-decision.js';
import { disagreements, tableBelow } from '../told-in-docs.js';
import { importBuilt } from './built.js';
import { describeOn, someone } from './harness.js';
import { registeredRoutes, type RegisteredRoute } from './registered-routes.js';
import type { Answer, Service } from './service.js';

const { askDecision } = await importBuilt<typeof asking>('./cli/ask-decision.js');

const keyOf = (scope: string) => `the-key-of-${scope}-0123456789`;
const STRANGER = keyOf('nobody');
const settings = { USHER_KEYS: SCOPES.map((scope) => `${scope}:${keyOf(scope)}`).join() };
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const basic = (key: string, password = '') => ({
  authorization: `Basic ${Buffer.from(`${key}:${password}`).toString('base64')}`,
});

/** Which callers pass where a scope is needed. Written out, so that a slip in the code is seen here. */
const PASS: Readonly<Record<string, readonly string[]>> = {
  nothing: ['without a key', 'nobody', 'browser', 'desk', 'server', 'author', 'approver', 'assistant', 'admin'],
  browser: ['browser', 'server', 'admin'],
  'browser or desk': ['browser', 'desk', 'server', 'admin'],
  desk: ['desk', 'server', 'admin'],
  server: ['server', 'admin'],
  author: ['author', 'approver', 'admin'],
  approver: ['approver', 'admin'],
  'assistant or server': ['server', 'author', 'approver', 'assistant', 'admin'],
  admin: ['admin'],
};
const STREAM = '/ofrep/v1/streams';
const CALLERS = ['without a key', 'nobody', ...SCOPES];

function send(
  service: Service,
  path: string,
  { headers = {}, body, method }: { headers?: Record<string, string>; body?: unknown; method?: string } = {},
): Promise<Answer> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return service.send(method ?? (body === undefined ? 'GET' : 'POST'), path, {
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...content,
  });
}

/** An answer without an end, as far as it is there at once. */
async function opened(service: Service, path: string, headers: Record<string, string>): Promise<Answer> {
  const answer = await fetch(`${service.url}${path}`, { headers });
  const body: unknown = answer.ok ? await answer.body?.cancel() : await answer.json();
  return { status: answer.status, headers: answer.headers, text: '', body };
}

function verdict({ status, body }: Answer): string {
  if (status !== 401 && status !== 403) return 'passes';
  return `${status} ${(body as { code: string }).code}`;
}

describe('the routes', () => {
  let routes: RegisteredRoute[];
  beforeAll(async () => {
    routes = await registeredRoutes();
  });

  test('say each what it needs', () => {
    expect(routes.length).toBeGreaterThan(10);
    expect(routes.filter(({ needs }) => needs === undefined)).toEqual([]);
  });

  test('need what docs/operations.md says, and it names no others', () => {
    const docs = readFileSync(fileURLToPath(new URL('../../docs/operations.md', import.meta.url)), 'utf8');
    const documented = tableBelow(docs, 'What each address needs').flatMap(([address = '', needs = '']) =>
      address.split('`, `').map((one) => `${one}: ${/^\w+( or \w+)*/.exec(needs.replaceAll('`', ''))?.[0]}`),
    );
    expect(
      disagreements(
        routes.map(({ method, url, needs }) => `${method} ${url}: ${needs}`),
        documented,
        ['the code', 'docs'],
      ),
    ).toEqual([]);
  });

  describeOn(
    'SQLite',
    'of a service with keys',
    (service) => {
      test.each(CALLERS)('answer or refuse a caller, each by its scope: %s', async (caller) => {
        const headers = caller === 'without a key' ? {} : bearer(keyOf(caller));
        const got = await Promise.all(
          routes.map(async ({ method, url }) => {
            const body = method === 'GET' ? undefined : {};
            const path = url.replaceAll(/:\w+/g, 'x');
            const answer = url === STREAM ? await opened(service, path, headers) : undefined;
            return `${method} ${url}: ${verdict(answer ?? (await send(service, path, { method, headers, body })))}`;
          }),
        );
        const refusal = caller === 'without a key' || caller === 'nobody' ? '401 UNAUTHENTICATED' : '403 FORBIDDEN';
        expect(got).toEqual(
          routes.map(
            ({ method, url, needs = 'admin' }) =>
              `${method} ${url}: ${PASS[needs]?.includes(caller) ? 'passes' : refusal}`,
          ),
        );
      });
    },
    { settings },
  );
});

describeOn(
  'SQLite',
  'a service with keys',
  (service) => {
    const decision = (more: object = {}) => ({ visitorId: someone(), placements: ['hero'], ...more });

    test('knows a key as Bearer and as the user name of Basic', async () => {
      for (const headers of [
        bearer(keyOf('server')),
        { authorization: `bEaReR ${keyOf('server')}` },
        basic(keyOf('server')),
        basic(keyOf('server'), 'any'),
      ]) {
        expect((await send(service, '/metrics', { headers })).status).toBe(200);
      }
      for (const headers of [
        basic('', keyOf('server')),
        { authorization: keyOf('server') },
        { authorization: `Digest ${keyOf('server')}` },
        bearer(keyOf('server').slice(0, -1)),
      ]) {
        expect((await send(service, '/metrics', { headers })).status).toBe(401);
      }
    });

    test('says in a refusal how a key is sent, or which would do, and never tells one', async () => {
      const nobody = await send(service, '/metrics');
      expect([nobody.status, nobody.headers.get('www-authenticate'), nobody.body]).toEqual([
        401,
        'Bearer realm="usher"',
        expect.objectContaining({
          code: 'UNAUTHENTICATED',
          message: expect.stringMatching(/none came .* Send one as "Authorization: Bearer/),
        }),
      ]);
      const stranger = await send(service, '/metrics', { headers: bearer(STRANGER) });
      expect([stranger.status, stranger.body]).toEqual([
        401,
        expect.objectContaining({ message: expect.stringMatching(/is not known here/) }),
      ]);
      const page = await send(service, '/v1/visitors/v', { headers: bearer(keyOf('browser')) });
      expect([page.status, page.body]).toEqual([
        403,
        expect.objectContaining({
          code: 'FORBIDDEN',
          message: expect.stringMatching(/^GET \/v1\/visitors\/:id needs a key of the scope desk or server or admin\./),
        }),
      ]);
      for (const { text } of [nobody, stranger, page]) expect(text).not.toMatch(/the-key-of/);
    });

    test('refuses a stranger before the body is read, broken or too large as it may be', async () => {
      const post = (body: string) =>
        service.send('POST', '/v1/decisions', { body, headers: { 'content-type': 'application/json' } });
      expect([(await post('{')).status, (await post(`"${'x'.repeat(2_000_000)}"`)).status]).toEqual([401, 401]);
    });

    test('tells every rule, and what is to come, only to a server', async () => {
      const ask = (scope: string, more: object) =>
        send(service, '/v1/decisions', { headers: bearer(keyOf(scope)), body: decision(more) });
      const time = { now: '2030-01-01T00:00:00Z', dryRun: true };
      expect((await ask('browser', { explain: true })).body).toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringMatching(/^"explain".* needs a key of the scope server or admin/),
      });
      expect((await ask('browser', time)).body).toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringMatching(/^"now".* needs a key/),
      });
      expect((await ask('browser', { dryRun: true, explain: false })).status).toBe(200);
      expect((await ask('server', { ...time, explain: true })).body).toMatchObject({ explanation: [{}] });
    });

    test('lets a desk read people, decide for its own placements, and report outcomes of them', async () => {
      const visitorId = someone();
      const ask = (path: string, body?: object, method?: string) =>
        send(service, path, { headers: bearer(keyOf('desk')), body, ...(method !== undefined && { method }) });
      const identify = { userId: visitorId, traits: { email: `${visitorId}@example.com` } };
      expect((await send(service, '/v1/identify', { headers: bearer(keyOf('server')), body: identify })).status).toBe(
        200,
      );
      expect((await ask(`/v1/visitors?search=${visitorId}%40example.com`)).body).toMatchObject({
        people: [{ visitorId }],
      });
      const said = { visitorId, placements: ['talk'] };
      const decided = await ask('/v1/decisions', said);
      expect([decided.status, decided.body]).toMatchObject([200, { decisions: [{ items: [{ offer: 'hello' }] }] }]);
      const { decisionId } = decided.body as { decisionId: string };
      // A desk's word is a server's: no token.
      const outcome = { visitorId, decisionId, placement: 'talk', offer: 'hello', outcome: 'accepted' };
      expect((await ask('/v1/outcomes', outcome)).body).toMatchObject({ success: true, counted: true });
      expect((await ask(`/v1/visitors/${visitorId}`)).body).toMatchObject({
        contacts: { hello: { accepted: { count: 1, placement: 'talk' } } },
      });
      const refused: [object, RegExp][] = [
        [
          { placements: ['talk', 'hero'] },
          /^"hero", which is no placement of a desk .* scope browser or server or admin/,
        ],
        [{ placements: ['banner'] }, /^"banner", which is no placement of a desk/],
        [{ channel: 'email' }, /^"channel", where it is none of a desk/],
        [{ events: [{ type: 'track', event: 'Seen' }] }, /^"events" of a decision/],
        [{ explain: true }, /^"explain"/],
        [{ hold: '1d' }, /^"hold"/],
      ];
      for (const [more, message] of refused)
        expect(await ask('/v1/decisions', { ...said, ...more })).toMatchObject({
          status: 403,
          body: { code: 'FORBIDDEN', message: expect.stringMatching(message) },
        });
      expect((await ask('/v1/decisions', { ...said, channel: 'call-centre' })).status).toBe(200);
      expect((await ask(`/v1/visitors/${visitorId}`, undefined, 'DELETE')).status).toBe(403);
    });

    test('takes the key of a tracking call from the body where no header has one, and stores none', async () => {
      const userId = someone();
      const track = (writeKey: unknown, headers: Record<string, string> = {}) =>
        send(service, '/v1/track', { headers, body: { userId, event: 'Seen', properties: {}, writeKey } });
      expect((await track(keyOf('browser'))).status).toBe(200);
      expect(
        (
          await send(service, '/v1/batch', {
            body: { writeKey: keyOf('server'), batch: [{ type: 'track', userId, event: 'Seen' }] },
          })
        ).status,
      ).toBe(200);
      expect((await track(STRANGER, basic(keyOf('browser')))).status).toBe(200);
      expect([
        (await track(keyOf('author'))).status,
        (await track(STRANGER)).status,
        (await track(undefined)).status,
        (await track({})).status,
      ]).toEqual([403, 401, 401, 401]);
      expect((await track(keyOf('browser'), basic(STRANGER))).status).toBe(401);
      const { body, text } = await send(service, `/v1/visitors/${userId}`, { headers: bearer(keyOf('server')) });
      expect(body).toMatchObject({ counters: { Seen: { count: 3 } } });
      expect(text).not.toMatch(/the-key-of|writeKey/);
    });

    test('takes the key of an outcome from the body too, as of a beacon, which is a text without headers', async () => {
      const visitorId = someone();
      const beacon = async (writeKey: unknown) => {
        const body = JSON.stringify({ visitorId, offer: 'welcome', outcome: 'shown', messageId: 'm', writeKey });
        return service.send('POST', '/v1/outcomes', { body, headers: { 'content-type': 'text/plain;charset=UTF-8' } });
      };
      expect(verdict(await beacon(keyOf('browser')))).toBe('passes');
      expect((await beacon(keyOf('server'))).body).toMatchObject({ success: true, counted: true });
      for (const wrong of [STRANGER, undefined, {}, null, ['x']])
        expect(verdict(await beacon(wrong))).toBe('401 UNAUTHENTICATED');
      expect(verdict(await beacon(keyOf('author')))).toBe('403 FORBIDDEN');
      const { text } = await send(service, `/v1/visitors/${visitorId}`, { headers: bearer(keyOf('server')) });
      expect(text).not.toMatch(/the-key-of|writeKey/);
    });

    test('takes a key from the body for nothing else', async () => {
      expect((await send(service, '/v1/decisions', { body: decision({ writeKey: keyOf('admin') }) })).status).toBe(401);
      expect(
        (await send(service, '/v1/visitors/v/traits', { method: 'PATCH', body: { writeKey: keyOf('admin') } })).status,
      ).toBe(401);
    });

    test('keeps its health and the description of its API open, and asks no key where nothing is', async () => {
      for (const path of ['/health/live', '/health/ready', '/docs', '/docs-json'])
        expect((await send(service, path)).status).toBe(200);
      expect((await send(service, '/docs-json')).body).toMatchObject({ security: [{ key: [] }] });
      expect((await send(service, '/nowhere')).status).toBe(404);
      expect((await send(service, '/health/live', { headers: bearer(STRANGER) })).status).toBe(200);
    });

    test('is asked by the command with --key, which says so where one is missing', async () => {
      const said: string[] = [];
      const decide = (key: string | undefined) =>
        askDecision('v', ['hero'], { url: service.url, key, explain: true }, (text) => void said.push(text));
      expect([await decide(keyOf('server')), said.join()]).toEqual([0, expect.stringMatching(/welcome/)]);
      await expect(decide(undefined)).rejects.toThrow(
        /answered 401: .*none came.*\n?.*Give the key with --key or USHER_KEY/,
      );
      await expect(decide(keyOf('browser'))).rejects.toThrow(/answered 403: "explain".*server or admin/);
    });

    test('counts whom it refuses', async () => {
      await send(service, '/metrics', { headers: bearer(keyOf('author')) });
      const { text } = await send(service, '/metrics', { headers: bearer(keyOf('admin')) });
      expect(text).toMatch(/usher_access_refused_total\{[^}]*why="forbidden"[^}]*\} [1-9]/);
      expect(text).toMatch(/usher_access_refused_total\{[^}]*why="unauthenticated"[^}]*\} [1-9]/);
    });
  },
  { settings },
);

describeOn('SQLite', 'a service without keys', (service) => {
  test('lets everybody do everything, whatever key they show', async () => {
    for (const headers of [{}, bearer(STRANGER)]) {
      expect((await send(service, '/metrics', { headers })).status).toBe(200);
      expect(
        (
          await send(service, '/v1/decisions', {
            headers,
            body: { visitorId: someone(), placements: ['hero'], explain: true },
          })
        ).status,
      ).toBe(200);
      expect(
        (await send(service, '/v1/track', { headers, body: { userId: someone(), event: 'Seen', writeKey: STRANGER } }))
          .status,
      ).toBe(200);
    }
  });
});
