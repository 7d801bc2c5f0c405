import { isUtf8 } from 'node:buffer';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { BodyTooLarge, MalformedBody, UnsupportedMediaType } from '../errors.js';
import { parseJson } from './parse-json.js';

/** The largest body of any request that is not a stream, in bytes: a batch of events. */
export const MAX_BODY_BYTES = 1024 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The largest body of this route in bytes, where it is less than {@link MAX_BODY_BYTES}. */
    readonly maxBodyBytes?: number;
  }
}

type Done = (error: Error | null, body?: unknown) => void;

/**
 * Bodies in: JSON is checked for its encoding, its size and poisoned prototypes before anything sees it; NDJSON and
 * CSV are handed on as streams, which have no limit but one per line.
 */
export function useBodyParsers(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  // What it throws is passed on by the adapter.
  const json = (request: FastifyRequest, body: Buffer, done: Done): void => done(null, parseJson(textOf(request, body), 'body'));
  app.useBodyParser('application/json', { bodyLimit: MAX_BODY_BYTES }, json);
  app.useBodyParser('text/plain', { bodyLimit: MAX_BODY_BYTES }, json);
  fastify.addContentTypeParser(['application/x-ndjson', 'application/ndjson', 'text/csv'], (_request, stream, done) => done(null, stream));
}

function textOf(request: FastifyRequest, body: Buffer): string {
  const limit = request.routeOptions.config.maxBodyBytes ?? MAX_BODY_BYTES;
  if (body.length > limit) throw new BodyTooLarge(limit);
  if (body.length === 0) throw new MalformedBody('The body is empty. Send a JSON object.');
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new UnsupportedMediaType(`encoded as ${encoding}`, 'it uncompressed');
  const charset = /charset="?([^";]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset.trim())) throw new UnsupportedMediaType(`with the charset ${charset}`, 'UTF-8');
  if (!isUtf8(body)) throw new MalformedBody('The body is not UTF-8 text. Send JSON encoded as UTF-8.');
  const text = body.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
