import type { Codes } from '../../engine/visitor/interaction-columns.js';
import { exactJson } from '../../doors/exact-json.js';
import { CorruptDocument } from '../../errors.js';

/**
 * Reads what a `ByteWriter` wrote. Throws {@link CorruptDocument} where the bytes end too early or are not what they
 * should be.
 */
export class ByteReader {
  constructor(
    private readonly bytes: Buffer,
    private at = 0,
    private end = bytes.length,
  ) {}

  /** The place of the next byte. */
  get place(): number {
    return this.at;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.end - this.at;
  }

  byte(): number {
    if (this.at >= this.end) throw new CorruptDocument('it ends too early');
    return this.bytes[this.at++] as number;
  }

  varint(): number {
    const first = this.byte();
    if (first < 128) return first;
    // Nearly all are lengths of one byte or two: those are whole numbers to the machine, too.
    const second = this.byte();
    return second < 128 ? (first & 127) + second * 128 : this.longVarint((first & 127) + (second & 127) * 128);
  }

  private longVarint(begun: number): number {
    let value = begun;
    for (let factor = 2 ** 14; factor <= 2 ** 49; factor *= 128) {
      const part = this.byte();
      value += (part & 127) * factor;
      if (part < 128) return safe(value);
    }
    throw new CorruptDocument('a number in it does not end');
  }

  signed(): number {
    const first = this.byte();
    const size = first < 128 ? first & 63 : safe((first & 63) + this.varint() * 64);
    return (first & 64) === 0 ? size : 0 - size;
  }

  /** A number of things, of which each takes a byte at least. */
  count(): number {
    const count = this.varint();
    if (count > this.left) throw new CorruptDocument('it ends too early');
    return count;
  }

  /** A view of the next bytes. */
  raw(length: number): Buffer {
    const from = this.skip(length);
    return this.bytes.subarray(from, this.at);
  }

  /** The byte that lies at a place which was passed over. */
  byteAt(place: number): number {
    return this.bytes[place] as number;
  }

  /** The number of eight bytes that lies there. */
  doubleAt(place: number): number {
    return this.bytes.readDoubleLE(place);
  }

  /** Passes over bytes; gives where they begin. */
  skip(length: number): number {
    if (length > this.left) throw new CorruptDocument('it ends too early');
    const from = this.at;
    this.at += length;
    return from;
  }

  /** A reader of the block that begins at a place. */
  blockAt(place: number): ByteReader {
    const reader = new ByteReader(this.bytes, place, this.end);
    const length = reader.varint();
    const from = reader.skip(length);
    reader.at = from;
    reader.end = from + length;
    return reader;
  }

  /** A reader of a block, which is passed over. */
  block(): ByteReader {
    const length = this.varint();
    const from = this.skip(length);
    return new ByteReader(this.bytes, from, this.at);
  }

  /** Passes over a block; gives where it begins, its length included. */
  skipBlock(): number {
    const from = this.at;
    const length = this.varint();
    this.skip(length);
    return from;
  }

  /** Another reader of the same bytes, standing elsewhere. */
  from(position: number): ByteReader {
    return new ByteReader(this.bytes, position, this.end);
  }

  /** A reader of some of the bytes that are left. */
  within(start: number, end: number): ByteReader {
    return new ByteReader(this.bytes, this.at + start, this.at + end);
  }

  /** Another reader at the same place. */
  copy(): ByteReader {
    return new ByteReader(this.bytes, this.at, this.end);
  }

  /** A whole number from 0, in so many bytes, at most 6, the lowest first. */
  fixed(width: number): number {
    const from = this.skip(width);
    return this.bytes.readUIntLE(from, width);
  }

  doubles(count: number): number[] {
    return Array.from(this.floats(count));
  }

  /** Numbers of eight bytes each, in a place of their own. */
  floats(count: number): Float64Array {
    const from = this.skip(8 * count);
    const values = new Float64Array(count);
    for (let at = 0; at < count; at++) values[at] = this.doubleAt(from + 8 * at);
    return values;
  }

  numbers(count: number): number[] {
    const kind = this.byte();
    if (kind === 1) return this.doubles(count);
    if (kind !== 0 || count > this.left) throw new CorruptDocument('numbers in it are not what they should be');
    const values = new Array<number>(count);
    for (let at = 0, value = 0; at < count; at++) values[at] = value += this.signed();
    return values;
  }

  /** Bytes are read in place; wider numbers are copied to where they may lie. The count must have been checked. */
  codes(count: number): Codes {
    const width = this.byte();
    if (width === 0) {
      const value = this.varint();
      return (value < 256 ? new Uint8Array(count) : new Uint32Array(count)).fill(value);
    }
    const from = this.skip(width * count);
    if (width === 1) return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + from, count);
    if (width === 2) return Uint16Array.from({ length: count }, (_, at) => this.bytes.readUInt16LE(from + 2 * at));
    if (width === 4) return Uint32Array.from({ length: count }, (_, at) => this.bytes.readUInt32LE(from + 4 * at));
    throw new CorruptDocument('numbers in it are not what they should be');
  }

  /** A text of so many bytes. */
  text(length: number, encoding: 'utf8' | 'utf16le'): string {
    const from = this.skip(length);
    return this.bytes.toString(encoding, from, this.at);
  }

  /** What all bytes that are left say as JSON. */
  json(): unknown {
    const text = this.text(this.left, 'utf8');
    try {
      // Of names that are written with escapes JSON.parse alone may make others.
      return text.includes('\\') ? exactJson(text) : JSON.parse(text);
    } catch {
      throw new CorruptDocument('a part of it is not the JSON it should be');
    }
  }
}

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw new CorruptDocument('a number in it is too large');
  return value;
}
