/** How large one rule file may be. */
export const MAX_FILE_BYTES = 1_048_576;

/** The text of a file in UTF-8; a byte order mark is passed over. */
export function decodeText(bytes: Uint8Array): { text: string; problem?: { offset: number; message: string } } {
  try {
    return { text: STRICT.decode(bytes) };
  } catch {
    const text = new TextDecoder('utf-8').decode(bytes);
    return { text, problem: { offset: firstReplaced(bytes, text), message: remedy(bytes) } };
  }
}

const STRICT = new TextDecoder('utf-8', { fatal: true });

function remedy([first, second]: Uint8Array): string {
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isUtf16 ? 'the file is in UTF-16; save it as UTF-8' : 'this character is not in UTF-8; save the file as UTF-8';
}

/** The first character that stands for bytes which are not UTF-8; one that the file itself contains is passed over. */
function firstReplaced(bytes: Uint8Array, text: string): number {
  const encoder = new TextEncoder();
  for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, at + 1)) {
    const start = encoder.encode(text.slice(0, at)).length + markLength(bytes);
    if (bytes[start] !== 0xef || bytes[start + 1] !== 0xbf || bytes[start + 2] !== 0xbd) return at;
  }
  return 0;
}

const REPLACEMENT = '\uFFFD';

/** How many bytes the byte order mark has; 0 where there is none. */
export function markLength(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}
