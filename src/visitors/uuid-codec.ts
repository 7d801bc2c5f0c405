/** How many bytes a UUID takes. */
export const UUID_BYTES = 16;

/** How many characters a UUID has. */
export const UUID_LENGTH = 36;
/** The one way of writing it that comes back letter by letter. */
const CANONICAL = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** The last dash, which most other texts don't have there. */
const DASH = 45;
const DASH_FROM_END = 13;
/** Where the two digits of each byte stand. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const DIGITS = Buffer.from('0123456789abcdef');

/** A text without the UUID at its end; the whole text where there is none. */
export function stemOf(text: string): string {
  const length = text.length - UUID_LENGTH;
  if (length < 0 || text.charCodeAt(text.length - DASH_FROM_END) !== DASH) return text;
  return CANONICAL.test(text) ? text.slice(0, length) : text;
}

/** UUIDs as bytes, one after the other. */
export function packUuids(uuids: readonly string[]): Buffer {
  return uuids.length === 0 ? NOTHING : Buffer.from(uuids.join('').replaceAll('-', ''), 'hex');
}

const NOTHING = Buffer.alloc(0);

/** The UUIDs of such bytes. */
export function unpackUuids(bytes: Uint8Array): string[] {
  const count = bytes.length / UUID_BYTES;
  // Written as one text and cut up: hundreds of small texts made one by one take several times as long.
  const letters = Buffer.alloc(UUID_LENGTH * count, '-');
  for (let from = 0, start = 0; from < bytes.length; from += UUID_BYTES, start += UUID_LENGTH) {
    for (let at = 0; at < UUID_BYTES; at++) {
      const byte = bytes[from + at] as number;
      const place = start + (PLACES[at] as number);
      letters[place] = DIGITS[byte >> 4] as number;
      letters[place + 1] = DIGITS[byte & 15] as number;
    }
  }
  const text = letters.toString('latin1');
  return Array.from({ length: count }, (_, at) => text.slice(UUID_LENGTH * at, UUID_LENGTH * (at + 1)));
}
