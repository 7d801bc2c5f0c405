import { setImmediate as nextTurn } from 'node:timers/promises';
import { charsetOf } from './charset.js';
import { decodeBytes } from './decode-bytes.js';

/** Decoded in a millisecond or two. */
const PIECE_BYTES = 1024 * 1024;

/**
 * As {@link decodeBytes}, with a turn of the event loop for each megabyte of UTF-8, so that others are served
 * meanwhile.
 */
export async function decodeInTurns(bytes: Uint8Array, declared?: string): Promise<string> {
  if (bytes.length <= PIECE_BYTES || charsetOf(bytes, declared).name !== 'utf-8') return decodeBytes(bytes, declared);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const pieces: string[] = [];
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const stream = at + PIECE_BYTES < bytes.length;
      pieces.push(decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream }));
      await nextTurn();
    }
  } catch {
    // It says where that is no text.
    return decodeBytes(bytes, declared);
  }
  return pieces.join('');
}
