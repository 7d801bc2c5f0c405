import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileOperator } from '../match/operators.js';
import { numberIn } from './number-in.js';

describe('the number in a value', () => {
  test.each([
    ['149.90', 149.9],
    [' -1e3 ', -1000],
    [7, 7],
    ['149,90', undefined],
    ['149.90 EUR', undefined],
    ['', undefined],
    ['Infinity', undefined],
    [true, undefined],
    [['7'], undefined],
    [null, undefined],
  ])('of %j is %j', (value, number) => {
    expect(numberIn(value)).toBe(number);
  });

  test('is the one that the numeric operators compare', () => {
    const [less, more] = [compileOperator('lessThan'), compileOperator('greaterThan')];
    const texts = fc.oneof(fc.double().map(String), fc.string(), fc.constantFrom('0x10', '1_000', '١', '5 ', '.5'));
    fc.assert(
      fc.property(texts, fc.double({ noNaN: true, noDefaultInfinity: true }), (text, value) => {
        const number = numberIn(text);
        if (number === undefined) return;
        expect([less?.(text, value), more?.(text, value)]).toEqual([number < value, number > value]);
      }),
    );
  });
});
