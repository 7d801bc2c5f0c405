import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeText } from './decode-text.js';

const units = fc.constantFrom('a', 'é', '€', '🐈', '\uFFFD', '\uFEFF', '\n');
const texts = fc.array(units, { maxLength: 12 }).map((some) => some.join(''));
/** None of them can go on from a whole character, nor begin one that what follows would end. */
const broken = fc.constantFrom([0xff], [0x80], [0xc0, 0x41], [0xed, 0xa0, 0x80], [0xf5, 0x41]);

describe('bytes that are not text', () => {
  test('are told where they begin, whatever stands before and behind them', () => {
    fc.assert(
      fc.property(texts, broken, texts, fc.boolean(), (before, bytes, after, isMarked) => {
        const mark = isMarked ? [0xef, 0xbb, 0xbf] : [];
        // The first one of the file itself is its mark.
        fc.pre(isMarked || !before.startsWith('\uFEFF'));
        const file = Buffer.concat([Buffer.from(mark), Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
        expect(decodeText(file).problem?.offset).toBe(before.length);
      }),
      { numRuns: 500 },
    );
  });

  test('are told of in a file that ends too early, and characters that stand for such bytes are text', () => {
    expect(decodeText(Buffer.from('a\uFFFD€').subarray(0, 6)).problem?.offset).toBe(2);
    expect(decodeText(Buffer.from('a\uFFFD€'))).toEqual({ text: 'a\uFFFD€' });
  });
});
