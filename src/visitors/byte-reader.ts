import { CorruptDocument } from '../errors.js';

/** Reads what a `ByteWriter` wrote. Throws {@link CorruptDocument} where the bytes end too early or are not what they should be. */
export class ByteReader {
  constructor(
    private readonly bytes: Buffer,
    private at = 0,
  ) {}

  get position(): number {
    return this.at;
  }

  /** Another reader of the same bytes, standing elsewhere. */
  from(position: number): ByteReader {
    return new ByteReader(this.bytes, position);
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new CorruptDocument('it ends too early');
    return value;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 56; factor *= 128) {
      const part = this.byte();
      value += (part & 127) * factor;
      if (part < 128) return value;
    }
    throw new CorruptDocument('a number in it does not end');
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A view of the next bytes. */
  raw(length: number): Buffer {
    const from = this.at;
    this.skip(length);
    return this.bytes.subarray(from, this.at);
  }

  /** A copy of the next bytes, so that numbers wider than a byte lie where they may. */
  copy(length: number): ArrayBuffer {
    const from = this.bytes.byteOffset + this.at;
    this.skip(length);
    return this.bytes.buffer.slice(from, from + length) as ArrayBuffer;
  }

  /** Passes over bytes. */
  skip(length: number): void {
    this.at += length;
    if (this.at > this.bytes.length) throw new CorruptDocument('it ends too early');
  }

  /** Passes over a block; gives where its bytes begin. */
  skipBlock(): number {
    const length = this.varint();
    const from = this.at;
    this.skip(length);
    return from;
  }

  json(): unknown {
    const from = this.skipBlock();
    return parse(this.bytes.toString('utf8', from, this.at));
  }

  /** Bytes that have their length before them. */
  block(): Buffer {
    return this.raw(this.varint());
  }

  /** Passes over JSON; gives a function that reads it when asked, once. */
  laterJson(): () => unknown {
    const at = this.at;
    this.skipBlock();
    let read: { readonly value: unknown } | undefined;
    return () => (read ??= { value: this.from(at).json() }).value;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CorruptDocument('a part of it is not the JSON it should be');
  }
}
