import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { BodyTooLarge, MalformedBody, UnsupportedMediaType } from '../errors.js';
import { parseJson, type EventsIn } from '../doors/parse-json.js';

/**
 * The largest body of a request that is not a stream, in bytes, compressed or not, where its route says no other: a
 * batch of events.
 */
export const MAX_BODY_BYTES = 1024 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The largest body of this route in bytes, where it is not {@link MAX_BODY_BYTES}. */
    readonly maxBodyBytes?: number;
    /** What of its body the route judges event by event; the rest is judged before the route sees it. */
    readonly eventsIn?: EventsIn;
  }
}

const FORM = 'application/x-www-form-urlencoded';

/**
 * Bodies in: JSON, gzipped or not, is checked for its encoding, its size and poisoned prototypes before anything sees
 * it; NDJSON and CSV are handed on as streams, which have no limit but one per line. JSON comes under other names too:
 * browsers on their way out send it as text or without a type, other clients as a form.
 */
export function useBodyParsers(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const options = { bodyLimit: MAX_BODY_BYTES, parseAs: 'buffer' } as const;
  fastify.addHook('onRoute', (route) => {
    // Not less: what is a little too large is refused with a word on it, further below.
    const { maxBodyBytes = 0 } = route.config ?? {};
    if (maxBodyBytes > MAX_BODY_BYTES) route.bodyLimit = maxBodyBytes;
  });
  fastify.removeContentTypeParser(['application/json', 'text/plain']);
  fastify.addContentTypeParser(['application/json', 'text/plain', FORM], options, readJson);
  fastify.addContentTypeParser('*', options, readUntyped);
  fastify.addContentTypeParser(['application/x-ndjson', 'application/ndjson', 'text/csv'], (_request, stream, done) =>
    done(null, stream),
  );
}

async function readUntyped(request: FastifyRequest, body: Buffer): Promise<unknown> {
  const type = request.headers['content-type'];
  if (type !== undefined) throw new UnsupportedMediaType(type, 'application/json');
  return readJson(request, body);
}

async function readJson(request: FastifyRequest, body: Buffer): Promise<unknown> {
  const limit = request.routeOptions.config.maxBodyBytes ?? MAX_BODY_BYTES;
  if (body.length > limit) throw new BodyTooLarge(limit);
  const text = textOf(request, await decompressed(request, body, limit));
  if (isForm(request) && !/^\s*[[{]/.test(text)) throw new UnsupportedMediaType(FORM, 'application/json');
  return parseJson(text, 'body', request.routeOptions.config.eventsIn);
}

/** Unpacked no further than the limit, however much there is. */
async function decompressed(request: FastifyRequest, body: Buffer, limit: number): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new UnsupportedMediaType(`encoded as ${encoding}`, 'it uncompressed or gzipped');
  try {
    return await unzip(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new BodyTooLarge(limit);
    throw new MalformedBody('The body is not what gzip makes, or is cut off. Send it whole, or uncompressed.');
  }
}

const unzip = promisify(gunzip);

function textOf(request: FastifyRequest, body: Buffer): string {
  if (body.length === 0) throw new MalformedBody('The body is empty. Send a JSON object.');
  const charset = /charset="?([^";]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset.trim())) throw new UnsupportedMediaType(`with the charset ${charset}`, 'UTF-8');
  if (!isUtf8(body)) throw new MalformedBody('The body is not UTF-8 text. Send JSON encoded as UTF-8.');
  const text = body.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function isForm(request: FastifyRequest): boolean {
  return request.headers['content-type']?.toLowerCase().startsWith(FORM) ?? false;
}
