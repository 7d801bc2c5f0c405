import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../engine/language/json.js';
import type { TemplateScope } from '../../engine/rulebook.js';
import { templateProblems } from './template-problems.js';
import { renderer } from './templates.js';

const PROFILE: JsonObject = {
  firstName: 'Ann',
  nothing: null,
  empty: '',
  blank: '  ',
  age: 41,
  vip: false,
  interests: ['pets', 'cars'],
  address: { city: 'Ghent', street: null },
};

const scope: TemplateScope = {
  profile: PROFILE,
  context: { device: 'mobile' },
  now: Date.parse('2026-11-21T23:30:00Z'),
  interactions: (event) =>
    event === 'Model Configured'
      ? { count: 2, first: { timestamp: '2026-11-01T00:00:00Z' }, last: { channel: 'web', properties: { model: 'S' } } }
      : undefined,
};

/** What a text comes to; undefined when the item is dropped. */
function render(text: string, of: TemplateScope = scope): unknown {
  return renderer({ content: { text } })(of)?.content['text'];
}

describe('a template', () => {
  test.each([
    ['Hello {{ profile.firstName }}!', 'Hello Ann!'],
    ['{{ profile.address.city }}', 'Ghent'],
    ['{{ profile.age | plus: 1 }}', '42'],
    ['{{ profile.vip }}', 'false'],
    ['{{ context.device }}', 'mobile'],
    ["{{ interactions['Model Configured'].count }}", '2'],
    ["{{ interactions['Model Configured'].last.properties.model }}", 'S'],
    ['{% for one in profile.interests %}{{ one }}{% unless forloop.last %}, {% endunless %}{% endfor %}', 'pets, cars'],
    ['{{ now }}', '2026-11-21T23:30:00.000Z'],
    ["{{ 'now' | date: '%Y-%m-%d %H:%M' }}", '2026-11-21 23:30'],
    ["{{ interactions['Model Configured'].first.timestamp | date: '%-d %B' }}", '1 November'],
  ])('%s becomes %s', (text, wanted) => {
    expect(render(text)).toBe(wanted);
  });

  test.each([
    '{{ profile.nickName }}',
    '{{ profile.nothing }}',
    '{{ profile.empty }}',
    '{{ profile.nothing | upcase }}',
    '{{ profile.nothing | raw }}',
    '{{ profile.blank | strip }}',
    "{{ 'Dear ' | append: profile.nothing }}",
    '{{ profile.address.street }}',
    '{{ profile.address }}',
    '{{ profile.nickName.first }}',
    "{{ interactions['Never Done'].count }}",
    "{{ interactions['toString'].count }}",
    "{{ interactions['constructor'].last }}",
    '{{ profile.constructor.name }}',
    '{{ profile.__proto__ }}',
    '{% for one in profile.nickNames %}{{ one }}{% endfor %}',
    '{% if true %}{{ profile.nickName }}{% endif %}',
    '{% assign name = profile.nickName %}Hello {{ name }}',
    "{{ 'not base 64' | base64_decode }}",
  ])('%s leaves a hole, so the item is dropped', (text) => {
    expect(render(text)).toBeUndefined();
  });

  test.each([
    ["{{ profile.nickName | default: 'friend' }}", 'friend'],
    ["{{ profile.nothing | default: 'friend' }}", 'friend'],
    ["{{ profile.empty | default: 'friend' }}", 'friend'],
    ["{{ profile.nickName | capitalize | default: 'friend' }}", 'friend'],
    ["{{ profile.blank | strip | default: 'friend' }}", 'friend'],
    ["{{ profile.nickName.first | default: 'friend' }}", 'friend'],
    ["[{{ profile.nickName | default: '' }}]", '[]'],
    ['Hello{% if profile.nickName %} {{ profile.nickName }}{% endif %}!', 'Hello!'],
    ["{{ interactions['Never Done'].count | default: 0 }}", '0'],
    ['{% assign n = profile.nickName | default: "you" %}{{ n }}', 'you'],
  ])('%s has a default, so it becomes %s', (text, wanted) => {
    expect(render(text)).toBe(wanted);
  });

  test('takes what is not known for neither less nor more than anything', () => {
    for (const operator of ['<', '<=', '>', '>=']) {
      expect(render(`{% if profile.income ${operator} 30 %}yes{% else %}no{% endif %}`)).toBe('no');
      expect(render(`{% if profile.age ${operator} 41 %}yes{% else %}no{% endif %}`)).toBe(
        operator.endsWith('=') ? 'yes' : 'no',
      );
    }
  });

  test('gives up on work by how much there is, not by how long it takes', () => {
    const turns = (count: number) => `{% for a in (1..100) %}{% for b in (1..${count}) %}x{% endfor %}{% endfor %}`;
    expect(render(turns(20))).toBe('x'.repeat(2_000));
    expect(render(turns(25))).toBeUndefined();
  });

  test('gives up on endless work', () => {
    expect(render('{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}')).toBeUndefined();
  });

  test('leaves nothing behind for the next', () => {
    const text = '{% if profile.x %}{% assign seen = 1 %}{% endif %}{{ seen | default: "clean" }}';
    expect(render(text, { ...scope, profile: { x: true } })).toBe('1');
    expect(render(text)).toBe('clean');
  });

  test('reads frozen profiles as well as others', () => {
    expect(render("{{ profile.a | default: 'b' }}", { ...scope, profile: Object.freeze({ a: null }) })).toBe('b');
  });
});

describe('a treatment', () => {
  test('without templates is built once, frozen to its depth, and shared', () => {
    const render = renderer({ content: { title: 'Hi', list: [{ a: 1 }] }, actions: [{ type: 'link', label: 'Go' }] });
    const first = render(scope);
    expect(first).toEqual({ content: { title: 'Hi', list: [{ a: 1 }] }, actions: [{ type: 'link', label: 'Go' }] });
    expect(render(scope)).toBe(first);
    for (const part of [first, first?.content, first?.content['list'], first?.actions, first?.actions[0]])
      expect(Object.isFrozen(part)).toBe(true);
  });

  test('keeps numbers, true, false and null, and renders texts at every depth but no names', () => {
    const content = { n: 1, t: true, z: null, '{{ x }}': [{ deep: ['{{ profile.firstName }}'] }] };
    expect(renderer({ content })(scope)).toEqual({
      content: { n: 1, t: true, z: null, '{{ x }}': [{ deep: ['Ann'] }] },
      actions: [],
    });
  });

  test('is dropped as a whole when an action lacks a value', () => {
    expect(
      renderer({ content: { title: 'Hi' }, actions: [{ type: 'link', url: '/m/{{ profile.model }}' }] })(scope),
    ).toBeUndefined();
  });

  test('shares what is constant beside what is not', () => {
    const render = renderer({ content: { title: '{{ profile.firstName }}', list: ['a'] } });
    expect(render(scope)?.content['list']).toBe(render(scope)?.content['list']);
  });
});

describe('a template that takes its time', () => {
  const rendered = (interactions: () => void) => {
    const render = renderer({ content: { title: "{{ interactions['A'].count }}{{ 'times' }}" } });
    return render({
      ...scope,
      interactions: () => {
        interactions();
        return { count: 2, first: {}, last: {} };
      },
    })?.content['title'];
  };

  test('is rendered where only the machine had other things to do', () => {
    const forgotten = new Int32Array(new SharedArrayBuffer(4));
    expect(rendered(() => void Atomics.wait(forgotten, 0, 0, 80))).toBe('2times');
  });
});

describe("a template that can't be used is refused", () => {
  test.each([
    ['{{ a', 'the template has a {{ that is not closed with }}: {{ a'],
    ['{% if profile.a', 'the template has a {% that is not closed with %}: {% if profile.a'],
    ['{% if profile.a %}x', '{% if profile.a %} is never ended in the template; add {% endif %}'],
    ['{% endif %}', '{% endif %} ends nothing in the template; remove it or add {% if … %} before it'],
    ['{% else %}', '{% else %} stands outside of {% if %} or {% case %} in the template'],
    ['{% iff a %}', 'unknown tag "iff" in the template; did you mean "if"?'],
    ['{{ }}', 'the template has an output that says nothing that can be understood: {{  }}'],
    ['{{ profile.a | titlecase }}', 'unknown filter "titlecase" in the template'],
    ['{{ profile.a | sample }}', 'unknown filter "sample" in the template'],
    ["{% render 'x' %}", 'the tag "render" can\'t be used: a template is complete in itself and reads no other file'],
    ["{% layout 'x' %}", 'the tag "layout" can\'t be used: a template is complete in itself and reads no other file'],
    ['{{ user.name }}', 'unknown name "user" in the template; known are context, interactions, now, profile'],
    ["{{ interactions['A'].cuont }}", 'interactions have no "cuont"; did you mean "count"?'],
    [
      '{{ interactions.size }}',
      "a template must say which interactions it means, such as interactions['Product Viewed'].count",
    ],
    ["{{ 'it's' }}", "the template has a {{ that is not closed with }}: {{ 'it's' }}"],
  ])('%s', (text, problem) => {
    const [found, ...more] = templateProblems(text);
    expect(found?.startsWith(problem)).toBe(true);
    expect(more).toEqual([]);
  });

  test('while names that it makes itself may be anything', () => {
    expect(
      templateProblems(
        '{% assign n = profile.a %}{% for one in profile.list %}{{ one }}{{ n }}{{ forloop.index }}{% endfor %}',
      ),
    ).toEqual([]);
  });
});
