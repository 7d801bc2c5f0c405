/** How many bytes a UUID takes. */
export const UUID_BYTES = 16;

/** How many characters a UUID has. */
export const UUID_LENGTH = 36;
const DASH = 45;
/** Where the dashes stand, and the two digits of each byte. */
const DASHES = [8, 13, 18, 23];
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const DIGITS = Buffer.from('0123456789abcdef');
/**
 * What each digit stands for, by its character; 255 for all else, so that only one way of writing comes back letter by
 * letter.
 */
const VALUES = new Uint8Array(256).fill(255);
for (const [value, digit] of DIGITS.entries()) VALUES[digit] = value;

/**
 * Puts the UUID that a text ends with into bytes, from a place on; false, and nothing of worth put there, where it ends
 * with none, or with one that is not written in lower case.
 */
export function packUuid(text: string, into: Uint8Array, at: number): boolean {
  const from = text.length - UUID_LENGTH;
  if (from < 0) return false;
  for (let dash = 0; dash < 4; dash++) if (text.charCodeAt(from + (DASHES[dash] as number)) !== DASH) return false;
  for (let byte = 0; byte < UUID_BYTES; byte++) {
    const place = from + (PLACES[byte] as number);
    // Two numbers, and no list of them: this runs for every message, and would make thirty objects.
    const high = VALUES[text.charCodeAt(place)] ?? 255;
    const low = VALUES[text.charCodeAt(place + 1)] ?? 255;
    if (high > 15 || low > 15) return false;
    into[at + byte] = high * 16 + low;
  }
  return true;
}

/** The UUIDs of such bytes. */
export function unpackUuids(bytes: Buffer): string[] {
  const count = bytes.length / UUID_BYTES;
  if (count === 1) return [unpackUuid(bytes)];
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

function unpackUuid(bytes: Buffer): string {
  const digits = bytes.toString('hex');
  return (
    `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-` +
    `${digits.slice(16, 20)}-${digits.slice(20)}`
  );
}
