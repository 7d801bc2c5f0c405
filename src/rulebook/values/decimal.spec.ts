import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { add, multiply, readDecimal, toNumber } from './decimal.js';

const decimal = fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 6 }));
const text = ([digits, scale]: readonly [number, number]) => Number(`${digits}e-${scale}`);

describe('a decimal number', () => {
  test('is reckoned with as on paper', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [readDecimal(text(a)), readDecimal(text(b))];
        if (!x || !y) throw new TypeError('these are numbers');
        expect(toNumber(multiply(x, y))).toBe(Number(`${BigInt(a[0]) * BigInt(b[0])}e-${a[1] + b[1]}`));
        const scaled = BigInt(a[0]) * 10n ** BigInt(b[1]) + BigInt(b[0]) * 10n ** BigInt(a[1]);
        expect(toNumber(add(x, y))).toBe(Number(`${scaled}e-${a[1] + b[1]}`));
      }),
    );
  });

  test.each([0, -0.5, 1e-7, 1e21, 5e-324, Number.MAX_VALUE, 9_007_199_254_740_991])('keeps %p as it is', (value) => {
    const read = readDecimal(value);
    expect(read && toNumber(read)).toBe(value);
  });

  test.each(['149,90', '1 000', '', ' ', '0x10', 'abc', '1.', 'Infinity', NaN, true, null, undefined, [], '1e99999'])(
    'is not read from %p',
    (value) => {
      expect(readDecimal(value)).toBeUndefined();
    },
  );
});
