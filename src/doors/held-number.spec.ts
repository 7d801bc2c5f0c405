import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { heldNumber } from './held-number.js';

describe('a number that is written in digits', () => {
  test.each([
    ['0.1', 0.1],
    ['-12.50', -12.5],
    ['149.90', 149.9],
    ['9007199254740992', 9007199254740992],
    ['157963456373623808', 157963456373623808],
    ['157963456373623800', 157963456373623800],
    ['1000000000000000000000', 1e21],
    ['1e21', 1e21],
    ['1.50E+3', 1500],
    ['0.10000000000000001', 0.1],
    ['0.1000000000000000055511151231257827021181583404541015625', 0.1],
    ['3.141592653589793', Math.PI],
    ['5e-324', 5e-324],
    ['.5', 0.5],
    ['1.', 1],
    ['+7', 7],
    ['-0', 0],
    ['0e999', 0],
    ['0000000000000000000007', 7],
  ])('%s is held', (text, value) => {
    expect(heldNumber(text)).toBe(value);
  });

  test.each([
    '9007199254740993',
    '157963456373623801',
    '-157963456373623801',
    '157963456373623801.0',
    '1.57963456373623801e17',
    '0.1234567890123456789',
    '90071992547409.93',
    '1e999',
    '-1e999',
    '1e-999',
    `1${'0'.repeat(200)}1`,
    '9'.repeat(400),
  ])('%s is not', (text) => {
    expect(heldNumber(text)).toBeUndefined();
  });

  test('is held however a program writes the double that it has', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 17, max: 40 }),
        (value, digits) => {
          for (const text of [String(value), value.toPrecision(digits), value.toExponential(digits - 1)])
            expect(heldNumber(text)).toBe(value === 0 ? 0 : value);
        },
      ),
    );
  });

  test('is held only where no whole number beside it reads the same', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (whole) => {
        const held = heldNumber(String(whole));
        const isShortest = BigInt(Number(whole)) !== whole && decimalOf(Number(whole)) === String(whole);
        expect(held !== undefined).toBe(BigInt(Number(whole)) === whole || isShortest);
      }),
    );
  });
});

/** As JavaScript itself would write it, without an exponent. */
function decimalOf(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  return `${value < 0 ? '-' : ''}${whole}${fraction.padEnd(Number(exponent), '0')}`;
}
