const BYTES = 4;

/**
 * 32 bits of an id: FNV-1a over its UTF-16 code units, of which each is taken as two bytes. It lies in files: another
 * one would not find what was written before. Two ids may have the same, so who finds one looks at the id itself.
 */
export function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) {
    const unit = id.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return hash >>> 0;
}

/** The hashes of ids as bytes, each once and in order: four bytes each, the lowest first. */
export function packIds(ids: Iterable<string>, more?: Uint8Array): Uint8Array {
  const hashes = new Set(more && unpackHashes(more));
  for (const id of ids) hashes.add(hashOf(id));
  const sorted = Uint32Array.from(hashes).sort();
  const bytes = new Uint8Array(sorted.length * BYTES);
  const view = new DataView(bytes.buffer);
  sorted.forEach((hash, at) => view.setUint32(at * BYTES, hash, true));
  return bytes;
}

/** Whether one of some hashes is among packed ones. */
export function holdsOneOf(packed: Uint8Array, hashes: readonly number[]): boolean {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  return hashes.some((hash) => isIn(view, hash));
}

function isIn(view: DataView, hash: number): boolean {
  let [from, to] = [0, view.byteLength / BYTES];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (view.getUint32(middle * BYTES, true) < hash) from = middle + 1;
    else to = middle;
  }
  return from * BYTES < view.byteLength && view.getUint32(from * BYTES, true) === hash;
}

function unpackHashes(packed: Uint8Array): number[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: packed.byteLength / BYTES }, (_, at) => view.getUint32(at * BYTES, true));
}
