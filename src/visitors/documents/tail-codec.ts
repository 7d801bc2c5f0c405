/**
 * What happened since a document was written, as bytes that are put behind it: an event costs what it takes to tell of
 * it, and the rest of the document is not touched.
 */
import { crc32 } from 'node:zlib';
import { isObject } from '../../engine/language/is-object.js';
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter, isWhole } from '../bytes/byte-writer.js';
import { CHECKSUM_BYTES } from './document-parts.js';
import type { RememberedInteraction } from '../memory/memory.js';
import { readTexts, writeTexts } from '../bytes/texts-codec.js';

/** The first byte of an entry says what it tells of. */
const INTERACTION = 1;

/** Whether an interaction can be written so: its times are whole numbers, not too far from each other. */
export function fitsTail({ timestamp, arrival }: Pick<RememberedInteraction, 'timestamp' | 'arrival'>): boolean {
  return isWhole(timestamp) && isWhole(timestamp * 1_000) && isWhole(arrival - timestamp * 1_000);
}

/** An interaction, with the number of the side that it came under where that is not the one of the person's own id. */
export interface SidedInteraction extends RememberedInteraction {
  readonly side?: number;
}

/** Used again for every event: two writers of their own would take more memory than all else that is made for it. */
const [TAIL, ENTRY] = [new ByteWriter(), new ByteWriter()];

/** The bytes of interactions that {@link fitsTail}. */
export function writeTail(interactions: readonly SidedInteraction[]): Uint8Array {
  TAIL.clear();
  for (const one of interactions) {
    writeInteraction(ENTRY.clear(), one);
    const bytes = ENTRY.written();
    TAIL.varint(bytes.length + CHECKSUM_BYTES);
    TAIL.fixed(crc32(bytes), CHECKSUM_BYTES);
    TAIL.raw(bytes);
  }
  return TAIL.finish();
}

function writeInteraction(
  writer: ByteWriter,
  { event, channel, messageId, timestamp, arrival, properties, side = 0 }: SidedInteraction,
): void {
  writer.byte(INTERACTION);
  // A reader that knows of no sides passes over what follows the first three.
  writeTexts(writer, [event, channel, messageId, ...(side > 0 ? [String(side)] : [])]);
  writer.signed(timestamp);
  writer.signed(arrival - timestamp * 1_000);
  writer.json(properties);
}

/** How many entries there are. Throws {@link CorruptDocument} when the last is cut short. */
export function countTail(reader: ByteReader): number {
  let count = 0;
  for (const left = reader.copy(); left.left > 0; count++) {
    const length = left.varint();
    if (length <= CHECKSUM_BYTES) throw new CorruptDocument('it goes on after its end');
    left.skip(length);
  }
  return count;
}

/** Throws {@link CorruptDocument} when an entry is not as it was written. */
export function verifyTail(reader: ByteReader): void {
  for (const left = reader.copy(); left.left > 0;) checked(left.block());
}

/** The interactions, in the order in which they were put there. Throws {@link CorruptDocument}. */
export function readTail(reader: ByteReader): RememberedInteraction[] {
  return readEntries(reader, readInteraction);
}

/** By message id, the number of the side that an interaction came under, of all that say so. */
export function readTailSides(reader: ByteReader): ReadonlyMap<string, number> {
  const texts = readEntries(reader, (entry) => readTexts(entry));
  return new Map(texts.flatMap(([, , id = '', side]) => (side === undefined ? [] : [[id, Number(side)] as const])));
}

function readEntries<T>(reader: ByteReader, read: (entry: ByteReader) => T): T[] {
  const all: T[] = [];
  for (const left = reader.copy(); left.left > 0;) {
    const entry = checked(left.block());
    if (entry.byte() === INTERACTION) all.push(read(entry));
  }
  return all;
}

function checked(entry: ByteReader): ByteReader {
  const written = entry.fixed(CHECKSUM_BYTES);
  if (crc32(entry.copy().raw(entry.left)) !== written)
    throw new CorruptDocument('the checksum of an event behind it is another');
  return entry;
}

function readInteraction(entry: ByteReader): RememberedInteraction {
  const [event, channel, messageId] = readTexts(entry);
  const timestamp = entry.signed();
  const arrival = timestamp * 1_000 + entry.signed();
  const properties = entry.json();
  if (event === undefined || channel === undefined || messageId === undefined || !isObject(properties))
    throw new CorruptDocument('an event behind it is not what it should be');
  return { event, channel, messageId, timestamp, arrival, properties };
}
