import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../until.js';
import { describeOn, someone } from './harness.js';
import type { Service } from './service.js';

const KEY = 'the-key-of-server-0123456789';
const settings = { USHER_KEYS: `server:${KEY}`, USHER_BODY_TIMEOUT_MS: '1000' };

/** A caller who writes what they want, when they want, and notes what comes back. */
class SlowCaller {
  heard = '';
  ended = false;
  private readonly socket: Socket;

  constructor({ url }: Service) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.on('data', (chunk: Buffer) => (this.heard += chunk.toString()));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.ended = true));
  }

  head(path: string, ...headers: readonly string[]): void {
    const lines = [`POST ${path} HTTP/1.1`, 'Host: localhost', ...headers];
    this.say(`${lines.join('\r\n')}\r\n\r\n`);
  }

  say(text: string): void {
    if (!this.ended) this.socket.write(text);
  }

  /** As one who never ends: a byte, and another, until they are hung up on. */
  async drip(): Promise<void> {
    while (!this.ended) {
      this.say(' ');
      await sleep(20);
    }
  }

  async leave(): Promise<void> {
    if (this.ended) return;
    this.socket.destroy();
    await once(this.socket, 'close');
  }
}

const JSON_BODY = ['Content-Type: application/json', 'Content-Length: 5000'];
const LINES = ['Content-Type: application/x-ndjson', 'Transfer-Encoding: chunked'];
const AUTHORIZED = `Authorization: Bearer ${KEY}`;

describeOn(
  'SQLite',
  'a caller whose body',
  (service) => {
    test.each([
      ['drips, with a key', '/v1/decisions', [AUTHORIZED]],
      ['drips, with the key still to come', '/v1/track', []],
      ['drips, though half of it was refused already', '/v1/decisions', ['Authorization: Bearer nobody-knows-this']],
      ['drips, to an address that is none', '/v1/nowhere', []],
    ])('%s, is hung up on', async (_what, path, headers) => {
      const caller = new SlowCaller(service);
      caller.head(path, ...headers, ...JSON_BODY);
      await caller.drip();
      const refusedAtOnce = /^HTTP\/1\.1 401 /.test(caller.heard);
      if (!refusedAtOnce) {
        expect(caller.heard).toMatch(/^HTTP\/1\.1 408 /);
        expect(caller.heard).toContain('"code":"SLOW_BODY"');
      }
      expect(refusedAtOnce).toBe(headers.some((header) => header.includes('nobody')));
    });

    test('is one of lines that goes on is heard for as long as it does', async () => {
      const caller = new SlowCaller(service);
      caller.head('/v1/decisions/batch', AUTHORIZED, ...LINES);
      const line = `${JSON.stringify({ visitorId: someone(), placements: ['hero'] })}\n`;
      const answers = () => caller.heard.split('"decisionId"').length - 1;
      // Longer in all than a body may take that is read as a whole.
      for (let sent = 1; sent <= 15; sent++) {
        caller.say(`${line.length.toString(16)}\r\n${line}\r\n`);
        await until(`line ${sent} is answered`, () => answers() === sent);
        await sleep(100);
      }
      caller.say('0\r\n\r\n');
      await until('the answer is whole', () => caller.heard.endsWith('0\r\n\r\n'));
      expect(answers()).toBe(15);
      await caller.leave();
    });

    test('is one of lines that falls silent is hung up on', async () => {
      const caller = new SlowCaller(service);
      caller.head('/v1/decisions/batch', AUTHORIZED, ...LINES);
      await until('the silent one is hung up on', () => caller.ended);
    });

    test('is still to come costs nobody else anything', async () => {
      const slow = new SlowCaller(service);
      slow.head('/v1/decisions', AUTHORIZED, ...JSON_BODY);
      const response = await fetch(`${service.url}/v1/decisions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
        body: JSON.stringify({ visitorId: someone(), placements: ['hero'] }),
      });
      expect(response.status).toBe(200);
      await slow.leave();
    });
  },
  { settings },
);

describeOn(
  'SQLite',
  'a body with the key in it',
  (service) => {
    const event = () => ({ userId: someone(), type: 'track', event: 'Seen', properties: { text: 'x'.repeat(10_000) } });
    const track = (events: number, headers: Readonly<Record<string, string>>, inBody: object) =>
      fetch(`${service.url}/v1/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ ...inBody, batch: Array.from({ length: events }, event) }),
      });

    test('may be half as large as one whose key is in a header', async () => {
      const stranger = await track(60, {}, { writeKey: KEY });
      expect(stranger.status).toBe(413);
      expect(await stranger.json()).toMatchObject({
        code: 'BODY_TOO_LARGE',
        message: expect.stringContaining('524288'),
      });
      expect((await track(60, { authorization: `Bearer ${KEY}` }, {})).status).toBe(200);
      expect((await track(40, {}, { writeKey: KEY })).status).toBe(200);
    });
  },
  { settings },
);

describeOn(
  'SQLite',
  'more callers than may be in hand whose bodies do not come',
  (service) => {
    test('take no room from others, and those who came first are hung up on', async () => {
      const callers = Array.from({ length: 30 }, () => new SlowCaller(service));
      for (const caller of callers) caller.head('/v1/decisions', ...JSON_BODY);
      const ended = () => callers.filter((caller) => caller.ended);
      while (ended().length < 10) {
        const { served } = await service.decide({ visitorId: someone(), placements: ['hero'] });
        expect(served).toBe('full');
        expect((await service.post('/v1/track', { userId: someone(), event: 'Seen' })).status).toBe(200);
      }
      expect(ended().every(({ heard }) => heard.startsWith('HTTP/1.1 408 '))).toBe(true);
      // One of ours may have been on its way at that moment.
      expect(ended().length).toBeLessThan(15);
      for (const caller of callers) await caller.leave();
    });
  },
  { settings: { USHER_MAX_IN_FLIGHT: '20', USHER_BODY_TIMEOUT_MS: '600000' } },
);
