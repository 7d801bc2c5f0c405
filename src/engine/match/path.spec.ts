import { describe, expect, test } from '@jest/globals';
import { compilePath } from './path.js';

const person = {
  name: 'Rex',
  tags: ['a', 'b', 'c'],
  home: { city: 'Ghent', rooms: [{ m2: 12 }, { m2: 20 }] },
  'odd name': 1,
  m2: 5,
};
const read = (path: string, value: unknown = person) => compilePath(path)?.(value);

describe('a path', () => {
  test.each([
    ['$.home.city', 'Ghent'],
    ['home.city', 'Ghent'],
    ['$.tags[1]', 'b'],
    ['$.tags.length', 3],
    ["$['odd name']", 1],
    ['$["odd name"]', 1],
    ['$.home.rooms[1].m2', 20],
    ['$.nobody.city', undefined],
    ['$.name.city', undefined],
    ['$.toString', undefined],
    ['$.tags[*]', ['a', 'b', 'c']],
    ['$.tags[0:2]', ['a', 'b']],
    ['$.tags[-1:]', ['c']],
    ['$.home.rooms[*].m2', [12, 20]],
    ['$..m2', [5, 12, 20]],
    ['$.tags[7:9]', undefined],
    ['$', person],
  ])('%s leads to %j', (path, expected) => {
    expect(read(path)).toEqual(expected);
  });

  test('leaves a primitive as it is', () => {
    expect(read('$.a.b', 'text')).toBe('text');
    expect(read('$.a[*]', 7)).toBe(7);
    expect(read('$.a', null)).toBeNull();
  });

  test.each([
    '$[?(@.price > 1)]',
    '$[(@.length-1)]',
    '$.a^',
    '$.a~',
    '$.a.@number()',
    '$[0,1]',
    '',
    '$.',
    '$..',
    'a..',
    '$a',
    '$.a b[',
    '$.a[b]',
    "$['*']",
  ])('may not be %s', (path) => {
    expect(compilePath(path)).toBeUndefined();
  });
});
