import { isUtf8 } from 'node:buffer';
import { notTextProblem, NUL_PROBLEM } from '../bytes/not-text.js';
import { toUtf8 } from '../bytes/to-utf8.js';

/** One line of a stream, counted from 1: its text, or what is wrong with it, as in "line 7 is longer than …". */
export type Line =
  | { readonly number: number; readonly text: string; readonly problem?: undefined }
  | { readonly number: number; readonly text?: undefined; readonly problem: string };

/** How lines are read. */
export interface LineOptions {
  /** The longest line, in characters. */
  readonly maxLength: number;
  /** The encoding where it is declared; else a byte order mark says it, else it is UTF-8. */
  readonly charset?: string | undefined;
}

const LF = 0x0a;
/** A character of UTF-16 has three bytes at most. */
const MOST_BYTES = 3;

/**
 * The lines of a stream of text, one at a time: one beyond `maxLength` is passed over without ever being held, one that
 * is not text is told, and the next ones go on. Empty lines are left out but counted. Throws as {@link toUtf8} does.
 */
export async function* readLines(
  stream: AsyncIterable<Uint8Array>,
  { maxLength, charset }: LineOptions,
): AsyncGenerator<Line> {
  let rest: Buffer[] = [];
  let held = 0;
  let number = 0;
  const end = (piece: Buffer): Line | undefined => {
    const bytes = held === 0 ? piece : Buffer.concat([...rest, piece]);
    [rest, held] = [[], 0];
    return toLine(bytes, ++number, maxLength);
  };
  for await (const chunk of toUtf8(stream, charset)) {
    let start = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, start)) {
      const line = end(chunk.subarray(start, at));
      start = at + 1;
      if (line) yield line;
    }
    // One that is too long already is not held: what is known of it is enough to refuse it.
    if (held <= maxLength * MOST_BYTES && start < chunk.length) rest.push(chunk.subarray(start));
    held += chunk.length - start;
  }
  const last = held > 0 ? end(Buffer.alloc(0)) : undefined;
  if (last) yield last;
}

function toLine(bytes: Buffer, number: number, maxLength: number): Line | undefined {
  const tooLong = { number, problem: `is longer than the limit of ${maxLength} characters` };
  if (bytes.length > maxLength * MOST_BYTES) return tooLong;
  if (!isUtf8(bytes)) return { number, problem: notTextProblem('utf-8') };
  if (bytes.includes(0)) return { number, problem: NUL_PROBLEM };
  const text = bytes.toString().trim();
  if (text.length > maxLength) return tooLong;
  return text === '' ? undefined : { number, text };
}
