import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../engine/language/json.js';
import { InteractionLog } from '../../engine/visitor/interaction-log.js';
import { ToldEvent } from '../../engine/visitor/told-event.js';
import type { TemplateScope } from '../../engine/rulebook.js';
import { MOST_STEPS, TextBudget } from '../../engine/text-budget.js';
import { compileByLiquid, compileText, filterNames, parseTemplate, type RenderText } from './liquid.js';
import { plainText } from './plain-text.js';
import type { TextKind } from './template-context.js';
import { TextWork } from './text-work.js';
import { whyMissing } from './missing-value.js';

const value: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(
  ...['Ann', '', ' a <b> & "c" ', '2026-11-20', '12.5', 'x'.repeat(200), '%C3', '\ud800', '[object Object]'],
  ...[0, -1.5, 1e21, true, false, null],
  ...[[], ['pets', 'cars'], [1, [2]], [{ name: 'Ann' }], {}, { name: 'Bo' }, { size: 7 }, { first: 1 }],
);
const members = fc.dictionary(fc.constantFrom('a', 'b', 'a b', '0', 'size', 'constructor'), value, { maxKeys: 4 });
const happened = InteractionLog.of(
  [
    { a: 'S', b: { a: 1 }, size: 3 },
    { a: null, 'a b': ['x'], constructor: 'car' },
  ].map((properties, at) => ({ event: 'a', timestamp: at, channel: 'web', messageId: `m${at}`, properties })),
);
const scope: fc.Arbitrary<TemplateScope> = fc.record({
  profile: fc.dictionary(fc.constantFrom('a', 'b', 'timezone', 'locale'), fc.oneof(value, members), { maxKeys: 3 }),
  context: members,
  now: fc.constant(Date.parse('2026-11-21T23:30:00Z')),
  interactions: fc.constantFrom<TemplateScope['interactions'][]>(
    () => undefined,
    () => ({ count: 2, last: { channel: 'web', properties: { model: 'S' } } }) as never,
    (event) => ToldEvent.of(happened, event, Date.parse('2026-11-21T23:30:00Z')),
  ),
});

const step = fc.constantFrom('.a', '.b', "['a b']", '[0]', '[-1]', '.size', '.first', '.last', '.constructor');
const rootPath = fc
  .tuple(
    fc.constantFrom('profile', 'context', 'interactions', 'now', 'unknown', 'forloop'),
    fc.array(step, { maxLength: 3 }),
  )
  .map(([first, more]) => first + more.join(''));
const eventPath = fc
  .tuple(
    fc.constantFrom("interactions['a']", 'interactions.a', 'interactions.b'),
    fc.constantFrom(
      '',
      '.count',
      '.size',
      '.first',
      '.last',
      '.first.properties',
      '.last.properties',
      '.last.timestamp',
    ),
    fc.array(step, { maxLength: 2 }),
  )
  .map(([first, part, more]) => first + part + more.join(''));
const path = fc.oneof(rootPath, eventPath);
const constant = fc.constantFrom("'x'", "''", '"%Y"', '2', '-1.5', 'true', 'nil', 'empty', "'a,b'", "'en'");
const argument = fc.oneof({ weight: 8, arbitrary: constant }, path);
const filter = fc
  .tuple(fc.constantFrom('default', 'upcase', 'date', 'append', ...filterNames()), fc.array(argument, { maxLength: 3 }))
  .map(([name, given]) => ` | ${name}${given.length > 0 ? `: ${given.join(', ')}` : ''}`);
const optional = fc.constantFrom('', '', " | default: 'x'", " | default: '', allow_false: true");
const output = fc
  .tuple(fc.oneof(path, constant), fc.array(filter, { maxLength: 3 }), optional, fc.constantFrom('{{ ', '{{- '))
  .map(([first, filters, last, open]) => `${open}${first}${filters.join('')}${last} }}`);
const own = fc.constantFrom('Hello ', ' <b>"', '/path?', ' ', '&', 'https://x.y/', '');
const text = fc
  .array(fc.oneof({ weight: 2, arbitrary: output }, own), { minLength: 1, maxLength: 5 })
  .map((all) => all.join(''));
const kind: fc.Arbitrary<TextKind> = fc.record({
  place: fc.constantFrom('plain', 'html', 'address'),
  locale: fc.constantFrom(undefined, 'de'),
});

function isParsed(one: string): boolean {
  try {
    return parseTemplate(one).length > 0;
  } catch {
    return false;
  }
}

/** The text, or why there is none, and how much of the budget is left. */
function outcome(make: RenderText, of: TemplateScope): unknown {
  const budget = new TextBudget();
  const come = () => {
    try {
      return { text: make(of, new TextWork(budget)) };
    } catch (error) {
      return { why: whyMissing(error) };
    }
  };
  return { ...come(), left: budget };
}

describe('a text that only fills values in', () => {
  test('comes out as LiquidJS renders it, or fails for the same reason, and costs as much', () => {
    let plain = 0;
    fc.assert(
      fc.property(text.filter(isParsed), kind, scope, (of, where, known) => {
        if (plainText(parseTemplate(of))) plain++;
        expect(outcome(compileText(of, where), known)).toEqual(outcome(compileByLiquid(of, where), known));
      }),
      { numRuns: 1_000 },
    );
    expect(plain).toBeGreaterThan(300);
  });

  test('sees nothing of one that ended halfway in a filter', () => {
    const known = { profile: {}, context: {}, now: 0, interactions: () => undefined };
    const [halfway, next] = ["{{ 'a' | where_exp: 'x', 'y.z' }}", "{{ 'a' | where_exp: 'y', 'x' }}"].map(
      (text) => outcome(compileText(text, { place: 'plain' }), known) as { why?: string },
    );
    expect([halfway?.why, next?.why]).toEqual(['y has no value', 'x has no value']);
  });

  test('is told from others', () => {
    const isPlain = (one: string) => plainText(parseTemplate(one)) !== undefined;
    expect(isPlain("Hi {{ profile.a['b c'][0] | default: 'you', allow_false: true | append: '!' }}")).toBe(true);
    for (const more of ['{% if profile.a %}x{% endif %}', '{{ profile.a | append: profile.b }}', '{{ profile[now] }}'])
      expect([more, isPlain(more)]).toEqual([more, false]);
  });

  test('ends where it is more work than a decision may take', () => {
    const make = compileText('{{ now }}'.repeat(MOST_STEPS / 2), { place: 'plain' });
    expect(outcome(make, { profile: {}, context: {}, now: 0, interactions: () => undefined })).toMatchObject({
      why: 'it is more work than a decision may take',
    });
  });
});
