import { describe, expect, test } from '@jest/globals';
import type { Definition } from '../../engine/language/definitions.js';
import type { TemplateScope } from '../../engine/rulebook.js';
import { renderer } from './templates.js';

const PROFILE = { firstName: "Jo O'Brien", model: "D'Or & <b>", ends: '2026-12-31T00:00:00', price: 1234.5 };
const scope: TemplateScope = {
  profile: PROFILE,
  context: {},
  now: Date.parse('2026-11-21T23:30:00Z'),
  interactions: () => undefined,
};

type Changes = Partial<Pick<TemplateScope, 'profile' | 'context' | 'placement'>>;

/** What a text comes to; undefined when the item is dropped. */
function render(
  text: string,
  changes: Changes = {},
  treatment: Partial<Definition<'offers'>['treatments'][string]> = {},
): unknown {
  return renderer({ content: { text }, ...treatment })({ ...scope, ...changes })?.content['text'];
}

const NASTY = `<script>alert("1")</script>' onerror='x' {{ profile.price }}{% if true %}y{% endif %}`;

describe('a value in a text', () => {
  test('is plain: the very characters, in contents at every depth, in labels and in further words of actions', () => {
    const said = '{{ profile.firstName }}';
    const action = { type: 'call', label: said, script: said, note: { deep: [said] } };
    expect(renderer({ content: { title: said, list: [{ deep: said }] }, actions: [action] })(scope)).toEqual({
      content: { title: "Jo O'Brien", list: [{ deep: "Jo O'Brien" }] },
      actions: [{ type: 'call', label: "Jo O'Brien", script: "Jo O'Brien", note: { deep: ["Jo O'Brien"] } }],
    });
  });

  test.each(['url', 'imageUrl', 'image_url', 'hero-image', 'href', 'src', 'IMAGE', 'urls'])(
    'is percent-encoded under the name %s, in contents and actions alike',
    (name) => {
      const address = '/m?q={{ profile.model }}&x=1';
      const wanted = '/m?q=D%27Or%20%26%20%3Cb%3E&x=1';
      const shown = renderer({ content: { [name]: address }, actions: [{ type: 'link', [name]: address }] })(scope);
      expect([shown?.content[name], shown?.actions[0]?.[name]]).toEqual([wanted, wanted]);
    },
  );

  test.each(['title', 'curl', 'imagery', 'urlTitle', 'outsrc'])('is not encoded under the name %s', (name) => {
    expect(renderer({ content: { [name]: '{{ profile.model }}' } })(scope)?.content[name]).toBe("D'Or & <b>");
  });

  test('is escaped in a treatment that is HTML, and the answer says that it is', () => {
    const shown = renderer({
      as: 'html',
      content: { text: '<b title="{{ profile.model }}">{{ profile.model }}</b>', url: '/{{ profile.model }}' },
    })(scope);
    expect(shown).toEqual({
      content: {
        text: '<b title="D&#39;Or &amp; &lt;b&gt;">D&#39;Or &amp; &lt;b&gt;</b>',
        url: '/D%27Or%20%26%20%3Cb%3E',
      },
      actions: [],
      as: 'html',
    });
    expect(renderer({ content: { text: 'x' }, as: 'plain' })(scope)).toEqual({ content: { text: 'x' }, actions: [] });
  });

  test('is never evaluated, and never breaks out of HTML by whatever tag puts it out', () => {
    const of = { profile: { x: NASTY } };
    expect(render('{{ profile.x }}', of)).toBe(NASTY);
    for (const out of [
      '{{ profile.x }}',
      '{% echo profile.x %}',
      '{% cycle profile.x %}',
      "{{ profile.x | append: '' }}",
      '{% liquid\n echo profile.x %}',
      '{{ profile.list }}',
      '{% for one in profile.list %}{{ one }}{% endfor %}',
      '{% capture y %}{{ profile.x }}{% endcapture %}{{ y | raw }}',
      '{% assign y = profile.x %}{{ y }}',
    ])
      expect(render(out, { profile: { x: NASTY, list: [NASTY] } }, { as: 'html' })).toMatch(/^[^<>"']*$/);
  });

  test('is as it is with raw, and not encoded twice', () => {
    expect(render('{{ profile.model | raw }}', {}, { as: 'html' })).toBe(PROFILE.model);
    expect(render('{{ profile.model | escape }}', {}, { as: 'html' })).toBe('D&#39;Or &amp; &lt;b&gt;');
    const url = (text: string) => renderer({ content: { url: text } })(scope)?.content['url'];
    expect(url('/{{ profile.model | url_encode }}')).toBe('/D%27Or+%26+%3Cb%3E');
    expect(url('/{{ profile.model | raw }}')).toBe("/D'Or & <b>");
  });

  test('leaves no hole by echo or cycle either', () => {
    expect(render('{% echo profile.nobody %}')).toBeUndefined();
    expect(render('{% cycle profile.nobody %}')).toBeUndefined();
    expect(render("{% echo profile.nobody | default: 'you' %}")).toBe('you');
  });

  test('drops the item where it would make an address lead elsewhere', () => {
    const url = (text: string, profile: TemplateScope['profile']) =>
      renderer({ content: { url: text } })({ ...scope, profile })?.content['url'];
    expect(url('{{ profile.x }}:alert(1)', { x: 'javascript' })).toBeUndefined();
    expect(url('https://shop.example{{ profile.x }}', { x: '.evil.example' })).toBeUndefined();
    expect(url('{{ profile.x }}', { x: 'https://shop.example/a?b=c' })).toBe('https://shop.example/a?b=c');
    expect(url('{{ profile.x }}', { x: 'javascript:alert(1)' })).toBe('javascript%3Aalert%281%29');
  });
});

describe('a number', () => {
  test.each([
    ['{{ 19.9 | times: 1.19 }}', '23.681'],
    ['{{ 0.1 | plus: 0.2 }}', '0.3'],
    ['{{ 1000000.1 | minus: 1000000 }}', '0.1'],
    ['{{ 0.3 | divided_by: 0.1 }}', '3'],
    ['{{ 5.5 | modulo: 0.1 }}', '0'],
    ['{{ 9007199254740991 | minus: 1 }}', '9007199254740990'],
    ['{{ "149.90" | times: 2 }}', '299.8'],
    ['{{ 20 | divided_by: 7 }}', '2.85714285714286'],
    ['{{ 1.005 | money: "EUR" }}', '€1.01'],
    ['{{ -0.004 | money: "EUR" }}', '€0.00'],
    ['{{ -0.005 | money: "EUR" }}', '-€0.01'],
    ['{{ -0.4 | number: 0 }}', '0'],
    ['{{ profile.price | money: "EUR" }}', '€1,234.50'],
    ['{{ profile.price | money: "eur", "de-DE" }}', '1.234,50\u00a0€'],
    ['{{ profile.price | money: "JPY" }}', 'JP¥1,235'],
    ['{{ profile.price | number: 2, "fr" }}', '1\u202f234,50'],
    ['{{ profile.price | number }}', '1,234.5'],
    [
      '{{ "12345678901234567890.12" | number: 2, "de_AT" }}',
      '12\u00a0345\u00a0678\u00a0901\u00a0234\u00a0567\u00a0890,12',
    ],
    ['{{ 0.125 | percent: 1, "de" }}', '12,5\u00a0%'],
    ['{{ 0.19 | percent }}', '19%'],
    ["{{ profile.firstName | money: 'EUR' | default: 'on request' }}", 'on request'],
  ])('%s becomes %s', (text, wanted) => {
    expect(render(text)).toBe(wanted);
  });

  test.each([
    '{{ profile.firstName | money: "EUR" }}',
    '{{ "149,90" | number: 2 }}',
    '{{ profile.nobody | default: "" | times: 2 }}x',
    '{{ profile.firstName | times: 2 }}',
    '{{ profile.firstName | round }}',
    '{{ 1 | divided_by: 0 }}',
    '{{ 1 | money: profile.firstName }}',
    '{{ 1 | number: 2, profile.firstName }}',
  ])('%s makes no number, so the item is dropped', (text) => {
    expect(render(text.replace('x', ''))).toBe(text.includes('default') ? '' : undefined);
  });

  test('is written as the treatment says, else the placement, the request, the visitor, British English', () => {
    const at = (own: string | undefined, placement: string | undefined, context: string, visitor: string) =>
      render(
        '{{ 1234.5 | number: 1 }}',
        {
          placement: { timeZone: undefined, locale: placement },
          context: { locale: context },
          profile: { locale: visitor },
        },
        own === undefined ? {} : { locale: own },
      );
    expect(at('de', 'en', 'fr', 'fr')).toBe('1.234,5');
    expect(at(undefined, 'de_DE', 'fr', 'fr')).toBe('1.234,5');
    expect(at(undefined, undefined, 'de-DE-u-nu-arab', 'fr')).toBe('1.234,5');
    expect(at(undefined, undefined, 'C.UTF-8', 'de')).toBe('1.234,5');
    expect(at(undefined, undefined, 'xx', 'qqq')).toBe('1,234.5');
  });
});

describe('a date', () => {
  const BERLIN = { placement: { timeZone: 'Europe/Berlin' } };

  test.each([
    ['{{ profile.ends | date: "%d %B" }}', '31 December', {}],
    ['{{ profile.ends | date: "%d %B" }}', '31 December', BERLIN],
    ['{{ "now" | date: "%d.%m. %H:%M %z" }}', '22.11. 00:30 +0100', BERLIN],
    ['{{ "today" | date: "%F%Y-%m-%d" }}', '%F2026-11-21', {}],
    ['{{ now | date: "%H:%M", "America/New_York" }}', '18:30', BERLIN],
    ['{{ now | date: "%H:%M %:z", -330 }}', '05:00 +05:30', {}],
    ['{{ now | date: "%-d. %B %Y", "UTC", "de" }}', '21. November 2026', BERLIN],
    ['{{ now | date: "%-d %B|%OB", "UTC", "pl" }}', '21 listopada|listopad', {}],
    [
      '{{ now | date: "%A %a %b %j %U %W %e %l%P %q %s %C%y" }}',
      'Saturday Sat Nov 325 46 46 21 11pm st 1795303800 2026',
      {},
    ],
    ['{{ now | date_to_string }}', '21 Nov 2026', {}],
    ['{{ now | date_to_long_string: "ordinal", "US" }}', 'November 21st, 2026', {}],
    ['{{ now | date_to_rfc822 }}', 'Sun, 22 Nov 2026 00:30:00 +0100', BERLIN],
    ['{{ now | date_to_xmlschema }}', '2026-11-22T00:30:00+01:00', BERLIN],
    ['{{ "03/04/2026" | date: "%d" | default: "soon" }}', 'soon', {}],
    ['{{ profile.nobody | date: "%d" | default: "soon" }}', 'soon', {}],
  ])('%s becomes %s', (text, wanted, changes) => {
    expect(render(text, changes)).toBe(wanted);
  });

  test('is told on the clock of the placement, else of the visitor, the request, UTC', () => {
    const hour = (placement: string | undefined, trait: string, context: string) =>
      render('{{ now | date: "%H" }}', {
        placement: { timeZone: placement },
        profile: { timezone: trait },
        context: { timezone: context },
      });
    expect(hour('Europe/Berlin', 'Asia/Tokyo', 'Asia/Tokyo')).toBe('00');
    expect(hour(undefined, 'Asia/Tokyo', 'Europe/Berlin')).toBe('08');
    expect(hour(undefined, 'Mars', 'Europe/Berlin')).toBe('00');
    expect(hour(undefined, '', 'Mars')).toBe('23');
  });

  test('that has to be guessed drops the item, and says why', () => {
    const reasons: string[] = [];
    const shown = renderer({ content: { text: '{{ "03/04/2026" | date: "%d" }}' } })(scope, (why) => reasons.push(why));
    expect([shown, reasons]).toEqual([undefined, ['"03/04/2026" is not a time that can be read without guessing']]);
    renderer({ content: { text: '{{ profile.nobody.name }}' } })(scope, (why) => reasons.push(why));
    expect(reasons[1]).toBe('profile.nobody has no value');
  });
});
