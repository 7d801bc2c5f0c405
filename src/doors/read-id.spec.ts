import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codePoint } from '../../test/arbitraries/code-point.js';
import { WrittenNumber } from '../engine/language/written-number.js';
import { readId } from './read-id.js';

const BLANKS = [
  ' ',
  '\t',
  '\n',
  '\u00A0',
  '\u2003',
  '\u3000',
  '\uFEFF',
  '\u200B',
  '\u200D',
  '\u200E',
  '\u2060',
  '\u00AD',
  '\u061C',
  '\u034F',
  '\u115F',
  '\u180E',
  '\u2066',
  '\u2800',
  '\u3164',
  '\uFE0F',
];

describe('an id', () => {
  test.each<[unknown, string]>([
    ['u-9', 'u-9'],
    ['Dora@Example.com', 'Dora@Example.com'],
    [' a b ', 'a b'],
    ['Mu\u0308ller', 'M\u00FCller'],
    ['\uFEFFdora@example.com\u00A0\r\n', 'dora@example.com'],
    [42, '42'],
    [42.0, '42'],
    [-7, '-7'],
    [1e21, '1000000000000000000000'],
    [new WrittenNumber('157963456373623801'), '157963456373623801'],
    ['\u{1F469}\u200D\u{1F52C}', '\u{1F469}\u200D\u{1F52C}'],
    ['\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}', '\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}'],
    ['\u{1F600}'.repeat(256), '\u{1F600}'.repeat(256)],
    [`${' '.repeat(300)}x`, 'x'],
  ])('%j is kept as %j', (said, id) => {
    expect(readId(said)).toEqual({ id });
  });

  test.each([undefined, null, '', ' ', '\u200B\uFEFF\u3000\n'])('%j is none', (said) => {
    expect(readId(said)).toBeUndefined();
  });

  test.each<[unknown, string]>([
    [true, 'must be a text'],
    [{}, 'must be a text'],
    [['u'], 'must be a text'],
    [1.5, 'must be a text; a number is taken as an id only where it is a whole one'],
    [NaN, 'must be a text; a number'],
    [new WrittenNumber('1e999'), 'must be a text; a number'],
    ['a\u0000b', 'has the control character U+0000'],
    ['a\tb', 'has the control character U+0009'],
    ['a\u0085b', 'has the control character U+0085'],
    ['a\uD800', 'has half a surrogate pair'],
    ['x'.repeat(257), 'is 257 characters long; the limit is 256'],
    ['\u{1F600}'.repeat(257), 'is 257 characters long'],
    [1e300, 'is 301 characters long'],
  ])('%j is refused', (said, wrong) => {
    expect(readId(said)).toEqual({ wrong: expect.stringContaining(wrong) });
  });

  const texts = fc.string({ unit: codePoint, maxLength: 40 }).map((text) => text.toWellFormed());

  test('is the same however it is composed, and whatever blanks stand around it', () => {
    const around = fc.array(fc.constantFrom(...BLANKS), { maxLength: 5 }).map((blanks) => blanks.join(''));
    fc.assert(
      fc.property(texts, around, around, (text, before, after) => {
        const read = readId(text);
        for (const form of ['NFC', 'NFD'] as const)
          expect(readId(`${before}${text.normalize(form)}${after}`)).toEqual(read);
      }),
    );
  });

  test('that was read once stays as it is', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const read = readId(text);
        if (read && 'id' in read) expect(readId(read.id)).toEqual(read);
      }),
    );
  });

  test('is the same as a whole number and as the text of its digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 200n), max: 10n ** 200n }), (whole) => {
        expect(readId(new WrittenNumber(String(whole)))).toEqual({ id: String(whole) });
        if (Number.isSafeInteger(Number(whole))) expect(readId(Number(whole))).toEqual({ id: String(whole) });
      }),
    );
  });
});
