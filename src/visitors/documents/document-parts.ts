/**
 * A document as parts, each with a number: a reader takes those it knows and passes over the others. Behind them may be
 * a tail.
 */
import { crc32 } from 'node:zlib';
import { CorruptDocument } from '../../errors.js';
import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';

/** The parts by number. A number is never used again for something else. */
export const PART = {
  of: 0,
  ids: 1,
  traits: 2,
  counters: 3,
  consents: 4,
  interactions: 5,
  arrivals: 6,
  said: 7,
  evicted: 8,
  forgotten: 9,
  joining: 10,
  checksum: 11,
  origin: 12,
  ofBrowsers: 13,
  letGoByBrowsers: 14,
  outranked: 15,
  joins: 16,
  sides: 17,
  sidesInteractions: 18,
  parted: 19,
  parting: 20,
  contacts: 21,
  sidesContacts: 22,
} as const;

/**
 * The bytes of a document: its kind, a table of its parts, the parts, the last of which is a checksum of the others.
 */
export function writeParts(kind: number, writers: ReadonlyMap<number, (writer: ByteWriter) => void>): Uint8Array {
  const table = new ByteWriter();
  const contents = new ByteWriter();
  table.byte(kind);
  table.varint(writers.size + 1);
  for (const [number, write] of writers) {
    const from = contents.position;
    write(contents);
    table.varint(number);
    table.varint(contents.position - from);
  }
  table.varint(PART.checksum);
  table.varint(CHECKSUM_BYTES);
  contents.fixed(crc32(contents.written()), CHECKSUM_BYTES);
  return Buffer.concat([table.written(), contents.written()]);
}

/** How many bytes a checksum takes: CRC-32, as in zlib. */
export const CHECKSUM_BYTES = 4;

/** The parts of a document that a reader knows. */
export class Parts {
  private readonly contents: ByteReader;
  /** Three numbers for each part: its own, and where in the contents it begins and ends. */
  private readonly table: number[] = [];
  /** What was put behind the parts since they were written. */
  readonly tail: ByteReader;

  /** Reads the table only. Throws {@link CorruptDocument} when the bytes are fewer than it says. */
  constructor(readonly bytes: Uint8Array) {
    const buffer = asBuffer(bytes);
    const reader = new ByteReader(buffer, 1);
    let end = 0;
    for (let left = reader.count(); left > 0; left--) {
      const number = reader.varint();
      const start = end;
      end += reader.varint();
      if (number > LAST_PART) continue;
      this.table.push(number, start, end);
    }
    if (end > reader.left) throw new CorruptDocument('it ends too early');
    this.contents = reader;
    this.tail = reader.within(end, reader.left);
  }

  /**
   * Throws {@link CorruptDocument} when the parts are not as they were written. Costs a look at every byte: for those
   * who write.
   */
  verify(): void {
    const at = this.rowOf(PART.checksum);
    if (at < 0) return;
    const start = this.table[at + 1] as number;
    const written = this.contents.within(start, this.table[at + 2] as number).fixed(CHECKSUM_BYTES);
    if (crc32(this.contents.copy().raw(start)) !== written) throw new CorruptDocument('its checksum is another');
  }

  /** The bytes of a part; undefined when it was left out. */
  raw(number: number): Uint8Array | undefined {
    const reader = this.find(number);
    return reader?.raw(reader.left);
  }

  /** A reader of a part from its beginning; undefined when it was left out. */
  find(number: number): ByteReader | undefined {
    const at = this.rowOf(number);
    return at < 0 ? undefined : this.contents.within(this.table[at + 1] as number, this.table[at + 2] as number);
  }

  /** Of a part that is there twice, which no version writes, the last counts. */
  private rowOf(number: number): number {
    const { table } = this;
    let at = table.length - 3;
    while (at >= 0 && table[at] !== number) at -= 3;
    return at;
  }
}

const LAST_PART = Math.max(...Object.values(PART));

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
