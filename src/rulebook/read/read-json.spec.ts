import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codePoint } from '../../../test/arbitraries/code-point.js';
import { readJson } from './read-json.js';
import { LineIndex } from './rule-file.js';

/** The problems of a text as `line:column message`. */
function problemsOf(text: string): string[] {
  const lines = new LineIndex(text);
  return readJson(text).problems.map(({ offset, message }) => {
    const { line, column } = lines.position(offset);
    return `${line}:${column} ${message}`;
  });
}

describe('JSON that is JSON', () => {
  test('is read as JSON.parse reads it, however it is laid out', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: codePoint }), fc.constantFrom(undefined, 1, '\t'), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        fc.pre(!text.includes('__proto__'));
        expect(readJson(text)).toMatchObject({ root: { value: JSON.parse(text) }, problems: [] });
      }),
    );
  });

  test('is refused where JSON.parse refuses it, whatever was cut out of it or put into it', () => {
    const spoilt = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.nat(3),
      fc.constantFrom('', ',', '"', '{', ']', "'", '#', '0', ':', '\\', 'é', '\n'),
    );
    fc.assert(
      fc.property(spoilt, ([json, where, cut, put]) => {
        const at = where % json.length;
        const text = json.slice(0, at) + put + json.slice(at + cut);
        fc.pre(!text.includes('__proto__'));
        const { root, problems } = readJson(text);
        // What JavaScript would read as Infinity, or round, is refused here on purpose.
        fc.pre(
          !problems.some((problem) => /is larger than any|has more digits than a number keeps/.test(problem.message)),
        );
        expect(root !== undefined).toBe(parses(text));
        if (!root) expect(problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });

  test('keeps the place of every value and of every name', () => {
    const { root } = readJson('{ "a": [ 1, { "b": null } ] }');
    expect(root?.get('a', 1, 'b')?.offset).toBe(19);
    expect(root?.get('a', 1)?.keyOffset('b')).toBe(14);
    expect(root?.nearest(['a', 1, 'c', 'd']).offset).toBe(12);
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('JSON that is not', () => {
  test.each([
    ['', '1:1 the file is empty; write an object { … } in it'],
    [' \n', '1:1 the file is empty; write an object { … } in it'],
    ['{\n"a": 1,\n}', '2:7 remove this comma: no property follows it'],
    ['{"a": [1, 2, ]}', '1:12 remove this comma: no item follows it'],
    ['{"a": 1,, "b": 2}', '1:9 remove this comma: there are two in a row'],
    ['{, "a": 1}', '1:2 remove this comma: nothing stands before it'],
    ['{\n  "a": 1\n  "b": 2 }', '2:9 a comma is missing here, before what follows'],
    ['[1 2]', '1:3 a comma is missing here, before what follows'],
    ['{ "a" 1 }', '1:6 a colon is missing after "a"'],
    ['{ "a" = 1 }', '1:7 write a colon after "a", not ='],
    ['{ "a": }', '1:7 the value of "a" is missing'],
    ['{ "a": , "b": 1 }', '1:7 the value of "a" is missing'],
    ['{ a: 1 }', '1:3 put the name a between double quotes: "a"'],
    ["{ 'a': 1 }", '1:3 use double quotes ("), not \''],
    ['{ “a”: 1 }', '1:3 use straight double quotes ("), not “'],
    ['{ 1: 1 }', '1:3 the name of a property is wanted here, between double quotes'],
    ['{ "a": live }', '1:8 put text between double quotes: "live"'],
    ['{ "a": \'live\' }', '1:8 use double quotes ("), not \''],
    ['{ "a": True }', '1:8 write true in small letters'],
    ['{ "a": None }', '1:8 write null instead of None'],
    ['{ "a": NaN }', '1:8 NaN is not a number that JSON knows'],
    ['{ "a": "b }\n', '1:8 this text has no closing double quote on its line'],
    ['{ "a": "b\n" }', '1:8 this text has no closing double quote on its line'],
    ['{ "a": 1 } // end', '1:12 JSON has no comments; put it in "description", or make this a .yaml file'],
    ['{ /* a */ "a": 1 }', '1:3 JSON has no comments; put it in "description", or make this a .yaml file'],
    ['# hello', '1:1 JSON has no comments; put it in "description", or make this a .yaml file'],
    [
      '{ "a":\u00a01 }',
      '1:7 this is a special blank that JSON does not know, copied perhaps from a web page; replace it with a space',
    ],
    ['{\n "a": { "b": 1 }', '1:1 this { is never closed; the file ends before its }'],
    ['[ [ 1 ]', '1:1 this [ is never closed; the file ends before its ]'],
    ['{ "a": [ 1, 2 } }', '1:15 a ] is wanted here, not a }'],
    ['{ "a": 1 ]', '1:10 a } is wanted here, not a ]'],
    ['{ "a": 1 } }', "1:12 nothing may follow the end of the file's object; remove the rest, this } closes nothing"],
    [
      '{ "a": 1 }, { }',
      "1:11 nothing may follow the end of the file's object; remove the rest, " +
        'or take away the closing bracket before this comma',
    ],
    ['{ "a": 012 }', '1:8 a number does not begin with 0; write it without, or put text between double quotes: "012"'],
    ['{ "a": .5 }', '1:8 a number needs a digit before its point: 0.5'],
    ['{ "a": 5. }', '1:8 a number needs a digit after its point: 5.0'],
    ['{ "a": +5 }', '1:8 write the number without +: 5'],
    ['{ "a": 2026-01-01 }', '1:8 "2026-01-01" is not a number; put text between double quotes'],
    [
      '{ "a": 1e999 }',
      '1:8 the number 1e999 is larger than any that a number can hold; write a smaller one, or put it ' +
        'between quotes',
    ],
    [
      '{ "a": [1, 157963456373623801] }',
      '1:12 the number 157963456373623801 has more digits than a number keeps, it would be 157963456373623800; ' +
        'write fewer digits, or, if it is an id, put it between quotes and send it as a text too',
    ],
    ['{ "a": "C:\\new\\x" }', '1:15 JSON does not know \\x; write \\\\ for a backslash'],
    ['{ "a": "\\u12g4" }', '1:9 \\u needs four hexadecimal digits, such as \\u00e9'],
    ['{ "a": "b\tc" }', '1:10 write \\t for a tab inside a text'],
    ['{ "a": 1, "a": 2 }', '1:11 "a" is given twice; keep one of the two'],
    ['{ "__proto__": 1 }', '1:3 the name "__proto__" can\'t be used; choose another'],
    ['['.repeat(65), '1:65 too deep: more than 64 lists and objects inside each other'],
    ['['.repeat(100_000), '1:65 too deep: more than 64 lists and objects inside each other'],
  ])('%j is refused with its place and a remedy', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('a text of backslashes is looked through once, however long it is', () => {
    expect(problemsOf(`{ "a": "${'\\\\'.repeat(400_000)}\\x" }`)).toEqual([
      '1:800009 JSON does not know \\x; write \\\\ for a backslash',
    ]);
  });
});
