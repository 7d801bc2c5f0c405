import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { sendRaw } from './raw-socket.js';
import { registeredRoutes } from './registered-routes.js';
import { Service } from './service.js';

// Case 1 and case 5 of the kinds of inputs that once went wrong: bytes read as another encoding, and packed ones.

const service = new Service({ store: 'SQLite' });
beforeAll(() => service.start());
afterAll(() => service.stop());

type Answer = { status: number; headers: Headers; body: Record<string, unknown> };

async function post(path: string, bytes: Uint8Array, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${service.url}${path}`, { method: 'POST', body: new Uint8Array(bytes), headers });
  return { status: response.status, headers: response.headers, body: parse(await response.text()) };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { lines: text.trim().split('\n').map(parse) };
  }
}

const CSV = 'visitorId;firstName\nJürgen.Müller;Jürgen\nJörgen.Möller;Jörgen\n';
const NDJSON = '{"visitorId":"Jürgen.Müller","traits":{"firstName":"Jürgen"}}\n{"visitorId":"ok","traits":{"n":1}}\n';
const UTF_16LE = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
/** 150 MB of it. */
const NOTHING = gzipSync(Buffer.alloc(150_000_000));
const IMPORT = '/v1/visitors/import';

async function firstName(id: string): Promise<unknown> {
  const { body } = await service.get(`/v1/visitors/${encodeURIComponent(id)}`);
  return (body as { traits?: Record<string, unknown> }).traits?.['firstName'];
}

describe('a table over HTTP', () => {
  test.each([
    ['windows-1252, declared', Buffer.from(CSV, 'latin1'), 'text/csv; charset=windows-1252'],
    ['iso-8859-1, declared', Buffer.from(CSV, 'latin1'), 'text/csv;charset="ISO-8859-1"'],
    ['UTF-16 with a mark', UTF_16LE(CSV), 'text/csv'],
    ['big-endian UTF-16 with a mark', UTF_16LE(CSV).swap16(), 'text/csv; charset=utf-16'],
    ['UTF-8', Buffer.from(CSV), 'text/csv'],
  ])('is read in %s', async (_, bytes, type) => {
    expect(await post(IMPORT, bytes, { 'content-type': type })).toMatchObject({ status: 200, body: { accepted: 2 } });
    expect([await firstName('Jürgen.Müller'), await firstName('Jörgen.Möller')]).toEqual(['Jürgen', 'Jörgen']);
  });

  test('that is not UTF-8 and says nothing else is refused with the line and the way out', async () => {
    const { status, body } = await post(IMPORT, Buffer.from(CSV, 'latin1'), { 'content-type': 'text/csv' });
    expect([status, body['code']]).toEqual([400, 'MALFORMED_BODY']);
    expect(body['message']).toMatch(/^Line 2 is not UTF-8 text\. .*windows-1252.*Nothing of it is stored/);
  });

  test('in a charset nobody knows is a 415 that names it', async () => {
    const { status, body } = await post(IMPORT, Buffer.from(CSV), { 'content-type': 'text/csv; charset=klingon' });
    expect([status, body['message']]).toEqual([415, expect.stringContaining('klingon')]);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['gzip, br', (text: string) => brotliCompressSync(gzipSync(text))],
    ['identity', (text: string) => Buffer.from(text)],
  ])('is unpacked where it comes as %s', async (encoding, pack) => {
    const headers = { 'content-type': 'text/csv', 'content-encoding': encoding };
    expect(await post(IMPORT, pack(CSV), headers)).toMatchObject({ status: 200, body: { accepted: 2 } });
  });

  test('that is cut off says what of it is stored', async () => {
    const rows = Array.from({ length: 12_000 }, (_, index) => `p-${index};${Math.sin(index)}\n`);
    const packed = gzipSync(`visitorId;score\n${rows.join('')}`);
    const headers = { 'content-type': 'text/csv', 'content-encoding': 'gzip' };
    const { status, body } = await post(IMPORT, packed.subarray(0, packed.length / 4), headers);
    expect(status).toBe(400);
    const [, line, stored] =
      /Of the lines up to (\d+), (\d+) are stored and 0 refused/.exec(String(body['message'])) ?? [];
    expect(body['message']).toMatch(/not what gzip makes, are cut off/);
    expect(Number(stored)).toBe(Number(line) - 1);
    expect((await service.get(`/v1/visitors/p-${Number(stored) - 1}`)).status).toBe(200);
    expect((await service.get(`/v1/visitors/p-${Number(stored)}`)).status).toBe(404);
  });

  test('that unpacks to a thousand times its size stays small', async () => {
    const before = process.memoryUsage().rss;
    const headers = { 'content-encoding': 'gzip' };
    expect((await post(IMPORT, NOTHING, { ...headers, 'content-type': 'text/csv' })).status).toBe(400);
    const ndjson = await post(IMPORT, NOTHING, { ...headers, 'content-type': 'application/x-ndjson' });
    expect(ndjson.body).toMatchObject({ accepted: 0, refusedCount: 1 });
    expect(process.memoryUsage().rss - before).toBeLessThan(125_000_000);
  });
});

describe('lines over HTTP', () => {
  test('that are not UTF-8 are refused one by one, with the way out', async () => {
    const { body } = await post(IMPORT, Buffer.from(NDJSON, 'latin1'), { 'content-type': 'application/x-ndjson' });
    expect(body).toMatchObject({ accepted: 1, refusedCount: 1, refused: [{ line: 1 }] });
    expect(JSON.stringify(body)).toMatch(/not UTF-8 text.*windows-1252/);
  });

  test('are decided in their encoding, packed or not, and what can’t be read is told in its place', async () => {
    const ask = (id: string) => `{"visitorId":"${id}","placements":["hero"]}\n`;
    const headers = { 'content-type': 'application/x-ndjson' };
    const latin = {
      ...headers,
      'content-type': 'application/x-ndjson; charset=windows-1252',
      'content-encoding': 'gzip',
    };
    const good = await post('/v1/decisions/batch', gzipSync(Buffer.from(ask('Jürgen'), 'latin1')), latin);
    expect(good.body).toMatchObject({ visitorId: 'Jürgen' });
    const mixed = Buffer.concat([Buffer.from(ask('Jürgen'), 'latin1'), Buffer.from(ask('Jürgen'))]);
    const { body } = await post('/v1/decisions/batch', mixed, headers);
    expect(body['lines']).toMatchObject([{ error: { code: 'MALFORMED_BODY', line: 1 } }, { visitorId: 'Jürgen' }]);
    const cut = await post('/v1/decisions/batch', gzipSync(ask('a')).subarray(0, 40), {
      ...headers,
      'content-encoding': 'gzip',
    });
    expect(JSON.stringify(cut.body)).toContain('are cut off');
  });
});

describe('a body of JSON', () => {
  const event = (id: string) => JSON.stringify({ userId: id, event: 'Seen' });

  test.each([
    [
      'windows-1252',
      Buffer.from(event('Jörg'), 'latin1'),
      { 'content-type': 'application/json; charset=windows-1252' },
    ],
    ['UTF-16 with a mark', UTF_16LE(event('Jörg')), { 'content-type': 'application/json' }],
    ['brotli', brotliCompressSync(event('Jörg')), { 'content-type': 'text/plain', 'content-encoding': 'br' }],
    [
      'gzip that is called a form',
      gzipSync(event('Jörg')),
      { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' },
    ],
  ])('is read in %s', async (_, bytes, headers) => {
    expect((await post('/v1/track', bytes, headers as unknown as Record<string, string>)).status).toBe(200);
    expect((await service.get(`/v1/visitors/${encodeURIComponent('Jörg')}`)).status).toBe(200);
  });

  test('in a coding nobody knows is a 415 that says which are known', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'zigzag' };
    const { status, headers: answered } = await post('/v1/track', Buffer.from(event('x')), headers);
    expect([status, answered.get('accept-encoding')]).toEqual([415, 'gzip, deflate, br, zstd, identity']);
  });
});

describe('a body of lines or of a table', () => {
  const READ_IT = [IMPORT, '/v1/decisions/batch', '/v1/offers/stock', '/v1/offers/propensities'];

  test('is refused by every route that reads none, by what it should be', async () => {
    const answers: Record<string, unknown> = {};
    for (const { method, url } of await registeredRoutes()) {
      const path = url.replaceAll(/:\w+/g, '1');
      if (!['POST', 'PUT', 'PATCH'].includes(method) || READ_IT.includes(path)) continue;
      for (const type of ['application/x-ndjson', 'application/ndjson', 'text/csv; charset=utf-8']) {
        const headers = { 'content-type': type };
        const { status } = await fetch(`${service.url}${path}`, { method, headers, body: '{"userId":"lines"}' });
        answers[`${method} ${path} as ${type}`] = status;
      }
    }
    expect(Object.keys(answers).length).toBeGreaterThan(60);
    // Clients of OFREP read no 415: to them it is a bad request.
    const refused = (asked: string) => (asked.startsWith('POST /ofrep/v1/evaluate/flags as') ? 400 : 415);
    const isFlag = (asked: string) => asked.startsWith('POST /ofrep/v1/evaluate/flags/');
    const others = Object.entries(answers).filter(([asked]) => !isFlag(asked));
    expect(others.filter(([asked, status]) => status !== refused(asked))).toEqual([]);
    expect(Object.entries(answers).filter(([asked, status]) => isFlag(asked) && status !== 400)).toEqual([]);
    const { body } = await post('/v1/track', Buffer.alloc(0), { 'content-type': 'application/x-ndjson' });
    expect(body['message']).toBe(
      'The content type application/x-ndjson is not understood here. Send application/json.',
    );
  });
});

describe('a connection', () => {
  const LINES = Array.from({ length: 20_000 }, (_, index) => `${Math.sin(index)}`).join('\n');
  const GARBAGE = { encoding: 'gzip', body: Buffer.concat([gzipSync('x'), Buffer.alloc(600_000, 1)]) };
  const TABLE = { path: IMPORT, type: 'text/csv' };

  test.each([
    ['a table without its column', { ...TABLE, encoding: 'identity', body: Buffer.from(LINES) }],
    ['the same, packed', { ...TABLE, encoding: 'gzip, br', body: brotliCompressSync(gzipSync(LINES)) }],
    ['a packed table of nothing', { ...TABLE, encoding: 'gzip', body: NOTHING }],
    ['a table with something else behind it', { ...TABLE, ...GARBAGE }],
    ['lines with something else behind them', { path: IMPORT, type: 'application/x-ndjson', ...GARBAGE }],
    [
      'requests with something else behind them',
      { path: '/v1/decisions/batch', type: 'application/x-ndjson', ...GARBAGE },
    ],
  ])('answers the next request after %s', async (_, { path, type, encoding, body }) => {
    const head =
      `POST ${path} HTTP/1.1\r\nhost: usher\r\ncontent-type: ${type}\r\n` +
      `content-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`;
    const next = 'GET /v1/visitors/nobody HTTP/1.1\r\nhost: usher\r\nconnection: close\r\n\r\n';
    const reply = await sendRaw(service.url, Buffer.concat([Buffer.from(head), body, Buffer.from(next)]));
    expect(reply.match(/HTTP\/1\.1 \d+/g)).toEqual([expect.stringMatching(/200|400/), 'HTTP/1.1 404']);
  });
});
