import { charsetOf } from './charset.js';
import { decodeText } from './decode-text.js';
import { notText } from './not-text.js';

/**
 * The text of bytes that are there as a whole, without its byte order mark, see {@link charsetOf}. Throws
 * `MalformedBody` with the line where they are not text in their encoding.
 */
export function decodeBytes(bytes: Uint8Array, declared?: string): string {
  const { name, markLength } = isPlain(bytes, declared) ? UTF_8 : charsetOf(bytes, declared);
  const { text, problem } = name === 'utf-8' ? decodeText(bytes) : decodeOther(bytes.subarray(markLength), name);
  if (problem) throw notText(text.slice(0, problem.offset).split('\n').length, name);
  return text;
}

const UTF_8 = { name: 'utf-8', markLength: 0 };
const BRACE = 0x7b;

/** What begins with a brace begins with no mark, and is not packed. */
function isPlain(bytes: Uint8Array, declared: string | undefined): boolean {
  return bytes[0] === BRACE && (declared === undefined || declared === 'utf-8');
}

function decodeOther(bytes: Uint8Array, charset: string): { text: string; problem?: { offset: number } } {
  const text = new TextDecoder(charset, { ignoreBOM: true }).decode(bytes);
  const offset = text.indexOf('\uFFFD');
  return offset < 0 ? { text } : { text, problem: { offset } };
}
