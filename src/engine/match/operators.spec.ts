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

  test.each([
    ['startsWith', 'Ghent', 'Gh', true],
    ['startsWith', 'ghent', 'Gh', false],
    ['startsWith', 12, '1', false],
    ['endsWith', 'jo@example.com', '@example.com', true],
    ['endsWith', ['m'], 'm', false],
    ['someValue:startsWith', '51503', ['50', '51'], true],
    ['someFact:endsWith', ['a.de', 'b.com'], '.de', true],
    ['ignoreCase:equal', 'GHENT', 'Ghent', true],
    ['ignoreCase:equal', 'Zoe\u0308', 'zo\u00eb', true],
    ['ignoreCase:equal', 'STRASSE', 'straße', true],
    ['ignoreCase:equal', '\u039f\u0394\u039f\u03a3', '\u03bf\u03b4\u03cc\u03c2', false],
    ['ignoreCase:equal', 'IZMIR', 'izmir', true],
    ['ignoreCase:notEqual', 'GHENT', 'Ghent', false],
    ['ignoreCase:in', 'ghent', ['Ghent', 'Bruges'], true],
    ['ignoreCase:contains', ['PETS', 'Cars'], 'pets', true],
    ['ignoreCase:startsWith', 'gHent', 'Gh', true],
    ['ignoreCase:equal', 7, 7, true],
    ['not:ignoreCase:equal', undefined, 'x', true],
    ['someFact:ignoreCase:equal', ['A', 'b'], 'B', true],
    ['semver:greaterThanInclusive', '10.2.0', '2.10.0', true],
    ['semver:lessThan', '2.0.0-rc.1', '2.0.0', true],
    ['semver:equal', '10.2', '10.2.0', true],
    ['semver:notEqual', 'ten', '10.2.0', false],
    ['semver:lessThan', 'ten', '10.2.0', false],
    ['not:semver:lessThan', 'ten', '10.2.0', true],
    ['someFact:semver:lessThan', ['1.0', '3.0'], '2.0', true],
    ['swap:semver:lessThan', '1.0', '2.0', false],
    ['before', '2026-11-20', '2026-12-24', false],
  ] as const)('%s of %j and %j is %j, and json-rules-engine has none of that name', (name, fact, value, expected) => {
    expect(on(name, fact, value)).toBe(expected);
  });

  test('are the ten of json-rules-engine and seven more, and eight decorators', () => {
    expect(operatorNames).toHaveLength(17);
    expect(decoratorNames).toHaveLength(8);
  });

  test.each([
    'semver:in',
    'semver:contains',
    'semver:not:equal',
    'ignoreCase:lessThan',
    'swap:before',
    'swap:not:during',
  ])('do not know %s, which would compare nothing sensibly', (name) => {
    expect(compileOperator(name)).toBeUndefined();
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
