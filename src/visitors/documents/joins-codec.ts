/** What is noted of who was joined and who was parted, as bytes. */
import type { Millis } from '../../engine/language/millis.js';
import type { Memory } from '../memory/memory.js';
import { PART, type Parts } from './document-parts.js';
import type { Join } from '../memory/joins.js';
import type { Parted } from '../memory/parted.js';
import type { Link } from '../memory/sides.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { readTexts, writeTexts } from '../bytes/texts-codec.js';

/** By their numbers; never in another order. */
const BY = [undefined, 'browser', 'server'] as const;

/** Appends which ids came to be a person's, when, and by whose word. */
export function writeJoins(writer: ByteWriter, joins: readonly Join[]): void {
  writeTexts(
    writer,
    joins.map(({ id }) => id),
  );
  writer.codes(joins.map(({ by }) => BY.indexOf(by)));
  writer.numbers(joins.map(({ at }) => at));
}

/** Reads which ids came to be a person's. */
export function readJoins(reader: ByteReader): readonly Join[] {
  const ids = readTexts(reader);
  const codes = reader.codes(ids.length);
  const at = reader.numbers(ids.length);
  return ids.map((id, place) => {
    const by = BY[codes[place] ?? 0];
    return { id, at: at[place] ?? NaN, ...(by && { by }) };
  });
}

interface Named {
  readonly id: string;
}

/** Appends how sides were joined; these are all, in the order of their numbers. */
export function writeLinks(writer: ByteWriter, links: readonly Link[], sides: readonly Named[]): void {
  const number = new Map(sides.map(({ id }, at) => [id, at]));
  writer.varint(links.length);
  writer.numbers(links.flatMap(({ a, b }) => [number.get(a) ?? 0, number.get(b) ?? 0]));
  writer.codes(links.map(({ by }) => BY.indexOf(by)));
  writer.numbers(links.map(({ at }) => at));
}

/** Reads how sides were joined. */
export function readLinks(reader: ByteReader, sides: readonly Named[]): readonly Link[] {
  const count = reader.count();
  const ends = reader.numbers(2 * count);
  const codes = reader.codes(count);
  const idAt = (at: number) => sides[ends[at] ?? NaN]?.id ?? '';
  return reader.numbers(count).map((at, link) => {
    const by = BY[codes[link] ?? 0];
    return { a: idAt(2 * link), b: idAt(2 * link + 1), at, ...(by && { by }) };
  });
}

/** Appends who was parted from whom, and when. */
export function writeParted(writer: ByteWriter, parted: readonly Parted[]): void {
  writeTexts(
    writer,
    parted.flatMap(({ id, from }) => [id, from]),
  );
  writer.numbers(parted.map(({ at }) => at));
}

/** Reads who was parted from whom. */
function readParted(reader: ByteReader): readonly Parted[] {
  const ids = readTexts(reader);
  const at = reader.numbers(Math.floor(ids.length / 2));
  return at.map((one, place) => ({ id: ids[2 * place] ?? '', from: ids[2 * place + 1] ?? '', at: one }));
}

/** Appends by which id a side is about to leave, and since when. */
export function writeParting(writer: ByteWriter, { id, at }: { readonly id: string; readonly at: Millis }): void {
  writeTexts(writer, [id]);
  writer.numbers([at]);
}

/** Reads who was parted from the person of a document, and who is about to be. */
export function readPartings(parts: Parts): Pick<Memory, 'parted' | 'parting'> {
  const [parted, parting] = [parts.find(PART.parted), parts.find(PART.parting)];
  return { ...(parted && { parted: readParted(parted) }), ...(parting && { parting: readParting(parting) }) };
}

/** Reads by which id a side is about to leave. */
function readParting(reader: ByteReader): { readonly id: string; readonly at: Millis } {
  const [id = ''] = readTexts(reader);
  const [at = NaN] = reader.numbers(1);
  return { id, at };
}
