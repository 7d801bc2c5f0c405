import { describe, expect, test } from '@jest/globals';
import { templateProblems } from './template-problems.js';

describe('what a filter is told', () => {
  test.each([
    ['{{ profile.x | money: "EURO" }}', 'unknown currency "EURO"; did you mean "EUR"?'],
    ['{{ profile.x | money }}', 'the filter "money" must say the currency, such as money: "EUR"'],
    ['{% assign y = profile.x | money: "EU" %}{{ y }}', 'unknown currency "EU"; did you mean "'],
    ['{% if true %}{{ profile.x | number: 2, "xx-YY" }}{% endif %}', 'unknown locale "xx-YY"; write one such as'],
    ['{{ profile.x | number: "2.5" }}', '"2.5" is no count of decimal places; write a whole number from 0 to 20'],
    ['{{ profile.x | percent: 21 }}', '21 is no count of decimal places'],
    ['{{ now | date: "%d", "Europe/Berln" }}', 'unknown time zone "Europe/Berln"; did you mean "Europe/Berlin"?'],
    ['{{ now | date: "%d", "UTC", "!" }}', 'unknown locale "!"'],
    ['{{ now | date: "%d %Q" }}', 'the date pattern "%d %Q" has "%Q", which is no code; write one such as "%d.%m.%Y"'],
    ['{{ now | date: "%d %" }}', 'the date pattern "%d %" has "%", which is no code'],
    ['{{ now | date: "100% %d" }}', 'the date pattern "100% %d" has "% ", which is no code'],
    ['{{ now | date: "%-12Ö" }}', 'the date pattern "%-12Ö" has "%-12Ö", which is no code'],
    ['{{ now | date: "dd.mm.yyyy" }}', 'the date pattern "dd.mm.yyyy" has no code, and says the same of every date'],
  ])('%s is judged when rules are checked', (text, wanted) => {
    const [found, ...more] = templateProblems(text);
    expect([found?.startsWith(wanted), more]).toEqual([true, []]);
  });

  test.each([
    '{{ profile.x | money: profile.currency }}',
    '{{ profile.x | money: "chf", profile.locale | default: "" }}',
    '{{ now | date: "%d", "+01:00", "de_DE" }}',
    '{{ now | date: "%d", 60 }}',
    '{{ now | date: "%-d. %OB %^a %:z %3N %% 100%%" }}',
    '{{ now | date: profile.pattern }}',
    '{{ now | date }}',
  ])('%s is in order', (text) => {
    expect(templateProblems(text)).toEqual([]);
  });
});

describe('a number that a template says', () => {
  const lost = (digits: string) => [
    expect.stringContaining(`the number ${digits} has more digits than a number keeps`),
  ];

  test.each([
    ['{{ 12345678901234567890 }}', '12345678901234567890'],
    ['{{- 9007199254740993 -}}', '9007199254740993'],
    ['{{ profile.x | plus: -0.12345678901234567890 }}', '-0.12345678901234567890'],
    ['{% if profile.x == 9007199254740993 %}a{% endif %}', '9007199254740993'],
    ['{% for i in (1..9007199254740993) %}{% break %}{% endfor %}', '9007199254740993'],
    ['{% assign a = 9007199254740993 %}', '9007199254740993'],
    ['{% case profile.x %}{% when 1, 9007199254740993 %}a{% endcase %}', '9007199254740993'],
    ['{% liquid\n assign a = 9007199254740993\n echo a %}', '9007199254740993'],
    ["{{ profile['it\\'s'] | default: 9007199254740993 }}", '9007199254740993'],
    ['{% comment %}a{% endcomment %}{{ 9007199254740993 }}', '9007199254740993'],
  ])('%s is refused where it would be rounded', (text, digits) => {
    expect(templateProblems(text)).toEqual(lost(digits));
  });

  test.each([
    '{{ 9007199254740992 }} {{ 149.90 }} {{ profile.x | times: -1.5 }}',
    'No. 12345678901234567890',
    "{{ '12345678901234567890' }} {{ \"9007199254740993\" | append: 'it\\'s' }}",
    '{{ profile.a12345678901234567890 }} {{ profile.a-12345678901234567890 }} {{ profile["12345678901234567890"] }}',
    '{% raw %}{{ 12345678901234567890 }}{% endraw %}{% comment %}{{ 12345678901234567890 }}{% endcomment %}',
  ])('%s keeps all its digits', (text) => {
    expect(templateProblems(text)).toEqual([]);
  });
});

describe('where a template of HTML puts a value', () => {
  test.each([
    ['<script>var x = "{{ profile.x }}"</script>', "a value can't be made safe inside <script>"],
    ['<style>a{color:{{ profile.x }}}</style>', "a value can't be made safe inside <style>"],
    ['<b onclick="f(\'{{ profile.x }}\')">', "a value can't be made safe in the attribute onclick"],
    ['<b title={{ profile.x }}>', 'a value in a tag must be in quotes'],
    ['<{{ profile.x }}>', 'a value in a tag'],
    ['<a href="{{ profile.x }}">', "a value can't begin the address in href"],
    ['<!-- {{ profile.x }} -->', "a value can't stand in a comment"],
    ['<b>{% if profile.x %}<script>{% echo profile.x %}{% endif %}', "a value can't be made safe inside <script>"],
  ])('%s is refused', (text, wanted) => {
    expect(templateProblems(text, 'html')[0]?.startsWith(wanted)).toBe(true);
    expect(templateProblems(text)).toEqual([]);
  });

  test.each([
    '<p class="a > b">{{ profile.x }}</p><script>f("<b>")</script>{{ profile.y }}',
    `<b title="{{ profile.x }}" data-x='{{ profile.y }}'>1 < 2 {{ profile.x }}</b>`,
    '<a href="/m/{{ profile.x }}">{{ profile.x }}</a>',
    '<script>var x = {{ profile.x | json | raw }}</script>',
    '<!-- a --><br>{{ profile.x }}',
  ])('%s is in order', (text) => {
    expect(templateProblems(text, 'html')).toEqual([]);
  });

  test('an address that runs code takes no values', () => {
    expect(templateProblems(" Java\tScript:f('{{ profile.x }}')", 'address')).toEqual([
      'an address that begins with "javascript:" runs code, so no value can be inserted safely; link to a page',
    ]);
    expect(templateProblems('app:open/{{ profile.x }}', 'address')).toEqual([]);
  });
});
