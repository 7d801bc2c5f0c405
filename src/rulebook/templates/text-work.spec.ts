import { describe, expect, test } from '@jest/globals';
import type { TemplateScope } from '../../engine/rulebook.js';
import { TextBudget } from '../../engine/text-budget.js';
import { renderer } from './templates.js';

const scope: TemplateScope = {
  profile: { list: Array.from({ length: 20_000 }, (_, at) => ({ name: `n${at}` })), long: 'ab '.repeat(60_000) },
  context: {},
  now: Date.parse('2026-11-29T12:00:00Z'),
  interactions: () => undefined,
};

/** What a text of a treatment comes to in a decision whose texts share the budget. */
function render(text: string, budget = new TextBudget()): unknown {
  return renderer({ content: { text } })({ ...scope, budget })?.content['text'];
}

const LOOP = '{% for a in (1..100) %}{% for b in (1..100) %}x{% endfor %}{% endfor %}';

describe('the texts of one decision', () => {
  test('share what they may cost: a hundred that loop cost hardly more than one', () => {
    const budget = new TextBudget();
    let turns = 0;
    const counted = { ...scope, budget, interactions: () => ({ count: ++turns, first: {}, last: {} }) };
    const text = LOOP.replace('x', "{{ interactions['A'].count }}");
    for (let n = 0; n < 100; n++) expect(renderer({ content: { text } })(counted)).toBeUndefined();
    expect(turns).toBeGreaterThan(1_000);
    expect(turns).toBeLessThan(5_000);
  });

  test('leave something for what takes the place of one that is too costly', () => {
    const budget = new TextBudget();
    expect(render(LOOP, budget)).toBeUndefined();
    expect(budget.isOver).toBe(true);
    expect(render("{{ 'Hello' }}", budget)).toBe('Hello');
    expect(budget.isOver).toBe(false);
  });

  test.each([
    ['a long text in a loop', `{% for a in (1..1000) %}${'x'.repeat(1_000)}{% endfor %}`],
    ['a long value in a loop', '{% for a in (1..10) %}{{ profile.long }}{% endfor %}'],
    [
      'what is captured and never shown',
      `{% for a in (1..1000) %}{% capture c %}${'x'.repeat(1_000)}{% endcapture %}{% endfor %}`,
    ],
    [
      'texts that double',
      '{% assign a = "xxxxxxxxxx" %}{% for n in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
    ],
    ['replacements that grow', '{{ profile.long | replace: "a", profile.long }}'],
    ['a range without end', '{% for a in (1..1000000000) %}{% break %}{% endfor %}x'],
    ['an expression for each of a list', '{{ profile.list | where_exp: "item", "item.name == 1" | size }}'],
    ['a search in a list', '{{ profile.list | has: "name", "nobody" }}'],
    [
      'a list looked through again and again',
      '{% for a in (1..1000) %}{% if profile.list contains a %}{% endif %}{% endfor %}x',
    ],
    [
      'texts looked through again and again',
      '{% for a in (1..100) %}{% if profile.long contains "no" %}{% endif %}{% endfor %}x',
    ],
    ['a time told a thousand times', `{{ 'now' | date: '${'%c'.repeat(40_000)}' }}`],
    ['blocks of raw text', `{% for a in (1..1000) %}{% raw %}${'{{'.repeat(500)}{% endraw %}{% endfor %}`],
  ])('end with %s', (_what, text) => {
    const budget = new TextBudget();
    expect(render(text, budget)).toBeUndefined();
    expect(budget.isOver).toBe(true);
  });

  test('may be as long as honest ones are', () => {
    expect(render(`{% for a in (1..500) %}<li>{{ a }} of {{ 500 | number }}</li>{% endfor %}`)).toContain('<li>500 of');
    expect(render('{{ profile.long }}')).toHaveLength(180_000);
    expect(render('{{ profile.list | map: "name" | first }}')).toBeUndefined();
    expect(render('{{ profile.list.first.name }}')).toBe('n0');
  });
});

describe('what is captured', () => {
  const people: TemplateScope = { ...scope, profile: { name: 'Jo & <b>', path: '/a b', bad: 'https://evil.example' } };
  const show = (text: string, of: object = {}, as: 'plain' | 'html' = 'html') =>
    renderer({ content: { text, ...of }, as })(people)?.content;

  test.each([
    ['{% capture c %}<i>{{ profile.name }}</i>{% endcapture %}{{ c }}', '<i>Jo &amp; &lt;b&gt;</i>'],
    ['{% capture c %}<i>{{ profile.name }}</i>{% endcapture %}{{ c | raw }}', '<i>Jo &amp; &lt;b&gt;</i>'],
    ['{% capture c %}<i>{{ profile.name }}</i>{% endcapture %}{{ c | default: "x" }}', '<i>Jo &amp; &lt;b&gt;</i>'],
    ['{% capture c %}{{ profile.name | escape }}{% endcapture %}{{ c }}', 'Jo &amp; &lt;b&gt;'],
    ['{% capture c %}{{ profile.name }}{% endcapture %}{{ c | upcase }}', 'JO &amp; &lt;B&gt;'],
    ['{% capture c %}{{ profile.name }}{% endcapture %}{% assign d = c %}{{ d }}', 'Jo &amp; &lt;b&gt;'],
    [
      '{% capture c %}{% capture d %}{{ profile.name }}{% endcapture %}{{ d }}!{% endcapture %}{{ c }}',
      'Jo &amp; &lt;b&gt;!',
    ],
    ['{% capture c %}{% cycle profile.name, "y" %}{% endcapture %}{{ c }}', 'Jo &amp; &lt;b&gt;'],
    ['{% capture c %}{% endcapture %}{{ c | default: "none" }}', 'none'],
    ['{% capture c %}abc{% endcapture %}{{ c.size }}{% if c == "abc" %}{{ c | upcase }}{% endif %}', '3ABC'],
  ])('%s is escaped once', (text, wanted) => {
    expect(show(text)?.['text']).toBe(wanted);
  });

  test('is encoded once in an address, as where it is put out asks for', () => {
    const url = (text: string) => show('x', { url: text }, 'plain')?.['url'];
    expect(url('/?n={% capture c %}{{ profile.name }}{% endcapture %}{{ c }}')).toBe('/?n=Jo%20%26%20%3Cb%3E');
    expect(url('{% capture c %}{{ profile.bad }}{% endcapture %}{{ c }}')).toBe('https://evil.example');
    expect(url('/to?{% capture c %}{{ profile.bad }}{% endcapture %}{{ c }}')).toBe('/to?https%3A%2F%2Fevil.example');
    expect(url('https://a{% capture c %}{{ profile.path }}{% endcapture %}{{ c }}')).toBeUndefined();
  });

  test('is as it is in a plain text', () => {
    expect(show('{% capture c %}<i>{{ profile.name }}{% endcapture %}{{ c }}', {}, 'plain')?.['text']).toBe(
      '<i>Jo & <b>',
    );
  });
});
