import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describeOn } from './harness.js';

const settings = { USHER_KEYS: 'browser:the-browser-key-0123456789', USHER_CORS_ORIGINS: 'https://shop.example' };

describeOn(
  'SQLite',
  'the kit that the service serves',
  (service) => {
    /** As it comes, with no reader that unpacks it. */
    const ask = async (path: string, headers: Record<string, string> = {}) => {
      const [response] = (await once(get(`${service.url}${path}`, { headers }), 'response')) as [IncomingMessage];
      const body = Buffer.concat((await response.toArray()) as Buffer[]);
      return { status: response.statusCode, headers: response.headers, body };
    };

    test('is a script that pages of any origin may load without a key, and look at again soon', async () => {
      const { headers, text } = await service.get('/sdk/usher.js');
      expect(Object.fromEntries(headers)).toMatchObject({
        'access-control-allow-origin': '*',
        'cache-control': expect.stringMatching(/^public, max-age=300/),
        'content-type': 'text/javascript; charset=utf-8',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        vary: 'accept-encoding',
      });
      expect(text).toMatch(/^\(\(\)=>\{/);
    });

    test('is packed as the browser takes it, and is no larger than 3 KB then', async () => {
      const { body: plain } = await ask('/sdk/usher.js');
      const forms = { br: brotliDecompressSync, gzip: gunzipSync };
      for (const [coding, unpack] of Object.entries(forms)) {
        const { headers, body } = await ask('/sdk/usher.js', { 'accept-encoding': `deflate, ${coding.toUpperCase()}` });
        expect([headers['content-encoding'], unpack(body).equals(plain)]).toEqual([coding, true]);
        expect(body.length).toBeLessThanOrEqual(3 * 1024);
      }
      for (const refused of ['gzip;q=0, br; q=0.000', 'identity', '', 'gzipped'])
        expect(
          (await ask('/sdk/usher.js', { 'accept-encoding': refused })).headers['content-encoding'],
        ).toBeUndefined();
    });

    test('is not sent again to whoever has it, whatever a proxy made of its ETag', async () => {
      const { headers } = await ask('/sdk/usher.js', { 'accept-encoding': 'gzip' });
      const { etag = '' } = headers;
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await ask('/sdk/usher.js', { 'accept-encoding': 'gzip', 'if-none-match': known });
        expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag]);
      }
      expect((await ask('/sdk/usher.js', { 'if-none-match': etag })).status).toBe(200);
    });

    test('is for ever at an address of its digest, and what is there can be held to its integrity', async () => {
      const { body } = await service.get('/sdk');
      const { latest, immutable, integrity } = body as { latest: string; immutable: string; integrity: string };
      const answer = await service.get(immutable);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(answer.text).toBe((await service.get(latest)).text);
      expect(integrity).toBe(`sha384-${createHash('sha384').update(answer.text).digest('base64')}`);
    });

    test('is nowhere else', async () => {
      for (const path of ['/sdk/usher.0123456789abcdef.js', '/sdk/..%2fpackage.json', '/sdk/kit-file.js', '/sdk/%00'])
        expect((await ask(path)).status).toBe(404);
    });
  },
  { settings },
);
