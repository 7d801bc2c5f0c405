/**
 * Lists of texts as bytes: each says how much of the one before it begins with too, and only then what it adds; a UUID at
 * its end is 16 bytes. What is added lies in one stretch, so that a list is read with one decoding and cut up.
 */
import { CorruptDocument } from '../errors.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { packUuids, stemOf, unpackUuids, UUID_BYTES, UUID_LENGTH } from './uuid-codec.js';

/** What a list says of itself: some texts begin like the one before, or end in a UUID; all are UUIDs; two bytes a character. */
const SHARED = 1;
const UUIDS = 2;
const BARE = 4;
const WIDE = 8;

/** Appends texts in their order; those that begin alike are best side by side. */
export function writeTexts(writer: ByteWriter, texts: readonly string[]): void {
  const stems = texts.map(stemOf);
  const uuids = texts.filter((text, at) => stems[at] !== text).map((text) => text.slice(-UUID_LENGTH));
  writer.varint(texts.length);
  if (uuids.length > 0 && stems.every((stem, at) => stem === '' && texts[at] !== '')) {
    writer.byte(BARE);
    return writer.raw(packUuids(uuids));
  }
  const shared = stems.map((stem, at) => sharedLength(stems[at - 1] ?? '', stem));
  const text = stems.map((stem, at) => stem.slice(shared[at])).join('');
  const flags = (shared.some((length) => length > 0) ? SHARED : 0) + (uuids.length > 0 ? UUIDS : 0) + (text.isWellFormed() ? 0 : WIDE);
  writer.byte(flags);
  writer.bytes(Buffer.from(text, flags & WIDE ? 'utf16le' : 'utf8'));
  for (let at = 0; at < stems.length; at++) {
    const stem = stems[at] ?? '';
    const alike = shared[at] ?? 0;
    if (flags & SHARED) writer.varint(alike);
    writer.varint(flags & UUIDS ? 2 * (stem.length - alike) + Number(stem !== texts[at]) : stem.length - alike);
  }
  writer.raw(packUuids(uuids));
}

/** Reads what {@link writeTexts} wrote. */
export function readTexts(reader: ByteReader): readonly string[] {
  const count = reader.count();
  const flags = reader.byte();
  if (flags > SHARED + UUIDS + BARE + WIDE) throw new CorruptDocument('its texts are not what they should be');
  if (flags & BARE) return unpackUuids(reader.raw(UUID_BYTES * count));
  const text = reader.text(reader.varint(), flags & WIDE ? 'utf16le' : 'utf8');
  const texts: string[] = [];
  const withUuid: number[] = [];
  let stem = '';
  let from = 0;
  for (let at = 0; at < count; at++) {
    const shared = flags & SHARED ? reader.varint() : 0;
    const code = reader.varint();
    const length = flags & UUIDS ? Math.floor(code / 2) : code;
    if (flags & UUIDS && code % 2 === 1) withUuid.push(at);
    if (shared > stem.length || from + length > text.length) throw new CorruptDocument('a text in it is longer than it can be');
    const added = text.slice(from, (from += length));
    stem = shared === 0 ? added : stem.slice(0, shared) + added;
    texts.push(stem);
  }
  const uuids = withUuid.length > 0 ? unpackUuids(reader.raw(UUID_BYTES * withUuid.length)) : [];
  for (const [at, place] of withUuid.entries()) texts[place] += uuids[at] ?? '';
  return texts;
}

/** One text of a list that holds so many; where all are UUIDs, only that one is decoded. */
export function textReader(reader: ByteReader): (place: number) => string {
  let texts: readonly string[] | undefined;
  let asked = false;
  return (place) => {
    // Who asks for one rarely asks for another; who asks for two reads them all.
    const one = asked ? undefined : bareText(reader.copy(), place);
    asked = true;
    return one ?? (texts ??= readTexts(reader.copy()))[place] ?? '';
  };
}

function bareText(reader: ByteReader, place: number): string | undefined {
  const count = reader.count();
  if (!(reader.byte() & BARE) || place >= count) return undefined;
  reader.skip(UUID_BYTES * place);
  return unpackUuids(reader.raw(UUID_BYTES))[0];
}

function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}
