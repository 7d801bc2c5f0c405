/**
 * Where a visitor falls between 0 and 1 under a salt: always the same, evenly spread, and with no relation between one
 * salt and another. MurmurHash3, 32 bits, x86 (A. Appleby, public domain), over UTF-16 units.
 */
export function bucket(salt: string, visitorId: string): number {
  return hash(`${salt}\n${visitorId}`) / 2 ** 32;
}

function hash(text: string): number {
  let state = 0;
  for (let at = 0; at < text.length; at += 2) {
    const block = text.charCodeAt(at) | ((at + 1 < text.length ? text.charCodeAt(at + 1) : 0) << 16);
    state ^= scrambled(block);
    state = (state << 13) | (state >>> 19);
    state = (Math.imul(state, 5) + 0xe6546b64) | 0;
  }
  return finished(state ^ (2 * text.length));
}

function scrambled(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function finished(state: number): number {
  let mixed = state ^ (state >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
