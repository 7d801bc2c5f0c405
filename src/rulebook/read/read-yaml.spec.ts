import { describe, expect, test } from '@jest/globals';
import { readYaml } from './read-yaml.js';
import { LineIndex } from './rule-file.js';

function problemsOf(text: string): string[] {
  const lines = new LineIndex(text);
  return readYaml(text).problems.map(({ offset, message }) => {
    const { line, column } = lines.position(offset);
    return `${line}:${column} ${message}`;
  });
}

const MANY = /^\d+:\d+ too much for one rule file: more than 100000 names, values and marks; split it$/;
const MORE_THAN_ONE = /^\d+:1 one file holds one definition; move what follows --- to its own file$/;

describe('YAML', () => {
  test('is read as the JSON it stands for; dates stay texts', () => {
    const text =
      'name: Pets # a comment\nplacements: [home.hero]\nschedule:\n  from: 2026-11-01\nwords: |\n  two\n  lines\n' +
      'priority: 60\nnone:\nyes: no\n';
    expect(readYaml(text).root?.value).toEqual({
      name: 'Pets',
      placements: ['home.hero'],
      schedule: { from: '2026-11-01' },
      words: 'two\nlines\n',
      priority: 60,
      none: null,
      yes: 'no',
    });
  });

  test('keeps the place of every value and of every name', () => {
    const { root } = readYaml('a:\n  - b: 1\n    c: two\n');
    expect(root?.get('a', 0, 'c')?.offset).toBe(19);
    expect(root?.get('a', 0)?.keyOffset('c')).toBe(16);
    expect(root?.get('a', 0)?.offset).toBe(7);
  });

  test.each([
    ['', '1:1 the file is empty; write name: and the rest in it'],
    ['# only a comment\n', '1:1 the file is empty; write name: and the rest in it'],
    ['a: 1\na: 2', '2:1 this name is given twice; keep one of the two'],
    ['a: [1, 2', '1:9 a closing ] or } is missing before this'],
    ['\ta: 1', '1:1 indent with spaces; YAML does not allow tabs'],
    ['a: @b', '1:4 a text that begins with this character must stand between quotes'],
    [
      'a: b: c',
      '1:4 a second colon follows here: put the text between quotes, ' +
        "or begin the next line in the column of this one's name",
    ],
    [
      'a:\n  b: 1\n c: 2',
      '3:1 the indentation does not fit the lines above; items that belong together begin in the same column',
    ],
    ['a: &x 1\nb: *x', "1:7 anchors can't be used; write the value where it is wanted"],
    ['b: *x', "1:4 aliases can't be used; write the value out"],
    ['a: !!str 1', "1:10 tags such as !!str can't be used; put texts between quotes"],
    ['a: !exec rm', "1:10 tags such as !!str can't be used; put texts between quotes"],
    ['<<: 1', "1:1 merge keys can't be used; write the values out"],
    ['__proto__: 1', '1:1 the name "__proto__" can\'t be used; choose another'],
    ['a: .nan', '1:4 .nan is not a number that JSON knows; put texts between quotes'],
    [
      'a: 1e999',
      '1:4 the number 1e999 is larger than any that a number can hold; write a smaller one, or put it ' +
        'between quotes',
    ],
    ['a: 1\n---\nb: 2', '2:1 one file holds one definition; move what follows --- to its own file'],
    [`a: ${'['.repeat(70)}${']'.repeat(70)}`, '1:67 too deep: more than 64 lists and objects inside each other'],
  ])('%j is refused with its place and a remedy', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('a bomb of aliases is refused at its first anchor', () => {
    const bomb = [
      'a: &a [x, x, x]',
      ...'bcdefgh'.split('').map((name, at) => `${name}: &${name} [${`*${'abcdefg'[at]}, `.repeat(9)}x]`),
    ].join('\n');
    expect(problemsOf(bomb)).toEqual(["1:7 anchors can't be used; write the value where it is wanted"]);
  });

  test.each([
    ['a megabyte of names', Array.from({ length: 90_000 }, (_, at) => `k${at}: 1`).join('\n'), MANY],
    ['a megabyte of commas', `a: [${'1,'.repeat(500_000)}]`, MANY],
    ['nested lists', `a: ${'['.repeat(400_000)}`, '1:67 too deep: more than 64 lists and objects inside each other'],
    ['nested dashes', '- '.repeat(400_000), '1:129 too deep: more than 64 lists and objects inside each other'],
    ['nested questions', '? '.repeat(400_000), '1:129 too deep: more than 64 lists and objects inside each other'],
    [
      'brackets that close nothing',
      `a: ${']'.repeat(900_000)}`,
      /^1:4 this is not YAML: unexpected flow-seq-end token/,
    ],
    ['documents', '---\na: 1\n'.repeat(90_000), MORE_THAN_ONE],
  ])('%s are refused before they are put together', (_what, text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(problem)]);
  });

  test('many names of one object are read, each once', () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `k${at}: 1`);
    expect(readYaml(lines.join('\n')).root?.members.size).toBe(20_000);
    expect(problemsOf([...lines, 'k7: 2'].join('\n'))).toEqual([
      '20001:1 this name is given twice; keep one of the two',
    ]);
  });
});
