import { isUtf8 } from 'node:buffer';
import { MalformedBody } from '../../errors.js';
import { notText, NUL_PROBLEM } from './not-text.js';

const [LF, CR] = [0x0a, 0x0d];

/**
 * The same bytes, as long as they are UTF-8 without NUL characters, in however many pieces they come. Throws
 * `MalformedBody` with the line, counted from 1, where they are not.
 */
export async function* strictUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const lines = new LineCounter();
  for await (const chunk of chunks) {
    if (!isText(decoder, chunk)) throw notText(lines.last + breaksBefore(firstBroken(chunk), chunk), 'utf-8');
    const nul = chunk.indexOf(0);
    if (nul >= 0) throw new MalformedBody(`Line ${lines.last + breaksBefore(nul, chunk)} ${NUL_PROBLEM}`);
    lines.add(chunk);
    yield chunk;
  }
  if (!isText(decoder)) throw notText(lines.last, 'utf-8');
}

function isText(decoder: { decode(bytes?: Buffer, options?: { stream: boolean }): string }, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

/** Counts lines that end in LF, CRLF or CR. */
class LineCounter {
  last = 1;
  private afterCr = false;

  add(chunk: Buffer): void {
    for (const byte of chunk) {
      if (byte === CR || (byte === LF && !this.afterCr)) this.last++;
      this.afterCr = byte === CR;
    }
  }
}

function breaksBefore(end: number, chunk: Buffer): number {
  const counter = new LineCounter();
  counter.add(chunk.subarray(0, end));
  return counter.last - 1;
}

/** Where the first line begins that is not UTF-8; a character that an earlier chunk begins is not judged here. */
function firstBroken(chunk: Buffer): number {
  const begun = chunk.findIndex((byte) => (byte & 0xc0) !== 0x80);
  for (let start = Math.max(0, begun); start < chunk.length;) {
    const found = chunk.subarray(start).findIndex((byte) => byte === LF || byte === CR);
    const end = found < 0 ? chunk.length : start + found;
    if (!isUtf8(chunk.subarray(start, end))) return start;
    start = end + 1;
  }
  return 0;
}
