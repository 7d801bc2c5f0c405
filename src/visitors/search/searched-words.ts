import { aliasOf } from '../documents/codec.js';
import { PART, Parts } from '../documents/document-parts.js';
import { StoredVisitor } from '../documents/stored-visitor.js';
import type { TraitWords } from '../memory/trait-words.js';

/** What a document says of traits; undefined for one that only points at another. Throws `CorruptDocument`. */
export function searchedWords(bytes: Uint8Array): TraitWords | undefined {
  return aliasOf(bytes) === undefined ? new StoredVisitor(new Parts(bytes), '').traitWords() : undefined;
}

/** Whether two documents say the very same of traits, told by their bytes. */
export function haveSameWords(one: Uint8Array, other: Uint8Array): boolean {
  if (one[0] !== other[0]) return false;
  const [a, b] = [new Parts(one), new Parts(other)];
  return [PART.traits, PART.said].every((part) => isSame(a.raw(part), b.raw(part)));
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}
