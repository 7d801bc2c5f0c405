import { expect, test } from '@jest/globals';
import { UnreadNumbers } from './unread-numbers.js';

const pathsIn = (value: unknown): readonly string[] => {
  const numbers = new UnreadNumbers();
  numbers.look('properties', { value }, 1);
  return numbers.all().map(({ path }) => path);
};

test.each(['149,90', '1.234,50', '1,234.50', "1'234.50", '1 234', '-0,5', ' 12,5 ', '1.234.567'])(
  'the text %j is a number in another writing',
  (text) => {
    expect(pathsIn(text)).toEqual(['properties.value']);
  },
);

test.each([
  '149.90',
  '1.234',
  '',
  '-',
  ',',
  '20.11.2026',
  '192.168.0.1',
  '1,2,3',
  '0351 12 34',
  'A1,5',
  7,
  null,
  ['1,5'],
])('%j is not, as it counts already or is no number at all', (value) => {
  expect(pathsIn(value)).toEqual([]);
});

test('they are counted by name, with the first line and the first text, the most frequent first', () => {
  const numbers = new UnreadNumbers();
  for (const [line, price] of ['1,5', '2.5', '3,5'].entries())
    numbers.look('properties', { price, sku: '7,1' }, line + 2);
  numbers.look('traits', { price: '9,9' }, 9);
  numbers.look('traits', undefined, 9);
  expect(numbers.all()).toEqual([
    { path: 'properties.sku', count: 3, line: 2, example: '7,1' },
    { path: 'properties.price', count: 2, line: 2, example: '1,5' },
    { path: 'traits.price', count: 1, line: 9, example: '9,9' },
  ]);
});
