import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RepeatedName } from '../engine/language/repeated-name.js';
import { countNames, countWrittenNames } from './count-names.js';
import { exactJson, readExactly } from './exact-json.js';
import { readWithRepeats } from './read-with-repeats.js';
import { writeWithRepeats } from './write-with-repeats.js';

const twice = (...sources: string[]) => new RepeatedName(sources);

describe('a name that an object gives more than once', () => {
  test.each<[string, unknown]>([
    ['{"a":1,"a":2}', { a: twice('1', '2') }],
    ['{"a":1,"b":3,"a":1, "a" :"x"}', { a: twice('1', '1', '"x"'), b: 3 }],
    ['[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['{"a":{"a":1}}', { a: { a: 1 } }],
    ['{"a":{"b":1,"b":[{}]}}', { a: { b: twice('1', '[{}]') } }],
    ['{"a":{"b":1,"b":2},"a":{}}', { a: twice('{"b":1,"b":2}', '{}') }],
    ['{"a":1,"\\u0061":2}', { a: twice('1', '2') }],
    ['{"":1,"":2}', { '': twice('1', '2') }],
    ['{"a\\\\":1,"a\\\\":2,"b":"\\":"}', { 'a\\': twice('1', '2'), b: '":' }],
    ['{"a\\"":1,"a\\"":2}', { 'a"': twice('1', '2') }],
    ['{"1":true,"1":null}', { 1: twice('true', 'null') }],
    ['{"a":"\\":","b":{"c" \n\t: ":"}}', { a: '":', b: { c: ':' } }],
  ])('is found in %s', (text, value) => {
    const read = readExactly(text);
    expect(read.value).toEqual(value);
    expect(read.repeats).toBe(JSON.stringify(value) !== JSON.stringify(JSON.parse(text)));
    expect(readWithRepeats(text)).toEqual(read);
  });

  test('is written again as often as it came, and read so', () => {
    const text = '{"a":1,"a":{"b":"c","b":157963456373623801},"d":[{"e":1e999}]}';
    expect(writeWithRepeats(exactJson(text))).toBe(text);
    expect(exactJson(writeWithRepeats(exactJson(text)))).toEqual(exactJson(text));
  });

  test('is looked for at any depth, without recursion', () => {
    const deep = 300_000;
    expect(readExactly(`${'['.repeat(deep)}{"a":1,"a":2}${']'.repeat(deep)}`).repeats).toBe(true);
    expect(readExactly(`${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`).repeats).toBe(false);
  });

  test('that poisons is a member like any other', () => {
    const value = exactJson('{"__proto__":1,"__proto__":2}') as object;
    expect(Object.getOwnPropertyDescriptor(value, '__proto__')?.value).toEqual(twice('1', '2'));
  });
});

const blanks = fc.constantFrom(undefined, 1, '\t');

describe('the careful reader', () => {
  test('reads what JSON.parse reads, and is not needed where texts look like no names', () => {
    fc.assert(
      fc.property(fc.jsonValue(), blanks, (value, blank) => {
        const text = JSON.stringify(value, null, blank);
        const read = readWithRepeats(text);
        expect(read).toEqual({
          value: JSON.parse(text, (_name, one: unknown) => (one === 0 ? 0 : one)),
          repeats: false,
        });
        expect(countWrittenNames(text)).toBeGreaterThanOrEqual(countNames(value));
      }),
    );
  });

  test('misses no name that is given again, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.string(),
        fc.array(fc.string(), { maxLength: 5 }),
        blanks,
        (value, name, around, blank) => {
          const written = JSON.stringify(value, null, blank);
          const object = `{${JSON.stringify(name)}:${written},${JSON.stringify(name)} :${written}}`;
          const text = around.reduce((inner, one) => `{${JSON.stringify(one)}: [${inner}]}`, object);
          expect(readExactly(text).repeats).toBe(true);
          expect(readExactly(text.replace(object, () => written)).repeats).toBe(false);
        },
      ),
    );
  });
});
