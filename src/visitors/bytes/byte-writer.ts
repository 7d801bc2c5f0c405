/** How many bytes 2^53 takes. */
const WIDEST_VARINT = 8;

const FIRST_SIZE = 1_024;
/** A writer that is used again keeps no more memory than that. */
const MOST_KEPT = 64 * 1_024;

/** A list of numbers. */
type Numbers = readonly number[] | Float64Array;

/** Writes numbers and texts one after the other into bytes. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(FIRST_SIZE);
  private length = 0;

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  /** A whole number from 0 to 2^53, in seven bits per byte, the lowest first (LEB128). */
  varint(value: number): void {
    this.reserve(WIDEST_VARINT);
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.buffer[this.length++] = (rest % 128) + 128;
    this.buffer[this.length++] = rest;
  }

  /** A whole number of either sign, small ones short: six bits and the sign in the first byte, the rest as a varint. */
  signed(value: number): void {
    const size = Math.abs(value);
    const first = (size % 64) + (value < 0 ? 64 : 0);
    if (size < 64) return this.byte(first);
    this.byte(first + 128);
    this.varint(Math.floor(size / 64));
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A whole number from 0, in so many bytes, six at most, the lowest first. */
  fixed(value: number, width: number): void {
    this.reserve(width);
    this.length = this.buffer.writeUIntLE(value, this.length, width);
  }

  /** Numbers of any kind, eight bytes each. */
  doubles(values: Numbers): void {
    this.reserve(8 * values.length);
    for (const value of values) this.length = this.buffer.writeDoubleLE(value, this.length);
  }

  /** Numbers of any kind; whole ones that lie close together are short. */
  numbers(values: Numbers): void {
    const exact = lieClose(values);
    this.byte(exact ? 0 : 1);
    if (!exact) return this.doubles(values);
    for (let at = 0, before = 0; at < values.length; at++) {
      const value = values[at] as number;
      this.signed(value - before);
      before = value;
    }
  }

  /**
   * Small whole numbers of which any may be read without the others: in 1, 2 or 4 bytes each, or once when all are the
   * same.
   */
  codes(values: ArrayLike<number>): void {
    const { length } = values;
    let [least, most] = [values[0] ?? 0, 0];
    for (let at = 0; at < length; at++) {
      const value = values[at] as number;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    const width = least === most ? 0 : most < 2 ** 8 ? 1 : most < 2 ** 16 ? 2 : 4;
    this.byte(width);
    if (width === 0) return this.varint(most);
    for (let at = 0; at < length; at++) this.fixed(values[at] as number, width);
  }

  /** A text with the number of its bytes before it. */
  text(text: string, encoding: 'utf8' | 'utf16le'): void {
    const length = Buffer.byteLength(text, encoding);
    this.varint(length);
    this.reserve(length);
    this.length += this.buffer.write(text, this.length, encoding);
  }

  json(value: unknown): void {
    const text = JSON.stringify(value);
    // A character is of three bytes at most in UTF-8, two of those that make one of four.
    this.reserve(3 * text.length);
    this.length += this.buffer.write(text, this.length);
  }

  /** Whatever is written meanwhile, with its length before it. */
  block(write: () => void): void {
    const from = this.length;
    write();
    const length = this.length - from;
    // The length is only known now, and goes in front.
    const room = widthOfVarint(length);
    // As much as `varint` asks for: what it would have to grow by then would end where it stands, in front.
    this.reserve(WIDEST_VARINT);
    this.buffer.copyWithin(from + room, from, from + length);
    this.length = from;
    this.varint(length);
    this.length += length;
  }

  get position(): number {
    return this.length;
  }

  /** Begins again in the same memory, but for what a long text took. */
  clear(): this {
    this.length = 0;
    if (this.buffer.length > MOST_KEPT) this.buffer = Buffer.allocUnsafe(FIRST_SIZE);
    return this;
  }

  /** What was written, as it lies: until something else is. */
  written(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  finish(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.length));
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, this.length + more));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}

/** Whether a number may be written as a whole distance from another; -0 may not. */
export function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

/** How many bytes {@link ByteWriter.numbers} writes. */
export function lengthOfNumbers(values: Numbers): number {
  if (!lieClose(values)) return 1 + 8 * values.length;
  let [length, before] = [1 + values.length, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    for (let rest = Math.floor(Math.abs(value - before) / 64); rest > 0; rest = Math.floor(rest / 128)) length++;
    before = value;
  }
  return length;
}

/** Whether the way from each number to the next can be written exactly. */
function lieClose(values: Numbers): boolean {
  for (let at = 0, before = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (!isWhole(value) || !Number.isSafeInteger(value - before)) return false;
    before = value;
  }
  return true;
}

function widthOfVarint(value: number): number {
  let width = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) width++;
  return width;
}
