import { describe, expect, test } from '@jest/globals';
import { compileOperator, decoratorNames, operatorNames } from './operators.js';

const on = (name: string, fact: unknown, value: unknown) => compileOperator(name)?.(fact, value);

describe('operators', () => {
  test.each([
    ['lessThan', '7', 100, true],
    ['lessThan', [5], 100, true],
    ['lessThan', null, 100, false],
    ['lessThan', true, 100, false],
    ['lessThan', '', 100, false],
    ['lessThan', {}, 100, false],
    ['lessThan', '10', '9', true],
    ['greaterThan', '2026-11-21', '2026-11-20', true],
    ['in', NaN, [NaN], false],
    ['in', 'ell', 'hello', true],
    ['in', 23, '1234', true],
    ['swap:in', new String('7'), [], true],
    ['in', 1, {}, false],
    ['in', 1, null, false],
    ['contains', 'text', 't', false],
    ['doesNotContain', 'text', 'x', false],
    ['everyFact:equal', [], 1, true],
    ['someFact:greaterThan', [1, 9], 5, true],
    ['someFact:equal', 'a', 'a', false],
    ['everyValue:contains', [1, 2, 3], [1, 2], true],
    ['someValue:equal', 2, [1, 2], true],
    ['swap:in', ['a'], 'a', true],
    ['not:contains', 'no list', 'x', true],
    ['not:everyFact:in', [1, 4], [1, 2], true],
  ] as const)('%s of %j and %j is %j', (name, fact, value, expected) => {
    expect(on(name, fact, value)).toBe(expected);
  });

  test('know the ten operators and six decorators of the rule language', () => {
    expect(operatorNames).toHaveLength(10);
    expect(decoratorNames).toHaveLength(6);
  });

  test.each(['greaterThen', 'every:equal', 'not:', ':equal', 'constructor', 'not:toString'])(
    'do not know %s',
    (name) => {
      expect(compileOperator(name)).toBeUndefined();
    },
  );

  test('let custom ones be decorated like the others', () => {
    const custom = { startsWith: (fact: unknown, value: unknown) => String(fact).startsWith(String(value)) };
    expect(compileOperator('someFact:startsWith', custom)?.(['xa', 'ab'], 'a')).toBe(true);
  });
});
