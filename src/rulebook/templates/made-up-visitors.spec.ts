import { describe, expect, test } from '@jest/globals';
import { tooCostly } from './made-up-visitors.js';
import { templateProblems } from './template-problems.js';

const plain = (text: string) => ({ text, kind: { place: 'plain' } as const });
const LOOP = '{% for a in (1..10) %}{% for b in (1..100) %}x{% endfor %}{% endfor %}';

describe('the texts of a treatment', () => {
  test.each([
    ['loop over numbers', ['Hi', '{% for a in (1..100000) %}{{ a }}{% endfor %}']],
    [
      'loop over lists in lists',
      ['{% for a in profile.as %}{% for b in a.bs %}{% for c in b.cs %}x{% endfor %}{% endfor %}{% endfor %}'],
    ],
    [
      'repeat what a visitor said',
      [`{% for a in (1..1000) %}{{ interactions['A'].last.properties.b }}{{ profile.c }}{% endfor %}`],
    ],
    ['are too costly together', [LOOP, LOOP, LOOP]],
  ])('that %s are named, the last of them', (_what, texts) => {
    const all = texts.map(plain);
    expect(tooCostly(all)).toBe(all.at(-1));
  });

  test('that are honest are not', () => {
    expect(
      tooCostly([plain(LOOP), plain('{% for a in profile.as %}{% for b in a.bs %}{{ b }}{% endfor %}{% endfor %}')]),
    ).toBeUndefined();
    expect(tooCostly([plain('{{ profile.nobody }}'), plain('Hello {{ profile.name }}')])).toBeUndefined();
  });
});

describe('a template that is too much to be read', () => {
  test.each([
    ['x'.repeat(900_000) + '{{ now }}', 'the template has 900009 characters; 100000 are the most, split it'],
    ['{{ now }}'.repeat(1_001), 'the template has more than 1000 tags and outputs; use a loop, or split it'],
    [
      `{% if ${'now and '.repeat(3_000)} now %}x{% endif %}`,
      'the tags and outputs of the template have more than 20000 characters; make them shorter',
    ],
    [
      '{% if now %}'.repeat(40) + '{% endif %}'.repeat(40),
      'the template has more than 30 tags such as if and for inside each other; make it flatter',
    ],
    [
      `{% liquid\n${'if now\n'.repeat(40)}${'endif\n'.repeat(40)}%}`,
      'the template has more than 30 tags such as if and for inside each other; make it flatter',
    ],
    [
      `{{ profile${'['.repeat(15_000)} }}`,
      'the template has more brackets inside each other than can be read; make it flatter',
    ],
  ])('is refused before it is: %#', (text, problem) => {
    expect(templateProblems(text)).toEqual([problem]);
  });

  test('in a tag of HTML takes no longer than one that is not', () => {
    const [problem] = templateProblems(`<a ${'y'.repeat(50_000)}${'{{ now }}'.repeat(900)}`, 'html');
    expect(problem).toMatch(/^a value in a tag must be in quotes/);
  });
});
