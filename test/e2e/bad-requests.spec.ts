import { expect, test } from '@jest/globals';
import { BAD_REQUESTS, type BadRequest } from './bad-requests.js';
import { describeOnBothStores, someone } from './harness.js';
import { sendAndLeave, sendRaw } from './raw-socket.js';
import type { Service } from './service.js';

const REFUSAL = {
  code: expect.stringMatching(/^[A-Z][A-Z_]+$/),
  message: expect.stringMatching(/\S/),
  problems: expect.arrayContaining([{ path: expect.any(String), message: expect.stringMatching(/\S/) }]),
};

function send(service: Service, { method = 'POST', path, body, headers }: BadRequest) {
  const asIs = typeof body === 'string' || Buffer.isBuffer(body);
  const content =
    body === undefined
      ? {}
      : { body: asIs ? body : JSON.stringify(body), headers: headers ?? { 'content-type': 'application/json' } };
  return service.send(method, path, content);
}

async function expectHealth(service: Service): Promise<void> {
  expect(await service.offers({ visitorId: someone(), placements: ['hero'] })).toEqual(['welcome']);
}

describeOnBothStores('a bad request', (service) => {
  test.each(BAD_REQUESTS.map((one) => [one.what, one] as const))(
    'is refused with its problems: %s',
    async (_what, bad) => {
      const { status, body } = await send(service, bad);
      expect([status, body]).toEqual([bad.status, REFUSAL]);
      if (bad.at !== undefined)
        expect((body as { problems: { path: string }[] }).problems.map(({ path }) => path)).toContain(bad.at);
      await expectHealth(service);
    },
  );

  test('has all its problems told at once', async () => {
    const { body } = await service.post('/v1/decisions', { placements: [7], channel: 1, dryRun: 'no', extra: true });
    const paths = (body as { problems: { path: string }[] }).problems.map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['visitorId', 'placements[0]', 'channel', 'dryRun', 'extra']));
  });

  test('leaves the prototypes of everything alone', () => {
    expect(({} as Record<string, unknown>)['dryRun']).toBeUndefined();
    expect(({} as Record<string, unknown>)['b']).toBeUndefined();
  });

  test.each([
    ['is no HTTP at all', 'hello\r\n\r\n'],
    ['has a garbage request line', 'POST\0 /v1/decisions HTTP/9.9\r\n\r\n'],
    ['is TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
    ['has no host', 'GET /health/live HTTP/1.1\r\n\r\n'],
    [
      'has a Content-Length that is no number',
      'POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: many\r\n\r\n{}',
    ],
    [
      'has a negative Content-Length',
      'POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: -5\r\n\r\n{}',
    ],
    [
      'has two lengths',
      'POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n' +
        'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'has less length than body',
      'POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}{}{}',
    ],
    [
      'announces more than it may send',
      'POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n' +
        '\r\n{}',
    ],
    [
      'has chunks that are none',
      'POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n' +
        '\r\nzz\r\n{}\r\n',
    ],
    ['has a header of 100 KB', `GET /health/live HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['has a method nobody knows', 'BREW /v1/decisions HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('on the wire that %s is refused or hung up on', async (_what, bytes) => {
    const reply = await sendRaw(service.url, bytes);
    expect(reply).toMatch(/^$|^HTTP\/1\.1 4\d\d /);
    expect(reply).not.toMatch(/HTTP\/1\.1 5\d\d/);
    await expectHealth(service);
  });

  test('whose sender leaves in the middle of the body harms nobody', async () => {
    const head = 'Host: a\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"visitorId"';
    for (const path of ['/v1/decisions', '/v1/batch', '/v1/visitors/import'])
      await sendAndLeave(service.url, `POST ${path} HTTP/1.1\r\n${head}`);
    await expectHealth(service);
  });
});

describeOnBothStores('an unusual request', (service) => {
  test.each([
    ['an id of 256 characters', { visitorId: 'x'.repeat(256) }],
    ['an id of letters from everywhere', { visitorId: 'ünï-漢字-😀' }],
    ['an id with braces', { visitorId: 'a{b}' }],
    ['an id that is a whole number', { visitorId: 7 }],
    ['now without a time zone', { now: '2026-11-21T10:00:00', dryRun: true }],
    ['now on a day', { now: '2026-11-21', dryRun: true }],
    ['an id called __proto__', { visitorId: '__proto__' }],
    ['huge numbers in the context', { context: { a: 1e308, b: -1e308, c: 1e-320, d: Number.MAX_SAFE_INTEGER + 2 } }],
    ['a context 10 deep', { context: { a: { a: { a: { a: { a: { a: { a: { a: { a: {} } } } } } } } } } }],
    ['30 placements', { placements: Array.from({ length: 30 }, () => 'hero') }],
    ['names of our own machinery in the context', { context: { constructor: 'x', toString: 'x', hasOwnProperty: 1 } }],
  ])('is answered all the same: %s', async (_what, members) => {
    const { served, decisions } = await service.decide({
      visitorId: someone(),
      placements: ['hero'],
      events: [{ type: 'track', event: 'Seen' }],
      ...members,
    });
    expect([served, decisions[0]?.items.length]).toEqual(['full', 1]);
  });

  test('a byte order mark before the body is passed over', async () => {
    const { status } = await service.post('/v1/decisions', '\uFEFF{"visitorId":"a","placements":["hero"]}');
    expect(status).toBe(200);
  });
});
