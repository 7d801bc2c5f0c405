import { MalformedBody, UnsupportedMediaType } from '../../errors.js';

/** The encoding of a text by its name in the Encoding Standard, and how many bytes of it are its byte order mark. */
export interface Charset {
  readonly name: string;
  readonly markLength: number;
}

/** How many bytes have to be there to know the charset. */
export const LONGEST_MARK = 3;

const MARKS: readonly (readonly [name: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
/** What is no text in any encoding, by its first bytes (RFC 1952; PKWARE's APPNOTE, 4.3.7). */
const PACKED = [
  {
    magic: [0x1f, 0x8b, 0x08],
    message:
      'It is packed with gzip, and not said to be. Say so: with "Content-Encoding: gzip", ' +
      'for a command by a file name that ends with .gz.',
  },
  {
    magic: [0x50, 0x4b, 0x03],
    message:
      'It is a zip, as the files of spreadsheets are (.xlsx, .ods), and not text. ' +
      'Export the table as CSV, or take the file out of the zip.',
  },
] as const;
/** RFC 2781: of "UTF-16" the mark says which of the two it is. */
const EITHER_UTF_16 = /^(utf-?16|ucs-2|unicode|iso-10646-ucs-2)$/i;

/**
 * The encoding of a text that begins with these bytes: as declared, else by its byte order mark, else UTF-8. Labels are
 * those of the Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels), so that `iso-8859-1` is read as
 * windows-1252. Throws {@link UnsupportedMediaType} for a label nobody knows, {@link MalformedBody} where label and
 * mark contradict each other, and for what is packed.
 */
export function charsetOf(first: Uint8Array, declared?: string): Charset {
  const packed = PACKED.find(({ magic }) => magic.every((byte, at) => first[at] === byte));
  if (packed) throw new MalformedBody(packed.message);
  const [marked, mark = []] = MARKS.find(([, bytes]) => bytes.every((byte, at) => first[at] === byte)) ?? [];
  const name = declared === undefined ? (marked ?? 'utf-8') : readCharset(declared);
  const isEither = declared !== undefined && EITHER_UTF_16.test(declared.trim()) && marked?.startsWith('utf-16');
  if (marked === undefined || marked === name || isEither) return { name: marked ?? name, markLength: mark.length };
  throw new MalformedBody(
    `The text is declared as ${declared}, but begins with the mark of ${marked.toUpperCase()}. Correct what is ` +
      'declared, or leave it out: the mark is enough.',
  );
}

/** The name of the encoding that a label means. Throws {@link UnsupportedMediaType} for a label nobody knows. */
export function readCharset(label: string): string {
  // What it makes of bytes are characters without a meaning.
  if (!/^\s*x-user-defined\s*$/i.test(label)) {
    try {
      return new TextDecoder(label).encoding;
    } catch {
      // What follows says so.
    }
  }
  throw new UnsupportedMediaType(`with the charset ${label}`, 'UTF-8, or name one such as windows-1252 or utf-16le');
}
