import type { FastifyInstance } from 'fastify';
import { InvalidRequest } from '../errors.js';

/** Where a slash is doubled, or may be the last of the path. */
const ODD = /\/(?:[/?#]|$)/;
const DOUBLED = /\/{2,}/g;
/** The addresses of pages, which browsers resolve others against, keep their slash. */
const OURS = /^\/(v1|ofrep|health|metrics)(\/|$)/;

/**
 * The address that a request means: slashes that are doubled or stand at the end, as where a client's base address ends
 * in one, are as if they were not there. What comes after the path, and what is escaped in it, stays as it came.
 */
export function plainUrl(url: string): string {
  if (!ODD.test(url)) return url;
  const end = url.search(/[?#]/);
  const [given, rest] = end < 0 ? [url, ''] : [url.slice(0, end), url.slice(end)];
  const path = given.replace(DOUBLED, '/');
  return (OURS.test(path) && path.endsWith('/') ? path.slice(0, -1) : path) + rest;
}

/**
 * Why an address, or a part of one, can't be read as text: a `%` that begins no code, or codes that are no UTF-8, as
 * those of half a surrogate pair. Undefined where it can be.
 */
export function unreadableIn(url: string): string | undefined {
  const broken = (url.match(CODES) ?? []).find((codes) => !isText(codes));
  if (broken === undefined) return undefined;
  const shown = broken.length > MOST_SHOWN ? `${broken.slice(0, MOST_SHOWN)}…` : broken;
  return `"${shown}" in the address is no text; ${REMEDY}`;
}

/** Refuses what stands behind a question mark and is no text: it would be looked for as it is escaped. */
export function refuseUnreadableQueries(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const query = request.url.indexOf('?');
    const problem = query < 0 ? undefined : unreadableIn(request.url.slice(query));
    done(problem === undefined ? undefined : new InvalidRequest([{ path: '', message: problem }]));
  });
}

const CODES = /(?:%[0-9a-f]{2})+|%.{0,2}/gi;
const REMEDY = 'write each character as the bytes of its UTF-8, as encodeURIComponent does';
const MOST_SHOWN = 40;

function isText(codes: string): boolean {
  try {
    return decodeURIComponent(codes) !== '';
  } catch {
    return false;
  }
}
