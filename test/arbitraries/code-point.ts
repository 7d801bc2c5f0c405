/** Characters of texts of any kind. */
import fc from 'fast-check';

const FIRST_SURROGATE = 0xd800;
const SURROGATES = 0x800;
const LAST = 0x10ffff;

/**
 * Any code point but the halves of pairs. A text of these is the same for the same seed as one of `unit: 'binary'`, odd
 * names such as `__proto__` included; but that one first lists the million of them, in every file that uses it.
 */
export const codePoint: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: LAST - SURROGATES })
  .map((at) => String.fromCodePoint(at < FIRST_SURROGATE ? at : at + SURROGATES), placeOf);

/** NaN for what is no code point, so that it is not taken for one. */
function placeOf(text: unknown): number {
  if (typeof text !== 'string' || [...text].length !== 1 || !text.isWellFormed()) return NaN;
  const point = text.codePointAt(0) ?? NaN;
  return point < FIRST_SURROGATE ? point : point - SURROGATES;
}
