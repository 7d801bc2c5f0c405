import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';

function read<T>(write: (writer: ByteWriter) => void, from: (reader: ByteReader) => T): T {
  const writer = new ByteWriter();
  write(writer);
  const reader = new ByteReader(writer.finish());
  const result = from(reader);
  expect(reader.left).toBe(0);
  return result;
}

describe('what is written comes back', () => {
  const anyNumber = fc.oneof(
    fc.maxSafeInteger(),
    fc.double(),
    fc.integer(),
    fc.constantFrom(-0, Infinity, -Infinity, 2 ** 53 - 1, 1 - 2 ** 53),
  );

  test('whole numbers of either sign', () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -200, max: 200 })), (value) =>
        expect(
          read(
            (writer) => writer.signed(value),
            (reader) => reader.signed(),
          ),
        ).toBe(value),
      ),
    );
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(200)), (value) =>
        expect(
          read(
            (writer) => writer.varint(value),
            (reader) => reader.varint(),
          ),
        ).toBe(value),
      ),
    );
  });

  test('names with escapes, whatever names were read before', () => {
    JSON.parse(String.raw`{"screen":[],"5\\\"":0}`);
    const bytes = Buffer.from(String.raw`{"screen":1e21,"5\"x":-2.5e-7}`);
    const said = read(
      (writer) => writer.raw(bytes),
      (reader) => reader.json(),
    );
    expect(Object.entries(said as object)).toEqual([
      ['screen', 1e21],
      ['5"x', -2.5e-7],
    ]);
  });

  test('lists of numbers', () => {
    fc.assert(
      fc.property(fc.array(anyNumber), (values) =>
        expect(
          read(
            (writer) => writer.numbers(values),
            (reader) => reader.numbers(values.length),
          ),
        ).toEqual(values),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(3), fc.nat(70_000), fc.nat(2 ** 32 - 1))), (values) =>
        expect([
          ...Array.from(
            read(
              (writer) => writer.codes(values),
              (reader) => reader.codes(values.length),
            ),
          ),
        ]).toEqual(values),
      ),
    );
  });

  test('blocks, wherever the memory they are written to happens to end', () => {
    for (let before = 900; before < 1_100; before++) {
      for (const length of [0, 1, 5, 127, 128, 200]) {
        const content = Buffer.alloc(length, 7);
        const told = read(
          (writer) => {
            writer.raw(Buffer.alloc(before));
            writer.block(() => writer.block(() => writer.raw(content)));
          },
          (reader) => {
            reader.skip(before);
            const inner = reader.block().block();
            return inner.raw(inner.left);
          },
        );
        expect(told.equals(content)).toBe(true);
      }
    }
  });
});
