import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Almanac } from 'json-rules-engine';
import { pathInto } from '../../../test/arbitraries/paths.js';
import { compilePath, definiteNames, firstName, pathProblem } from './path.js';

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

/** What json-rules-engine finds there; undefined as a whole where it throws, as for a path called `toString`. */
async function reference(path: string, value: object): Promise<{ readonly found: unknown } | undefined> {
  const almanac = new Almanac();
  almanac.addFact('x', value as never);
  try {
    return { found: await almanac.factValue('x', {}, path) };
  } catch {
    return undefined;
  }
}

const TWICE = 'it looks at any depth more than once, by ".." or "." before "["; write out the names between';

describe('names that a path cannot say', () => {
  const value = {
    $email: 'rex@example.com',
    'Plan (neu)': 'large',
    'utm:source': 'letter',
    'xml:lang': 'nl',
    '@type': 'Dog',
    '*': 'star',
    '~': 'tilde',
    '(a)': 'parentheses',
    "it's": 'apostrophe',
    'a~b': 'tilde inside',
    "Rex's": { "bow'l": 'nested' },
    '': 'nameless',
    list: [{ id: 7 }],
    a: { 'dot.name': 'dot', '*': 'inner star' },
  };

  test.each([
    ["$['$email']", 'rex@example.com'],
    ['$.$email', 'rex@example.com'],
    ["$['Plan (neu)']", 'large'],
    ['$.Plan (neu)', 'large'],
    ["$['utm:source']", 'letter'],
    ['utm:source', 'letter'],
    ["$['xml:lang']", 'nl'],
    ['$.list.[0].id', 7],
    ["$.a.['dot.name']", 'dot'],
    ["$['it's']", 'apostrophe'],
    ["$.Rex's.bow'l", 'nested'],
    ['$["a~b"]', 'tilde inside'],
    ["$['']", 'nameless'],
    ["$['`@type']", 'Dog'],
    ["$['`*']", 'star'],
    ["$['`~']", 'tilde'],
    ["$['`(a)']", 'parentheses'],
    ['$.a.*', 'inner star'],
  ])('are said: %s leads to %j, as in json-rules-engine', async (path, expected) => {
    expect(compilePath(path)?.(value)).toEqual(expected);
    expect(await reference(path, value)).toEqual({ found: expected });
  });

  test('read a descent where a dot stands before a bracket, as json-rules-engine does', () => {
    expect(read('$.[0].id', [{ id: 7 }])).toBe(7);
    expect(read('$.[0].id', [{ id: 7, more: [{ id: 8 }] }])).toEqual([7, 8]);
    expect(definiteNames('$.[0].id')).toBeUndefined();
  });

  test('are known as the name with which a path begins, unless a backtick leaves two to choose from', () => {
    expect(firstName("$['$email'].domain")).toBe('$email');
    expect(firstName("$['`@type']")).toBeUndefined();
  });

  test.each([
    ['', 'it is empty; write one such as "$.city", or leave "path" out'],
    ['.city', 'it begins with "."; write "$.city"'],
    ['[0].id', 'it begins with "["; write "$[0].id"'],
    ['..a', 'it begins with "."; write "$..a"'],
    ['.', 'it begins with "."; write "$.city"'],
    ['$a', 'after "$" comes "a"; write "$.a", or "$[\'$a\']" for a name that begins with "$"'],
    ['$.a.', 'it ends with "."; write the name that is missing, or remove it'],
    ['$...a', 'there is one "." too many; write ".name", or "..name" for a name at any depth'],
    ['$..a..b', TWICE],
    ['$..*..*..*', TWICE],
    ['$.a.[0].[1]', TWICE],
    ["$['a']b", 'before "b" a "." is missing'],
    ['$.a]', '"]" stands there without its "["; remove it'],
    ['$[?(@.a)]', '"[?(" is a filter or a script, which are off; a name that begins so is written $[\'`(…)\']'],
    ['$.a^', `"^" leads to the parent, which is off; a name with it can't be reached: send it under another`],
    ["$['*']", '"*" is no name here but means something else; a name that begins so is written $[\'`*\']'],
    ['$.@type', '"@" is no name here but means something else; a name that begins so is written $[\'`@type\']'],
    ['$.a~b', '"~" asks for the name of a property, which is off; write $[\'a~b\'] for a name with it'],
    [`$["it's"]`, `"'" can't stand between double quotes; write $['it's']`],
    ["$.'a'", `"'" begins or ends a name that has no brackets around it; write $['name']`],
    ["$['it's~']", `"'" and "~" can't stand in one name; a name with it can't be reached: send it under another`],
    ['$.a[b]', expect.stringMatching(/^"\[" needs a number/)],
    ["$['a','b']", expect.stringMatching(/^"," joins several names/)],
    ["$['a;b']", expect.stringMatching(/^";" would cut a name in two/)],
    ["$['a#1']", expect.stringMatching(/^"#1" would be lost/)],
    ["$['a%@b']", expect.stringMatching(/^"%@" would become a dot/)],
    ["$['@string()']", expect.stringMatching(/^"@string\(\)" asks for a type/)],
  ])('are refused with the character and the remedy: %s', (path, problem) => {
    expect(pathProblem(path)).toEqual(problem);
    expect(compilePath(path)).toBeUndefined();
  });

  test('are read as json-rules-engine reads them, or refused, whatever they are made of', async () => {
    const seen = { found: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(pathInto, async ({ path, values }) => {
        const follow = compilePath(path);
        expect(follow === undefined).toBe(pathProblem(path) !== undefined);
        if (!follow) seen.refused++;
        for (const value of follow ? values : []) {
          const theirs = await reference(path, value);
          if (theirs) expect({ found: follow?.(value) }).toEqual(theirs);
          if (theirs?.found !== undefined) seen.found++;
        }
      }),
      { numRuns: 2000 },
    );
    expect(seen.found).toBeGreaterThan(100);
    expect(seen.refused).toBeGreaterThan(100);
  });
});
