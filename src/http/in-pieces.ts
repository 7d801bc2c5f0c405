import { Readable } from 'node:stream';

/** An answer that is JSON and comes in pieces; all of it is a `T`. */
export type InPieces<T> = Readable & { readonly whole?: T };

/** How much waits for a slow caller, in bytes. */
const MOST_WAITING = 64 * 1024;

/**
 * Sends pieces as they are made, and no faster than they are taken. Where making them fails the connection is ended, so
 * that nobody takes what came for all of it, and `failed` hears why.
 */
export function inPieces<T>(pieces: AsyncIterable<string>, failed: (why: string) => void): InPieces<T> {
  const body = Readable.from(pieces, { objectMode: false, highWaterMark: MOST_WAITING });
  return body.once('error', ({ message }) => failed(message));
}
