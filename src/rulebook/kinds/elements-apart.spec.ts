import { describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../build/load-rulebook.js';

type Condition = object;

const profile = (path: string, operator: string, value: unknown = 1): Condition => ({
  ...{ fact: 'profile', path, operator, value },
});
const sku = profile('$.items[*].sku', 'contains', 'x');
const quantity = profile('$.items[*].quantity', 'someFact:greaterThan', 2);

/** The paths that are warned of. */
function warnedOf(conditions: Condition): string[] {
  const text = JSON.stringify({ name: 'Some', conditions });
  const { problems, warnings } = loadRulebook([{ path: 'segments/some.json', text }]);
  expect(problems).toEqual([]);
  return warnings.map(({ column, message }) => {
    expect(message).toContain('each may be met by another element of it; to ask both of one, record each element');
    return String(JSON.parse(/^"[^"]*"/.exec(text.slice(column - 1))?.[0] ?? '""'));
  });
}

describe('two conditions on the elements of one list', () => {
  test.each<[string, Condition]>([
    ['side by side', { all: [sku, profile('$.city', 'equal'), quantity] }],
    ['in an all of the all', { all: [sku, { all: [quantity] }] }],
    ['under any', { any: [profile('$.city', 'equal'), { all: [sku, quantity] }] }],
    ['under not', { not: { all: [sku, quantity] } }],
    ['under any in an all', { all: [profile('$.city', 'equal'), { any: [{ all: [sku, quantity] }] }] }],
    ['of a slice', { all: [profile('$.items[0:3].sku', 'contains'), profile('$.items[0:3].quantity', 'contains')] }],
    ['at any depth', { all: [profile('$..sku', 'contains'), profile('$..quantity', 'someFact:not:equal')] }],
    [
      'of one number, which two may be between',
      { all: [profile('$.items[*].a', 'someFact:greaterThan'), profile('$.items[*].a', 'someFact:lessThan', 5)] },
    ],
    [
      'of what an interaction holds',
      {
        all: [
          {
            fact: 'interactions',
            params: {
              event: 'Order Completed',
              where: {
                all: [
                  { ...sku, fact: 'items', path: '$[*].sku' },
                  { ...quantity, fact: 'items', path: '$[*].q' },
                ],
              },
            },
            operator: 'greaterThan',
            value: 0,
          },
        ],
      },
    ],
  ])('are warned of: %s', (_how, conditions) => {
    expect(warnedOf(conditions)).toHaveLength(1);
  });

  test('are told at the path of each after the first', () => {
    expect(warnedOf({ all: [sku, quantity, profile('$.items[*].price', 'someFact:lessThan', 5)] })).toEqual([
      '$.items[*].quantity',
      '$.items[*].price',
    ]);
  });

  test.each<[string, Condition]>([
    ['one of them is enough', { any: [sku, quantity] }],
    ['the list is to have both', { all: [sku, profile('$.items[*].sku', 'contains', 'y')] }],
    ['the lists are two', { all: [sku, profile('$.orders[*].quantity', 'contains')] }],
    ['the facts are two', { all: [sku, { ...quantity, fact: 'context' }] }],
    ['every element is meant', { all: [sku, profile('$.items[*].quantity', 'everyFact:greaterThan')] }],
    ['none is meant', { all: [sku, profile('$.items[*].quantity', 'not:someFact:greaterThan')] }],
    ['one is looked at', { all: [profile('$.items[0].sku', 'equal'), profile('$.items[0].quantity', 'equal')] }],
    ['one stands under not', { all: [sku, { not: quantity }] }],
  ])('are in order where %s', (_how, conditions) => {
    expect(warnedOf(conditions)).toEqual([]);
  });
});
