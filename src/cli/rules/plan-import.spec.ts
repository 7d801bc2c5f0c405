import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Engine, type TopLevelCondition } from 'json-rules-engine';
import { compileRulebook } from '../../engine/compile.js';
import { decide } from '../../engine/decide.js';
import type { Comparison } from '../../engine/language/condition-definition.js';
import type { Definitions } from '../../engine/language/definitions.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { visitorView } from '../../engine/visitor/visitor.js';
import { rootCondition, rulesOf } from '../../../test/arbitraries/rules.js';
import { checkRules } from '../../rulebook/kinds/check-rules.js';
import { collectDefinitions } from '../../rulebook/build/collect-definitions.js';
import { Findings } from '../../rulebook/read/findings.js';
import { instant } from '../../rulebook/read/instant.js';
import { readJson } from '../../rulebook/read/read-json.js';
import { LineIndex, type Kind, type RuleFile } from '../../rulebook/read/rule-file.js';
import { renderer } from '../../rulebook/templates/templates.js';
import { REQUEST_FACTS } from './map-facts.js';
import { planImport, type ImportPlan, type ImportSource } from './plan-import.js';

function plan(rules: readonly unknown[], changes: Partial<ImportSource> = {}): ImportPlan {
  return planImport({
    rules: rules as Json[],
    conditions: {},
    placements: ['home'],
    choices: { context: [], profile: [] },
    existing: [],
    ...changes,
  });
}

function file(kind: Kind, id: string, definition: unknown): RuleFile {
  const text = JSON.stringify(definition);
  return { kind, id, path: `rules/${kind}/${id}.json`, lines: new LineIndex(text), root: readJson(text).root };
}

function filesOf({ files }: ImportPlan): RuleFile[] {
  return files.map(({ kind, id, definition }) => file(kind, id, definition));
}

/** The definitions that a plan comes to; what is planned must pass the check. */
function definitionsOf(planned: ImportPlan, existing: readonly RuleFile[] = []): Definitions {
  const files = [...existing, ...filesOf(planned)];
  const findings = new Findings();
  checkRules(files, findings);
  expect(findings.sorted()).toEqual([]);
  return collectDefinitions(files, findings);
}

const leaf = (fact: string, more: object = {}) => ({ fact, operator: 'equal', value: 1, ...more });
const rule = (conditions: unknown, more: object = {}) => ({ conditions, event: { type: 'show' }, ...more });
const one = (conditions: unknown, changes: Partial<ImportSource> = {}) => {
  const planned = plan([rule(conditions)], changes);
  return { conditions: planned.files.at(-1)?.definition['conditions'], ...planned.rules[0] };
};

describe('importing rules of json-rules-engine', () => {
  test('makes a rule file of each, with what it needs', () => {
    const planned = plan([
      {
        name: 'Größe: XL!',
        priority: 7,
        conditions: { all: [leaf('age')] },
        event: { type: 'Big Sizes', params: { percent: 10, title: '{{x}}' } },
      },
    ]);
    expect(planned.files).toEqual([
      { kind: 'placements', id: 'home', definition: { name: 'home' } },
      {
        ...{ kind: 'offers', id: 'big-sizes' },
        definition: {
          ...{
            name: 'Big Sizes',
            description: 'Imported: say how it looks, and take the status away.',
            status: 'draft',
          },
          treatments: { '*': { content: { title: '{% raw %}{{x}}{% endraw %}', percent: 10 } } },
        },
      },
      {
        ...{ kind: 'proactive', id: 'grosse-xl' },
        definition: {
          ...{ name: 'Größe: XL!', placements: ['home'], priority: 7 },
          conditions: { all: [{ fact: 'profile', path: '$.age', operator: 'equal', value: 1 }] },
          event: {
            type: 'offer',
            params: { offer: 'big-sizes', imported: { type: 'Big Sizes', params: { percent: 10, title: '{{x}}' } } },
          },
        },
      },
    ]);
    definitionsOf(planned);
  });

  test.each<[string, object, object, object]>([
    ['a trait', leaf('age'), {}, { fact: 'profile', path: '$.age' }],
    ['an odd name', leaf('my age.now'), {}, { fact: 'profile', path: "$['my age.now']" }],
    ['a path', leaf('account', { path: '$.address.city' }), {}, { fact: 'profile', path: '$.account.address.city' }],
    [
      'a path without its sign',
      leaf('account', { path: 'address.city' }),
      {},
      { fact: 'profile', path: '$.account.address.city' },
    ],
    ['a name with quotes', leaf("it's", { path: "$['$id']" }), {}, { fact: 'profile', path: "$['it's']['$id']" }],
    ['a name that would mean more', leaf('@type'), {}, { fact: 'profile', path: "$['`@type']" }],
    ['a path into a list', leaf('tags', { path: '$[0]' }), {}, { fact: 'profile', path: '$.tags[0]' }],
    ['the whole value', leaf('account', { path: '$' }), {}, { fact: 'profile', path: '$.account' }],
    ['a fact of the request', leaf('device'), {}, { fact: 'context', path: '$.device' }],
    [
      'one that is named so',
      leaf('cart', { path: '$.total' }),
      { context: ['cart'] },
      { fact: 'context', path: '$.cart.total' },
    ],
    [
      'one that is a trait all the same',
      leaf('device'),
      { profile: ['device'] },
      { fact: 'profile', path: '$.device' },
    ],
    ["a fact of Usher's", leaf('now', { path: '$.hour' }), {}, { fact: 'now', path: '$.hour' }],
    [
      "a name of Usher's that means another thing",
      leaf('session', { path: '$.pages' }),
      { profile: ['session'] },
      { fact: 'profile', path: '$.session.pages' },
    ],
    [
      'another fact as value',
      leaf('a', { value: { fact: 'b', path: '$.c' } }),
      {},
      { fact: 'profile', path: '$.a', value: { fact: 'profile', path: '$.b.c' } },
    ],
  ])('finds %s', (_what, written, choices, expected) => {
    const { conditions, lost } = one({ all: [written] }, { choices: { context: [], profile: [], ...choices } });
    expect([conditions, lost]).toEqual([{ all: [{ operator: 'equal', value: 1, ...expected }] }, []]);
  });

  test('goes by the condition that counts where several stand in one, and says what it left out', () => {
    const { conditions, ignored } = one({ any: [leaf('a', { factResult: 3 })], all: [], priority: '4', name: 'n' });
    expect(conditions).toEqual({
      any: [{ fact: 'profile', path: '$.a', operator: 'equal', value: 1 }],
      priority: 4,
      name: 'n',
    });
    expect(ignored).toEqual(['factResult', 'all']);
  });

  test('leaves a rule a draft where a fact took params, and says so', () => {
    const planned = plan([rule({ all: [leaf('score', { params: { of: 'credit' } })] })]);
    expect(planned.rules[0]?.lost).toEqual([
      'the params {"of":"credit"} of the fact score: Usher looks up profile $.score, and computes nothing',
    ]);
    expect(planned.files.at(-1)?.definition).toMatchObject({
      status: 'draft',
      description: expect.stringContaining('to be looked at: the params'),
    });
    definitionsOf(planned);
  });

  test.each<[string, unknown, string]>([
    ['no object', 5, 'a rule must be an object'],
    ['no event', { conditions: { all: [] } }, 'its event has no "type"'],
    ['no conditions', { event: { type: 'x' } }, 'a condition must be an object; got nothing'],
    ['an operator of its own', rule({ all: [leaf('a', { operator: 'soundsLike' })] }), 'unknown operator "soundsLike"'],
    ['a condition that nobody gave', rule({ all: [{ condition: 'grown-up' }] }), 'unknown segment "grown-up"'],
    [
      'a filter in its path',
      rule({ all: [leaf('a', { path: '$[?(@.b)]' })] }),
      'the path "$[?(@.b)]" into the fact "a" can\'t be said',
    ],
    [
      'a path by which json-rules-engine finds nothing',
      rule({ all: [leaf('account', { path: '.city' })] }),
      'the path ".city" into the fact "account" can\'t be said as a path of Usher\'s: ' +
        'it begins with "."; write "$.city"',
    ],
    [
      'such a path into a fact of the same name',
      rule({ all: [leaf('now', { path: '.hour' })] }),
      'it begins with "."; write "$.hour"',
    ],
    ['a fact that no path can name', rule({ all: [leaf('a]b')] }), 'the fact "a]b" can\'t be said'],
    ['a list that is none', rule({ all: {} }), '"all" must be a list'],
    ['a negative priority', rule({ all: [] }, { priority: -1 }), '"priority" must be 1 or more'],
    ['a bare comparison', rule(leaf('a')), '"conditions" must begin with all, any, not or condition'],
    ['a text that is no JSON', '{', 'a rule must be an object'],
  ])('leaves out a rule with %s, says why, and takes the others', (_what, written, why) => {
    const planned = plan([written, rule({ all: [] }, { name: 'fine' })]);
    expect(planned.rules.map(({ id, refused }) => [id, refused])).toEqual([
      [undefined, [expect.stringContaining(why)]],
      ['fine', []],
    ]);
    expect(planned.files.map(({ kind, id }) => `${kind}/${id}`)).toEqual([
      'placements/home',
      'offers/show',
      'proactive/fine',
    ]);
    definitionsOf(planned);
  });

  test("takes rules as texts, as their toJSON gives them, and rules that were Usher's", () => {
    const planned = plan([
      JSON.stringify(rule({ all: [] }, { name: 'text' })),
      { conditions: { all: [] }, event: { type: 'offer', params: { offer: 'welcome', weight: 2 } } },
    ]);
    expect(planned.files.at(-1)?.definition['event']).toEqual({
      type: 'offer',
      params: { offer: 'welcome', weight: 2 },
    });
    expect(planned.rules.map(({ id }) => id)).toEqual(['text', 'rule-2']);
  });

  test('makes segments of named conditions, of those that are used', () => {
    const conditions = {
      'Grown up': { all: [leaf('age')] },
      Both: { all: [{ condition: 'Grown up' }] },
      unused: { all: [] },
      round: { not: { condition: 'round' } },
    } as unknown as JsonObject;
    const planned = plan([rule({ condition: 'Both' }), rule({ condition: 'round' })], { conditions });
    expect(planned.files.map(({ kind, id }) => `${kind}/${id}`)).toEqual([
      'placements/home',
      'segments/grown-up',
      'segments/both',
      'offers/show',
      'proactive/rule-1',
    ]);
    expect(planned.rules[1]?.refused).toEqual([expect.stringContaining('round')]);
    definitionsOf(planned);
  });

  test('gives names that are alike different ids, next to those that are there', () => {
    const existing = [
      file('contextual', 'One', {
        name: 'Other',
        placements: ['home'],
        conditions: { all: [] },
        event: { type: 'offer', params: { offer: 'show' } },
      }),
      file('placements', 'home', { name: 'Home' }),
      file('offers', 'show', { name: 'Show', treatments: { '*': { content: {} } } }),
    ];
    const planned = plan(
      [rule({ all: [] }, { name: 'one' }), rule({ all: [] }, { name: 'ONE!' }), rule({ all: [] }, { name: '!' })],
      { existing },
    );
    expect(planned.files.map(({ id }) => id)).toEqual(['one-2', 'one-3', 'unnamed']);
    definitionsOf(planned, existing);
  });

  test('finds again what it imported, whatever else was there', () => {
    const rules = [
      rule({ all: [leaf('a')] }, { name: 'x' }),
      rule({ all: [leaf('b')] }, { name: 'x' }),
      rule({ all: [] }, { event: { type: 'Sh ow' } }),
      rule({ all: [] }, { event: { type: 'sh-ow' } }),
      rule({ condition: 'Named' }),
    ];
    const conditions = { Named: { all: [leaf('c')] } } as unknown as JsonObject;
    const first = plan(rules, { conditions });
    expect(first.files).toHaveLength(10);
    const again = plan(rules, { conditions, existing: filesOf(first) });
    expect([again.files, again.unchanged]).toEqual([[], 5]);
    const more = plan([...rules, rule({ all: [] }, { name: 'x' })], { conditions, existing: filesOf(first) });
    expect(more.files.map(({ id }) => id)).toEqual(['x-3']);
  });

  test('leaves out what an offer that is there can not be shown for', () => {
    const existing = [
      file('offers', 'show', { name: 'Show', treatments: { app: { content: {} } } }),
      file('placements', 'other', { name: 'Other', channel: 'app' }),
    ];
    expect(plan([rule({ all: [] })], { existing }).rules[0]?.refused).toEqual([
      expect.stringContaining('the offer "show" has no treatment for the placement "home"'),
    ]);
  });
});

const FLAT = ['age', 'city', 'tags', 'odd name', 'constructor', 'device', 'url'] as const;
const DEEP = ['account', 'basket'] as const;
const primitive = fc.constantFrom<Json>(0, 1, 7, '7', 'b', '', true, false, null, 3.5);
const flat = fc.oneof(primitive, fc.array(primitive, { maxLength: 3 }));
const deep = fc.oneof(
  fc.record(
    { a: flat, b: fc.record({ c: flat }), list: fc.array(primitive, { maxLength: 3 }) },
    { requiredKeys: [], noNullPrototype: true },
  ),
  fc.array(fc.record({ a: primitive }, { noNullPrototype: true }), { maxLength: 2 }),
);
const reference = fc.oneof(
  fc.constantFrom(...FLAT).map((fact) => ({ fact: fact })),
  // A path into what is no object or list is where the two differ, and the docs say so.
  fc.record(
    {
      fact: fc.constantFrom<string>(...DEEP),
      path: fc.constantFrom('$.a', '$.b.c', 'b.c', '$.list[0]', '$.list[*]', '$[*].a', '$..a', '$', '$[0].a'),
    },
    { noNullPrototype: true },
  ),
);
const comparison: fc.Arbitrary<Comparison> = fc
  .constantFrom(
    'equal',
    'notEqual',
    'in',
    'notIn',
    'contains',
    'doesNotContain',
    'lessThan',
    'greaterThanInclusive',
    'not:contains',
    'someFact:equal',
    'everyValue:equal',
  )
  .chain((operator) => {
    const literal: fc.Arbitrary<Json> =
      /in$|In$|Value:/.test(operator) && !/ontain/.test(operator)
        ? fc.array(primitive, { maxLength: 3 })
        : /Than/.test(operator)
          ? fc.constantFrom<Json>(1, 7, '7')
          : primitive;
    return fc
      .tuple(reference, fc.oneof({ weight: 4, arbitrary: literal }, { weight: 1, arbitrary: reference }))
      .map(([left, value]) => ({ ...left, operator, value }));
  });
const facts = fc.record(
  { ...Object.fromEntries(FLAT.map((name) => [name, flat])), ...Object.fromEntries(DEEP.map((name) => [name, deep])) },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<JsonObject>;

describe('imported rules', () => {
  test('decide what json-rules-engine says of the same facts', async () => {
    const seen = { held: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(
        rulesOf(rootCondition([], comparison), { minLength: 1, maxLength: 6 }),
        facts,
        async (rules, values) => {
          const written = rules.map((some) => ({ ...some, event: { type: `show-${some.name}` } }));
          const planned = plan(JSON.parse(JSON.stringify(written)) as Json[], { placements: ['home'] });
          expect(planned.rules.flatMap(({ refused }) => refused)).toEqual([]);
          const decided = offersOf(definitionsOf(planned), values);
          for (const some of written) {
            const held = await holdsInTheLibrary(some, values);
            if (held === undefined) continue;
            if (held) seen.held++;
            else seen.failed++;
            expect([some, values, decided.includes(some.event.type)]).toEqual([some, values, held]);
          }
          const priorities = decided.map((offer) => written.find(({ event }) => event.type === offer)?.priority ?? 0);
          expect(priorities).toEqual(priorities.toSorted((a, b) => b - a));
        },
      ),
      { numRuns: 200 },
    );
    expect(Math.min(seen.held, seen.failed)).toBeGreaterThan(50);
  });
});

/** What is decided once the offers are no drafts any more. */
function offersOf(definitions: Definitions, values: JsonObject): string[] {
  const offers = new Map([...definitions.offers].map(([id, offer]) => [id, { ...offer, status: 'live' as const }]));
  const rulebook = compileRulebook({ ...definitions, offers }, { renderer, instant }, { version: 1, digest: '' });
  const of = (isWanted: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => isWanted(name)));
  const isOfRequest = (name: string) => REQUEST_FACTS.includes(name);
  const visitor = visitorView({ visitorId: 'v', traits: of((name) => !isOfRequest(name)) });
  const [decision] = decide({
    rulebook,
    visitor,
    now: 0,
    request: { placements: [{ id: 'home', count: 50 }], context: of(isOfRequest) },
  });
  return decision?.items.map(({ offer }) => offer) ?? [];
}

/** Undefined where it throws. */
async function holdsInTheLibrary(
  { name, conditions, event }: { name: string; conditions: object; event: { type: string } },
  values: JsonObject,
): Promise<boolean | undefined> {
  const engine = new Engine([{ name, conditions: structuredClone(conditions) as TopLevelCondition, event }], {
    allowUndefinedFacts: true,
  });
  try {
    const { events } = await engine.run(structuredClone(values) as Record<string, unknown>);
    return events.length === 1;
  } catch {
    return undefined;
  }
}
