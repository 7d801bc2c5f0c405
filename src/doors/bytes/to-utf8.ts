import { MalformedBody, UsherError } from '../../errors.js';
import { charsetOf, LONGEST_MARK } from './charset.js';
import { notText } from './not-text.js';

/**
 * A stream of text in UTF-8 and without its byte order mark, whatever it is encoded in, see {@link charsetOf}. What
 * comes as UTF-8 is handed on as it is, and not judged. Throws `MalformedBody` with the line for what is not text in
 * the encoding it is said to be, as there is no character to stand for it.
 */
export async function* toUtf8(chunks: AsyncIterable<Uint8Array>, declared?: string): AsyncGenerator<Buffer> {
  const { first, rest } = await beginning(unbroken(chunks));
  try {
    const { name, markLength } = charsetOf(first, declared);
    const unmarked = joined(first.subarray(markLength), rest);
    yield* name === 'utf-8' ? unmarked : transcoded(unmarked, name);
  } finally {
    // A stream that is left early is let go.
    await rest.return?.();
  }
}

/** A stream that ends before its time, as a connection does that is lost, is a text that can't be read. */
async function* unbroken(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    if (error instanceof UsherError) throw error;
    throw new MalformedBody(`It broke off: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** As many bytes as tell the encoding. */
async function beginning(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ first: Buffer; rest: AsyncIterator<Uint8Array> }> {
  const rest = chunks[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  while (first.length < LONGEST_MARK) {
    const next = await rest.next();
    if (next.done) break;
    first = Buffer.concat([first, next.value]);
  }
  return { first, rest };
}

async function* joined(first: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next())
    yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
}

async function* transcoded(chunks: AsyncIterable<Buffer>, charset: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(charset, { ignoreBOM: true });
  let line = 1;
  const checked = (text: string): Buffer => {
    const replaced = text.indexOf(REPLACEMENT);
    if (replaced >= 0) throw notText(line + breaksIn(text.slice(0, replaced)), charset);
    line += breaksIn(text);
    return Buffer.from(text);
  };
  for await (const chunk of chunks) yield checked(decoder.decode(chunk, { stream: true }));
  yield checked(decoder.decode());
}

/** No other encoding than those of Unicode can say it, and there it stands for a character that was lost earlier. */
const REPLACEMENT = '\uFFFD';

function breaksIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
