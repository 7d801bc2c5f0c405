/** A document as parts, each with a number: a reader takes those it knows and passes over the others. Behind them may be a tail. */
import { CorruptDocument } from '../errors.js';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';

/** The parts by number. A number is never used again for something else. */
export const PART = { of: 0, ids: 1, traits: 2, counters: 3, consents: 4, interactions: 5, arrivals: 6, said: 7, evicted: 8, forgotten: 9, joining: 10 } as const;

/** The bytes of a document: its kind, a table of its parts, the parts. */
export function writeParts(kind: number, writers: ReadonlyMap<number, (writer: ByteWriter) => void>): Uint8Array {
  const table = new ByteWriter();
  const contents = new ByteWriter();
  table.byte(kind);
  table.varint(writers.size);
  for (const [number, write] of writers) {
    const from = contents.position;
    write(contents);
    table.varint(number);
    table.varint(contents.position - from);
  }
  return Buffer.concat([table.finish(), contents.finish()]);
}

/** The parts of a document that a reader knows. */
export class Parts {
  private readonly contents: ByteReader;
  /** Per part, where it begins in the contents; the lengths are in the table. */
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** What was put behind the parts since they were written. */
  readonly tail: ByteReader;

  /** Reads the table only. Throws {@link CorruptDocument} when the bytes are fewer than it says. */
  constructor(bytes: Uint8Array) {
    const buffer = asBuffer(bytes);
    const reader = new ByteReader(buffer, 1);
    let end = 0;
    for (let left = reader.count(); left > 0; left--) {
      const number = reader.varint();
      const start = end;
      end += reader.varint();
      if (number > LAST_PART) continue;
      this.starts[number] = start;
      this.ends[number] = end;
    }
    if (end > reader.left) throw new CorruptDocument('it ends too early');
    this.contents = reader;
    this.tail = reader.within(end, reader.left);
  }

  /** The bytes of a part; undefined when it was left out. */
  raw(number: number): Uint8Array | undefined {
    const reader = this.find(number);
    return reader?.raw(reader.left);
  }

  /** A reader of a part from its beginning; undefined when it was left out. */
  find(number: number): ByteReader | undefined {
    const start = this.starts[number];
    return start === undefined ? undefined : this.contents.within(start, this.ends[number] ?? start);
  }
}

const LAST_PART = Math.max(...Object.values(PART));

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
