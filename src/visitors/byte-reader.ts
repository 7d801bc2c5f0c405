import { CorruptDocument } from '../errors.js';

/** Reads what a `ByteWriter` wrote. Throws {@link CorruptDocument} where the bytes end too early or are not what they should be. */
export class ByteReader {
  private position = 0;

  constructor(private readonly bytes: Buffer) {}

  byte(): number {
    const value = this.bytes[this.position++];
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
    const from = this.position;
    this.position += length;
    if (this.position > this.bytes.length) throw new CorruptDocument('it ends too early');
    return this.bytes.subarray(from, this.position);
  }

  json(): unknown {
    return parse(this.block().toString('utf8'));
  }

  /** Bytes that have their length before them. */
  block(): Buffer {
    return this.raw(this.varint());
  }

  /** Passes over JSON; gives a function that reads it when asked, once. */
  laterJson(): () => unknown {
    const bytes = this.block();
    let read: { readonly value: unknown } | undefined;
    return () => (read ??= { value: parse(bytes.toString('utf8')) }).value;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CorruptDocument('a part of it is not the JSON it should be');
  }
}
