/**
 * The same bytes, in memory that holds nothing else: what is sent to another thread takes all of its memory with it,
 * and short texts as bytes lie together with many others.
 */
export function aloneInMemory(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
