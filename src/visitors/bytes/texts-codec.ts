/**
 * Lists of texts as bytes: each says how much of the one before it begins with too, and only then what it adds; a UUID
 * at its end is 16 bytes. What is added lies in one stretch, so that a list is read with one decoding and cut up.
 */
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { packUuid, unpackUuids, UUID_BYTES, UUID_LENGTH } from './uuid-codec.js';

/**
 * What a list says of itself: some texts begin like the one before, or end in a UUID; all are UUIDs; two bytes a
 * character.
 */
const SHARED = 1;
const UUIDS = 2;
const BARE = 4;
const WIDE = 8;

/** Appends texts in their order; those that begin alike are best side by side. */
export function writeTexts(writer: ByteWriter, texts: readonly string[]): void {
  const { stems, uuids, areBare } = cutUuids(texts);
  writer.varint(texts.length);
  if (areBare) {
    writer.byte(BARE);
    return writer.raw(uuids);
  }
  const { shared, added } = cutShared(stems);
  const flags = (shared ? SHARED : 0) + (uuids.length > 0 ? UUIDS : 0) + (added.isWellFormed() ? 0 : WIDE);
  writer.byte(flags);
  writer.text(added, flags & WIDE ? 'utf16le' : 'utf8');
  for (let at = 0; at < stems.length; at++) {
    const stem = stems[at] as string;
    const alike = shared ? (shared[at] as number) : 0;
    if (shared) writer.varint(alike);
    writer.varint(
      flags & UUIDS
        ? 2 * (stem.length - alike) + Number(stem.length !== (texts[at] as string).length)
        : stem.length - alike,
    );
  }
  writer.raw(uuids);
}

const NO_UUIDS = Buffer.alloc(0);

/** Texts without the UUIDs at their ends, and those, one after the other. */
function cutUuids(texts: readonly string[]): { stems: readonly string[]; uuids: Uint8Array; areBare: boolean } {
  let uuids = NO_UUIDS;
  const stems: string[] = [];
  let found = 0;
  let stemLength = 0;
  for (const text of texts) {
    const mayBe = text.length >= UUID_LENGTH;
    if (mayBe && found === 0) uuids = Buffer.allocUnsafe(UUID_BYTES * texts.length);
    const isFound = mayBe && packUuid(text, uuids, UUID_BYTES * found);
    if (isFound) found++;
    const stem = isFound ? text.slice(0, -UUID_LENGTH) : text;
    stemLength += stem.length;
    stems.push(stem);
  }
  return {
    stems,
    uuids: uuids.subarray(0, UUID_BYTES * found),
    areBare: found > 0 && found === texts.length && stemLength === 0,
  };
}

/** How much of the one before each text begins with, undefined where none does; what they add, one after the other. */
function cutShared(stems: readonly string[], first = ''): { shared: readonly number[] | undefined; added: string } {
  const shared: number[] = [];
  let added = '';
  let isAny = false;
  for (let at = 0, before = first; at < stems.length; at++) {
    const stem = stems[at] as string;
    const length = sharedLength(before, stem);
    if (length > 0) isAny = true;
    shared.push(length);
    added += length === 0 ? stem : stem.slice(length);
    before = stem;
  }
  return { shared: isAny ? shared : undefined, added };
}

/**
 * Appends the texts of a list that fills what is left to read, and more behind them, to the same bytes as {@link
 * writeTexts} of all of them: those that are there are copied as they lie. False, and nothing is appended, where the
 * list would be of another kind with these.
 */
export function writeMoreTexts(writer: ByteWriter, written: ByteReader, more: readonly string[]): boolean {
  const reader = written.copy();
  const count = reader.count();
  const flags = reader.byte();
  const { stems, uuids, areBare } = cutUuids(more);
  if (flags & BARE) {
    if (!areBare) return false;
    writer.varint(count + more.length);
    writer.byte(BARE);
    writer.raw(reader.raw(reader.left));
    writer.raw(uuids);
    return true;
  }
  if (flags & WIDE || (uuids.length > 0 && !(flags & UUIDS))) return false;
  const text = reader.raw(reader.varint());
  const codes = reader.copy();
  const last = lastStem(reader, { count, flags, text });
  if (last === undefined) return false;
  const { shared, added } = cutShared(stems, last);
  if ((shared && !(flags & SHARED)) || !added.isWellFormed()) return false;
  const addedBytes = Buffer.from(added);
  writer.varint(count + more.length);
  writer.byte(flags);
  writer.varint(text.length + addedBytes.length);
  writer.raw(text);
  writer.raw(addedBytes);
  writer.raw(codes.raw(codes.left - reader.left));
  for (let at = 0; at < stems.length; at++) {
    const stem = stems[at] as string;
    const alike = shared?.[at] ?? 0;
    if (flags & SHARED) writer.varint(alike);
    const length = stem.length - alike;
    writer.varint(flags & UUIDS ? 2 * length + Number(stem.length !== (more[at] as string).length) : length);
  }
  writer.raw(reader.raw(reader.left));
  writer.raw(uuids);
  return true;
}

/** The last text of a list without its UUID, by its codes, which are passed over; undefined where it is not ASCII. */
function lastStem(
  codes: ByteReader,
  { count, flags, text }: { readonly count: number; readonly flags: number; readonly text: Buffer },
): string | undefined {
  const [shared, lengths]: [number[], number[]] = [[], []];
  let end = 0;
  for (let at = 0; at < count; at++) {
    shared.push(flags & SHARED ? codes.varint() : 0);
    const code = codes.varint();
    const length = flags & UUIDS ? Math.floor(code / 2) : code;
    lengths.push(length);
    end += length;
  }
  // A character is a byte then, and what is shared can be cut out of the bytes.
  if (end !== text.length) return undefined;
  let stem = '';
  for (let at = count - 1, left = Infinity; at >= 0 && left > 0; at--) {
    const [before, length] = [shared[at] as number, lengths[at] as number];
    end -= length;
    if (left > before) stem = text.toString('latin1', end, end + Math.min(length, left - before)) + stem;
    left = Math.min(left, before);
  }
  return stem;
}

/** Reads what {@link writeTexts} wrote. */
export function readTexts(reader: ByteReader): readonly string[] {
  const count = reader.count();
  const flags = reader.byte();
  if (flags > SHARED + UUIDS + BARE + WIDE) throw new CorruptDocument('its texts are not what they should be');
  if (flags & BARE) return unpackUuids(reader.raw(UUID_BYTES * count));
  const text = reader.text(reader.varint(), flags & WIDE ? 'utf16le' : 'utf8');
  const texts = new Array<string>(count);
  let withUuid: number[] | undefined;
  let stem = '';
  let from = 0;
  for (let at = 0; at < count; at++) {
    const shared = flags & SHARED ? reader.varint() : 0;
    const code = reader.varint();
    const length = flags & UUIDS ? Math.floor(code / 2) : code;
    if (flags & UUIDS && code % 2 === 1) (withUuid ??= []).push(at);
    if (shared > stem.length || from + length > text.length)
      throw new CorruptDocument('a text in it is longer than it can be');
    const added = text.slice(from, (from += length));
    stem = shared === 0 ? added : stem.slice(0, shared) + added;
    texts[at] = stem;
  }
  if (!withUuid) return texts;
  const uuids = unpackUuids(reader.raw(UUID_BYTES * withUuid.length));
  for (const [at, place] of withUuid.entries()) texts[place] += uuids[at] ?? '';
  return texts;
}

/** The UUIDs of a list that fills what is left to read, where every text of it ends with one; else undefined. */
export function uuidsOnly(list: ByteReader): Buffer | undefined {
  const reader = list.copy();
  const count = reader.count();
  const flags = reader.byte();
  if (!(flags & BARE)) {
    if (!(flags & UUIDS)) return undefined;
    reader.skip(reader.varint());
    for (let at = 0; at < count; at++) {
      if (flags & SHARED) reader.varint();
      if (reader.varint() % 2 === 0) return undefined;
    }
  }
  return reader.raw(UUID_BYTES * count);
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
