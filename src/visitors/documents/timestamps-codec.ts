/** Timestamps of one event as bytes in which a window can be found as they lie. */
import type { Millis } from '../../engine/language/millis.js';
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import { isWhole, type ByteWriter } from '../bytes/byte-writer.js';

/** How many bytes each may take, the last as a number of any kind. */
const WIDTHS = [4, 5, 6, 8];
const DOUBLE = 8;

/**
 * Appends timestamps: as distances from the first, all as wide as the widest needs; others as doubles.
 */
export function writeTimestamps(writer: ByteWriter, timestamps: readonly Millis[]): void {
  const first = timestamps.reduce((a, b) => Math.min(a, b), timestamps[0] ?? 0);
  const width = timestamps.every(isWhole)
    ? widthOf(timestamps.reduce((widest, timestamp) => Math.max(widest, timestamp - first), 0))
    : DOUBLE;
  writer.byte(width);
  if (width === DOUBLE) return writer.doubles(timestamps);
  writer.signed(first);
  for (const timestamp of timestamps) writer.fixed(timestamp - first, width);
}

/** Timestamps, read as they lie. */
export class StoredTimestamps {
  private readonly width: number;
  private readonly first: Millis;
  private readonly from: number;

  /** Passes over them in the reader. */
  constructor(
    private readonly reader: ByteReader,
    private readonly length: number,
  ) {
    this.width = reader.byte();
    if (!WIDTHS.includes(this.width)) throw new CorruptDocument('its timestamps are not what they should be');
    this.first = this.width === DOUBLE ? 0 : reader.signed();
    this.from = reader.skip(this.width * length);
  }

  at(position: number): Millis {
    if (position >= this.length) return NaN;
    const distance = distanceAt(this.reader, this.from + this.width * position, this.width);
    return this.width === DOUBLE ? distance : this.first + distance;
  }

  countBefore(instant: Millis, inclusive: boolean): number {
    const { reader, from, width, length } = this;
    const distance = instant - this.first;
    let low = 0;
    let high = length;
    // Its own bisection: with a call for every look, each number would be put on the heap.
    while (low < high) {
      const middle = high === length ? high - 1 : (low + high) >>> 1;
      const here = distanceAt(reader, from + width * middle, width);
      if (here < distance || (inclusive && here === distance)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function distanceAt(reader: ByteReader, at: number, width: number): number {
  if (width === DOUBLE) return reader.doubleAt(at);
  const low = reader.byteAt(at) + reader.byteAt(at + 1) * 2 ** 8 + reader.byteAt(at + 2) * 2 ** 16;
  const next = low + reader.byteAt(at + 3) * 2 ** 24;
  if (width === 4) return next;
  const more = next + reader.byteAt(at + 4) * 2 ** 32;
  return width === 5 ? more : more + reader.byteAt(at + 5) * 2 ** 40;
}

/** How many bytes a whole number needs. */
function widthOf(value: number): number {
  return WIDTHS.find((width) => value < 256 ** width) ?? DOUBLE;
}
