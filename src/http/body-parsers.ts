import type { Readable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import { charsetIn } from '../doors/bytes/charset-in.js';
import { decodeBytes } from '../doors/bytes/decode-bytes.js';
import { decodeInTurns } from '../doors/bytes/decode-in-turns.js';
import { KNOWN_CODINGS, unpack } from '../doors/bytes/unpack.js';
import { BodyTooLarge, MalformedBody, UnsupportedMediaType } from '../errors.js';
import { jsonInTurns, LONG_JSON } from '../doors/json-in-turns.js';
import { parseJson, type EventsIn } from '../doors/parse-json.js';
import { readPast } from './read-past.js';

/**
 * The largest body of a request that is not a stream, in bytes, compressed or not, where its route says no other: a
 * batch of events.
 */
export const MAX_BODY_BYTES = 1024 * 1024;

/** The largest from a caller whose key can only be in the body, and who may have none. */
const MAX_STRANGERS_BYTES = 512 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The largest body of this route in bytes, where it is not {@link MAX_BODY_BYTES}. */
    readonly maxBodyBytes?: number;
    /** Whether the route reads a table or lines as a stream; all others take a body of JSON alone. */
    readonly readsRows?: true;
    /** What of its body the route judges event by event; the rest is judged before the route sees it. */
    readonly eventsIn?: EventsIn;
  }
}

type BodyRead = (error: Error | null, value?: unknown) => void;

const FORM = 'application/x-www-form-urlencoded';

/**
 * Bodies in, unpacked: JSON is checked for its encoding, its size and poisoned prototypes before anything sees it;
 * NDJSON and CSV are handed on as streams, which have no limit but one per line. JSON comes under other names too:
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
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    try {
      done(null, unpackBody(request, reply, payload));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('onResponse', ({ raw }, _reply, done) => {
    readPast(raw);
    done();
  });
  fastify.removeContentTypeParser(['application/json', 'text/plain']);
  fastify.addContentTypeParser(['application/json', 'text/plain', FORM], options, readJson);
  fastify.addContentTypeParser('*', options, readUntyped);
  fastify.addContentTypeParser(['application/x-ndjson', 'application/ndjson', 'text/csv'], takeRows);
}

/** What has no end and points back to itself is kept from whoever looks at all of a body. */
async function takeRows({ headers, routeOptions }: FastifyRequest, stream: RequestPayload): Promise<RequestPayload> {
  if (routeOptions.config.readsRows) return stream;
  throw new UnsupportedMediaType(headers['content-type'] ?? 'of lines', 'application/json');
}

function readUntyped(request: FastifyRequest, body: Buffer, done: BodyRead): void {
  const type = request.headers['content-type'];
  if (type !== undefined) done(new UnsupportedMediaType(type, 'application/json'));
  else readJson(request, body, done);
}

/** Without a promise for what is short: nearly all is. */
function readJson(request: FastifyRequest, body: Buffer, done: BodyRead): void {
  try {
    if (body.length < LONG_JSON) done(null, readShort(request, body));
    else readLong(request, body).then((value) => done(null, value), done);
  } catch (error) {
    done(error as Error);
  }
}

function readShort(request: FastifyRequest, body: Buffer): unknown {
  checkLength(request, body);
  const text = decodeBytes(body, charsetIn(request.headers['content-type']));
  checkForm(request, text);
  return parseJson(text, 'body', request.routeOptions.config.eventsIn);
}

async function readLong(request: FastifyRequest, body: Buffer): Promise<unknown> {
  checkLength(request, body);
  const text = await decodeInTurns(body, charsetIn(request.headers['content-type']));
  checkForm(request, text);
  return jsonInTurns(text, 'body', request.routeOptions.config.eventsIn);
}

function checkLength(request: FastifyRequest, body: Buffer): void {
  const limit = limitOf(request);
  if (body.length > limit) throw new BodyTooLarge(limit);
  if (body.length === 0) throw new MalformedBody('The body is empty. Send a JSON object.');
}

function checkForm(request: FastifyRequest, text: string): void {
  if (isForm(request) && !/^\s*[[{]/.test(text)) throw new UnsupportedMediaType(FORM, 'application/json');
}

/** Whether a caller has shown no key that is known here, where keys are set: it may be in the body, still to come. */
export function isStranger({ usherScopes }: FastifyRequest): boolean {
  return usherScopes.size === 0;
}

function limitOf(request: FastifyRequest): number {
  const limit = request.routeOptions.config.maxBodyBytes ?? MAX_BODY_BYTES;
  return isStranger(request) ? Math.min(limit, MAX_STRANGERS_BYTES) : limit;
}

/**
 * Unpacks what a body is packed in, before its parser counts its bytes: the limit is one of what is unpacked, and no
 * more than that is ever unpacked.
 */
function unpackBody(request: FastifyRequest, reply: FastifyReply, payload: RequestPayload): RequestPayload {
  const unpacked = unpackOrSay(payload, request.headers['content-encoding'], reply);
  if (unpacked === payload) return payload;
  // Whoever stops reading, because of a limit or of what they read, leaves nothing at work.
  reply.raw.once('close', () => unpacked.destroy());
  return Object.assign(unpacked, { receivedEncodedLength: Number(request.headers['content-length'] ?? 0) });
}

/** RFC 9110, section 12.5.3: an answer of 415 says what may be sent, where that was at fault. */
function unpackOrSay(payload: Readable, contentEncoding: string | undefined, reply: FastifyReply): Readable {
  try {
    return unpack(payload, contentEncoding);
  } catch (error) {
    void reply.header('accept-encoding', KNOWN_CODINGS);
    throw error;
  }
}

function isForm(request: FastifyRequest): boolean {
  return request.headers['content-type']?.toLowerCase().startsWith(FORM) ?? false;
}
