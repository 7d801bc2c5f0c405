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

/**
 * The first character that stands for bytes which are not UTF-8; one that the file itself contains is passed over. Goes
 * through both once: whatever comes before it is as long in bytes as it is in UTF-8.
 */
function firstReplaced(bytes: Uint8Array, text: string): number {
  let byte = markLength(bytes);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === REPLACEMENT && !isReplacement(bytes, byte)) return at;
    byte += lengthInUtf8(code);
  }
  return 0;
}

const REPLACEMENT = 0xfffd;

function isReplacement(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
}

/** Of a character, or of half of one: what was decoded holds no half alone, and both together have four bytes. */
function lengthInUtf8(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code >= 0xd800 && code < 0xe000 ? 2 : 3;
}

/** How many bytes the byte order mark has; 0 where there is none. */
export function markLength(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}
