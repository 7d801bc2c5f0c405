import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { importVisitors } from '../import-visitors.js';
import { trackEvents } from '../track-events.js';

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (
  received: Received,
  attempt: number,
) => { status: number; body: string; headers?: Record<string, string> };

let dir: string;
let server: Server;
let received: Received[];
let answer: Answer;
let url: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'usher-send-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

beforeEach(async () => {
  received = [];
  answer = acceptAll;
  server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const one = { url: request.url, headers: request.headers, body: await text(request) };
  received.push(one);
  const { status, body, headers } = answer(one, received.length);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

const options = () => ({ url, key: undefined, firstPauseMs: 1, attempts: 4 });
const ok = (body: object) => ({ status: 200, body: JSON.stringify(body) });
const acceptAll: Answer = ({ url: path, body }) =>
  ok({
    success: true,
    accepted: path === '/v1/batch' ? eventsIn(body).length : body.trim().split('\n').length,
    duplicates: 0,
    refused: [],
  });

function eventsIn(body: string): { userId: string; messageId: string; event: string }[] {
  return (JSON.parse(body) as { batch: { userId: string; messageId: string; event: string }[] }).batch;
}

function save(name: string, content: string): string {
  const file = join(dir, name);
  writeFileSync(file, content);
  return file;
}

function events(count: number, filler = ''): string {
  const rows = Array.from(
    { length: count },
    (_, index) => `u-${index % 7},Viewed ${index},2019-10-01 00:00:00 UTC,${filler}`,
  );
  return save('events.csv', ['visitorId,event,timestamp,properties.note', ...rows].join('\n'));
}

async function track(file: string, more: Partial<Parameters<typeof trackEvents>[1]> = {}) {
  const printed: string[] = [];
  const code = await trackEvents(file, { ...options(), ...more }, (block) =>
    printed.push(stripVTControlCharacters(block)),
  );
  return { code, printed: printed.join('\n') };
}

describe('usher track', () => {
  test('sends batches of up to 500 events in the order of the file', async () => {
    const { code, printed } = await track(events(1203));
    expect(code).toBe(0);
    expect(received.map(({ body }) => eventsIn(body).length)).toEqual([500, 500, 203]);
    expect(received.flatMap(({ body }) => eventsIn(body)).map(({ event }) => event)).toEqual(
      Array.from({ length: 1203 }, (_, index) => `Viewed ${index}`),
    );
    expect(printed).toMatch(/1,203 rows read.*\n1,203 accepted\n {4}0 already known\n {4}0 refused\n {4}7 visitors/);
  });

  test('keeps a body below the limit of bytes', async () => {
    await track(events(100, 'x'.repeat(10_000)));
    expect(received.length).toBeGreaterThan(1);
    expect(Math.max(...received.map(({ body }) => body.length))).toBeLessThanOrEqual(450 * 1024 + 100);
  });

  test('refuses a row that is larger than a whole request, and goes on', async () => {
    const file = save(
      'large.ndjson',
      `{"type":"track","userId":"u","event":"${'x'.repeat(500_000)}"}\n{"type":"track","userId":"u","event":"y"}\n`,
    );
    const { printed } = await track(file);
    expect(printed).toContain('is larger than the 450 KiB of a request (line 1)');
    expect(received.map(({ body }) => eventsIn(body).length)).toEqual([1]);
  });

  test('sends the same message ids when it is run again, and tells apart rows that are equal', async () => {
    const file = save('twice.csv', 'visitorId,event,timestamp\na,x,2019-10-01\na,x,2019-10-01\n');
    await track(file);
    await track(file);
    const [first, second] = received.map(({ body }) => eventsIn(body).map(({ messageId }) => messageId));
    expect(second).toEqual(first);
    expect(new Set(first).size).toBe(2);
  });

  test('tries a batch again after a 503, a 429 and a broken connection', async () => {
    answer = (one, attempt) => {
      if (attempt === 1) return { status: 503, body: '{"code":"OVERLOADED","message":"Busy."}' };
      if (attempt === 2) return { status: 429, body: '', headers: { 'retry-after': '0' } };
      if (attempt === 3) server.closeAllConnections();
      return acceptAll(one, attempt);
    };
    const { code, printed } = await track(events(3));
    expect(code).toBe(0);
    expect(received).toHaveLength(4);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(printed).toContain('3 accepted');
  });

  test('gives up on a service that stays away, and says how far it came', async () => {
    answer = (one, attempt) =>
      attempt === 1 ? acceptAll(one, attempt) : { status: 503, body: '{"message":"The store does not answer."}' };
    await expect(track(events(600))).rejects.toThrow(
      /answered 503: The store does not answer\.\nThe first 500 rows are done\. Run it again/,
    );
    expect(received).toHaveLength(5);
  });

  test('does not repeat what the service refuses as a whole', async () => {
    answer = () => ({ status: 401, body: '{"code":"UNAUTHORISED","message":"A key is needed."}' });
    await expect(track(events(1))).rejects.toThrow(
      'answered 401: A key is needed.\nGive the key with --key or USHER_KEY.',
    );
    expect(received).toHaveLength(1);
  });

  test('sends the key as the user name of Basic authentication', async () => {
    await track(events(1), { key: 'k-1' });
    expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('k-1:').toString('base64')}`);
  });

  test('groups what was refused, here and there, by reason with the rows', async () => {
    const file = save(
      'bad.csv',
      'visitorId,event,timestamp\n,x,2019-10-01\na,x,soon\nb,x,2019-10-01\n,x,2019-10-01\nc,x,2019-10-01\n',
    );
    answer = () =>
      ok({
        success: true,
        accepted: 1,
        duplicates: 0,
        refused: [{ index: 1, messageId: 'm', problems: [{ path: 'event', message: 'is too dull' }] }],
      });
    const { code, printed } = await track(file);
    expect(code).toBe(0);
    expect(printed).toContain('2  "visitorId" is empty (line 2, 5)');
    expect(printed).toContain('1  "timestamp" is not a time that can be read for certain, such as "soon" (line 3)');
    expect(printed).toContain('1  event: is too dull (line 6)');
    expect(printed).toMatch(/5 rows read/);
    expect((await track(file, { strict: true })).code).toBe(1);
  });

  test('fails where nothing at all could be sent', async () => {
    expect((await track(save('none.csv', 'visitorId,event,timestamp\n,x,2019-10-01\n'))).code).toBe(1);
    expect(received).toHaveLength(0);
  });

  test('counts what the service knew already, and prints for programs', async () => {
    answer = () => ok({ success: true, accepted: 0, duplicates: 2, refused: [] });
    const { printed } = await track(events(2), { json: true });
    expect(JSON.parse(printed)).toMatchObject({
      rows: 2,
      accepted: 0,
      duplicates: 2,
      refused: 0,
      visitors: 2,
      reasons: [],
    });
  });

  test('passes over a row with a number that JSON can not say, which would be sent as null', async () => {
    const line = (price: string) => `{"type":"track","userId":"u","event":"e","properties":{"price":${price}}}\n`;
    const { printed } = await track(save('infinite.ndjson', line('1') + line('1e999') + line('2')));
    expect(printed).toContain('properties.price: is a number that is too large');
    expect(received.flatMap(({ body }) => eventsIn(body))).toHaveLength(2);
  });

  test('passes over a line that gives a name twice, of which one would be sent', async () => {
    const line = (more: string) => `{"type":"track","userId":"u","event":"e"${more}}\n`;
    const { printed } = await track(save('twice.ndjson', line('') + line(',"userId":"v"') + line('')));
    expect(printed).toMatch(/userId: is given more than once .* \(line 2\)/);
    expect(received.flatMap(({ body }) => eventsIn(body))).toHaveLength(2);
  });

  test('tells how many events are counted only, as they are older than what is retained', async () => {
    answer = () => ok({ success: true, accepted: 2, notRetained: 1, duplicates: 0, refused: [] });
    expect((await track(events(2))).printed).toMatch(/2 accepted\n *1 of them counted only/);
    expect(JSON.parse((await track(events(2), { json: true })).printed)).toMatchObject({ accepted: 2, notRetained: 1 });
  });

  test('tells how many were put at their receipt, and how many stand without an id sent by mistake', async () => {
    answer = () => ok({ success: true, accepted: 2, duplicates: 0, refused: [], clamped: [0, 1], guarded: [1] });
    const { printed } = await track(events(2));
    expect(printed).toMatch(/\n *2 said a time to come, and stand at that of their receipt\n *1 stand without an id/);
    expect(printed).toContain('such as "undefined" (line 3)');
    expect(JSON.parse((await track(events(2), { json: true })).printed)).toMatchObject({ clamped: 2, guarded: 1 });
  });

  test('says how to start a service that is not running, without waiting for it', async () => {
    await new Promise((closed) => server.close(closed));
    await expect(track(events(1), { attempts: 50 })).rejects.toThrow(
      /can't be reached \(ECONNREFUSED\)\.\nStart it with `usher start`/,
    );
  });

  test('sees that what answers is not Usher', async () => {
    answer = () => ({ status: 200, body: '<html>' });
    await expect(track(events(1))).rejects.toThrow('did not answer in JSON. Is it Usher that runs there?');
    answer = () => ok({ ok: true });
    await expect(track(events(1))).rejects.toThrow('did not answer as Usher does');
    await expect(track(events(1), { url: 'localhost:3000' })).rejects.toThrow('is not the address of a service');
  });
});

describe('usher import', () => {
  test('sends visitors as lines of NDJSON, a thousand at a time', async () => {
    const rows = Array.from({ length: 1001 }, (_, index) => `${index};"job ${index}"`);
    const file = save('people.csv', ['"age";"job"', ...rows].join('\n'));
    const map = save(
      'people.map.json',
      '{"visitorId":"#row","traits":{"age":{"column":"age","type":"number"},"job":"job"}}',
    );
    const printed: string[] = [];
    const code = await importVisitors(file, { ...options(), map }, (block) =>
      printed.push(stripVTControlCharacters(block)),
    );
    expect(code).toBe(0);
    expect(received.map(({ url: path, body }) => [path, body.trim().split('\n').length])).toEqual([
      ['/v1/visitors/import', 1000],
      ['/v1/visitors/import', 1],
    ]);
    expect(received[0]?.headers['content-type']).toBe('application/x-ndjson');
    expect(received[1]?.body).toBe('{"visitorId":"1001","traits":{"age":1000,"job":"job 1000"}}\n');
    expect(printed.join()).toMatch(/1,001 accepted\n {4}0 refused\n1,001 visitors/);
  });

  test('tells of the ids that clients send by mistake, with the lines of the first five', async () => {
    answer = () => ok({ accepted: 1, refused: [], guardedCount: 6, guarded: [2, 3, 4, 5, 6, 7] });
    const printed: string[] = [];
    const file = save('mistaken.ndjson', '\n{"visitorId":"a","traits":{}}\n'.repeat(7));
    for (const json of [false, true])
      await importVisitors(file, { ...options(), json }, (block) => printed.push(stripVTControlCharacters(block)));
    expect(printed[0]).toMatch(/\n *6 have an id that clients send by mistake, .* \(line 4, 6, 8, 10, 12, …\)\n/);
    expect(JSON.parse(printed[1] ?? '')).toMatchObject({ guarded: 6, guardedLines: [4, 6, 8, 10, 12] });
  });

  test('tells what the service leaves out of a line that it takes, and fails with --strict', async () => {
    const problems = [
      { path: 'traits.note', message: 'is too long' },
      { path: '', message: 'and 3 more' },
    ];
    answer = () => ok({ accepted: 2, refused: [], leftOutCount: 4, leftOut: [{ line: 2, problems }] });
    const printed: string[] = [];
    const file = save('much.ndjson', '{"visitorId":"a","traits":{}}\n'.repeat(2));
    const strict = { ...options(), strict: true };
    expect(await importVisitors(file, strict, (block) => printed.push(stripVTControlCharacters(block)))).toBe(1);
    expect(printed.join()).toMatch(
      /Left out:\n +1 {2}traits.note: is too long \(line 2\)\n +1 {2}and 3 more \(line 2\)/,
    );
  });

  test('names the row of a line that the service refuses', async () => {
    answer = () => ok({ accepted: 1, refused: [{ line: 2, problems: [{ path: 'traits', message: 'is too large' }] }] });
    const printed: string[] = [];
    const file = save('two.ndjson', '{"visitorId":"a","traits":{}}\n{"visitorId":"b","traits":{}}\n');
    await importVisitors(file, options(), (block) => printed.push(stripVTControlCharacters(block)));
    expect(printed.join()).toContain('1  traits: is too large (line 2)');
  });
});
