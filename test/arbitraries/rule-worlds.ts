/**
 * Small rule sets over few values, so that conditions often exclude or imply each other, and visitors made of the very
 * values that the rules speak of, as often as not of another type than they expect. Types only are imported of the
 * product.
 */
import fc from 'fast-check';
import type { Comparison, Condition, RootCondition } from '../../src/engine/language/condition-definition.js';
import type { Definitions } from '../../src/engine/language/definitions.js';
import type { Json, JsonObject } from '../../src/engine/language/json.js';
import type { OfferDefinition } from '../../src/engine/language/offer-definition.js';
import type { PlacementDefinition } from '../../src/engine/language/placement-definition.js';
import type { RuleDefinition } from '../../src/engine/language/rule-definition.js';
import type { Interaction } from '../../src/engine/visitor/interaction.js';
import { condition, namedConditions, rootCondition } from './rules.ts';

/** Around it lie all schedules and histories. */
export const WORLD_NOW = Date.parse('2026-11-21T10:00:00Z');

const DAY_MS = 86_400_000;
const PRIMITIVES = [
  0,
  1,
  2,
  3,
  2.5,
  -1,
  Infinity,
  '',
  '1',
  '2',
  '10',
  ' 2',
  '2x',
  'abc',
  '2026-11-21',
  '2026-11-22',
  'Infinity',
  '0x10',
  'true',
  true,
  false,
  null,
] as const;

const primitive: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -1, max: 4 }) },
  { weight: 4, arbitrary: fc.constantFrom<Json>(...PRIMITIVES) },
);
const list = fc.array(primitive, { maxLength: 3 });
const nested = fc.oneof(
  fc.constant<Json>({}),
  fc.constant<Json>([[2]]),
  fc.constant<Json>({ x: 1 }),
  fc.constant<Json>({ toString: 1 }),
  fc.constant<Json>([{}, 2]),
  list.map((one) => ({ x: one })),
);
const anyValue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: primitive },
  { weight: 3, arbitrary: list },
  { weight: 1, arbitrary: nested },
);

const OPERATORS = [
  'equal',
  'notEqual',
  'in',
  'notIn',
  'contains',
  'doesNotContain',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
] as const;
const DECORATORS = ['not', 'someFact', 'everyFact', 'someValue', 'everyValue', 'swap'] as const;

const operator = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<string>(...OPERATORS) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.array(fc.constantFrom(...DECORATORS), { minLength: 1, maxLength: 2 }), fc.constantFrom(...OPERATORS))
      .map(([decorators, name]) => [...decorators, name].join(':')),
  },
);

type Reference = Pick<Comparison, 'fact' | 'params' | 'path'>;

const EVENTS = ['Viewed', 'Bought'] as const;
const interactions = (aggregate: readonly string[]): fc.Arbitrary<Reference> =>
  fc
    .record(
      {
        event: fc.constantFrom(...EVENTS),
        within: fc.constantFrom('1d', '7d', '1w', '30d'),
        channel: fc.constantFrom('web', 'app'),
        where: fc.constantFrom<JsonObject>(
          { n: 1 },
          { n: 2 },
          { n: 1, m: 'a' },
          {},
          { all: [{ fact: 'n', operator: 'greaterThan', value: 1 }] },
        ),
        aggregate: fc.constantFrom(...aggregate),
        property: fc.constantFrom('n', 'm'),
      },
      { requiredKeys: ['property', 'aggregate'], noNullPrototype: true },
    )
    .map((params) => ({ fact: 'interactions', params: params }));
const lifetime: fc.Arbitrary<Reference> = fc
  .record(
    {
      event: fc.constantFrom(...EVENTS),
      within: fc.constant('lifetime'),
      aggregate: fc.constantFrom('count', 'secondsSinceLast', 'secondsSinceFirst'),
    },
    { noNullPrototype: true },
  )
  .map((params) => ({ fact: 'interactions', params }));

const any: fc.Arbitrary<Reference> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('$.a', 'a', '$.b', '$.b.x', '$.b[*]').map((path) => ({ fact: 'profile', path })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('$.device', '$.channel', '$.placement').map((path) => ({ fact: 'context', path })),
  },
  { weight: 1, arbitrary: fc.constantFrom<Reference>({ fact: 'profile' }, { fact: 'session' }, { fact: 'segments' }) },
);
const counting: fc.Arbitrary<Reference> = fc.oneof(
  { weight: 4, arbitrary: interactions(['count']) },
  {
    weight: 2,
    arbitrary: interactions([
      'sum',
      'avg',
      'min',
      'max',
      'distinct',
      'first',
      'last',
      'secondsSinceFirst',
      'secondsSinceLast',
    ]),
  },
  { weight: 1, arbitrary: lifetime },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('$.interactions', "$.events['Viewed']", '$.durationSeconds', '$.active', '$.channel')
      .map((path) => ({ fact: 'session', path })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Reference>(
      ...['open', 'openMinutes', 'openSeconds', 'topic'].map((part) => ({ fact: 'support', path: `$.${part}` })),
      ...['ratings', 'latest', 'helpful'].map((part) => ({ fact: 'satisfaction', path: `$.${part}` })),
      ...['count', 'mean'].map((part) => ({ fact: 'sentiment', path: `$.${part}` })),
    ),
  },
);
const clock: fc.Arbitrary<Reference> = fc
  .constantFrom('$.hour', '$.weekday', '$.month', '$.date', '$.time', '$.minute', '$.year', '$.timestamp')
  .map((path) => ({ fact: 'now', path }));

const valueFor = (name: string): fc.Arbitrary<Json> =>
  /(^|:)(in|notIn)$|Value:/.test(name)
    ? fc.oneof({ weight: 9, arbitrary: list }, { weight: 1, arbitrary: fc.constantFrom<Json>('12', 'abc2', '') })
    : anyValue;
const words = fc.constantFrom<Json>(
  ...[
    'web',
    'app',
    'p1',
    'p2',
    's1',
    's2',
    'saturday',
    'Saturday',
    '2026-11-21',
    '2026-11-23',
    '2026-11-19',
    '10:00',
    '24:00',
    0,
    9,
    10,
    11,
    12,
    24,
    2026,
  ],
);

function comparison(
  reference: fc.Arbitrary<Reference>,
  value: (operator: string) => fc.Arbitrary<Json>,
): fc.Arbitrary<Comparison> {
  return operator.chain((name) =>
    fc.tuple(reference, value(name)).map(([left, right]) => ({ ...left, operator: name, value: right })),
  );
}

const numeric = fc.constantFrom(
  'equal',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
  'notEqual',
);
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 8, arbitrary: comparison(any, valueFor) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(counting, numeric, fc.integer({ min: -1, max: 4 }))
      .map(([left, name, value]) => ({ ...left, operator: name, value })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(counting, numeric, fc.constantFrom(0.5, 3_600, 86_400, 100_000, 700_000))
      .map(([left, name, value]) => ({ ...left, operator: name, value })),
  },
  { weight: 1, arbitrary: comparison(counting, valueFor) },
  {
    weight: 2,
    arbitrary: comparison(fc.oneof(clock, any), (name) =>
      /(^|:)(in|notIn)$|Value:/.test(name) ? fc.array(words, { maxLength: 3 }) : words,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('s1', 's2', 's9').map((value) => ({ fact: 'segments', operator: 'contains', value })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(any, numeric, any).map(([left, name, right]) => ({ ...left, operator: name, value: right })),
  },
);

const SEGMENTS = ['s1', 's2', 's3'] as const;
/** Segments may not ask for the list of segments. */
const segmentLeaf = leaf.filter((one) => !JSON.stringify(one).includes('"segments"'));
const conditions: fc.Arbitrary<RootCondition> = fc.oneof(
  { weight: 4, arbitrary: fc.array(leaf, { maxLength: 3 }).map((all) => ({ all })) },
  { weight: 3, arbitrary: rootCondition(SEGMENTS, leaf) },
  { weight: 1, arbitrary: condition(SEGMENTS, leaf).map((one) => ({ any: [one] })) },
);

const instant = fc.integer({ min: -3, max: 3 }).map((days) => new Date(WORLD_NOW + days * DAY_MS).toISOString());
const schedule = fc.option(
  fc.oneof(
    instant.map((from) => ({ from })),
    instant.map((until) => ({ until })),
    fc
      .tuple(instant, instant)
      .filter(([a, b]) => a < b)
      .map(([from, until]) => ({ from, until })),
  ),
  { nil: undefined, freq: 4 },
);

const treatment = fc.constantFrom(
  { content: { title: 'Plain' } },
  { content: { title: 'Plain' } },
  { content: { title: 'For {{ profile.a }}' } },
  { content: { title: "For {{ profile.a | default: 'you' }}" } },
);
const treatments = fc.oneof(
  treatment.map((one) => ({ '*': one })),
  fc.tuple(treatment, treatment).map(([web, other]) => ({ web, '*': other })),
  treatment.map((one) => ({ web: one, app: one })),
);
const offer: fc.Arbitrary<OfferDefinition> = fc
  .record({
    name: fc.constant('Offer'),
    treatments,
    eligibility: fc.option(conditions, { nil: undefined, freq: 2 }),
    schedule,
    consent: fc.constantFrom(undefined, undefined, undefined, 'ads', 'mail'),
    group: fc.constantFrom(undefined, 'g1', 'g2'),
  })
  .map(withoutAbsent) as fc.Arbitrary<OfferDefinition>;

const placement: fc.Arbitrary<PlacementDefinition> = fc
  .record({
    name: fc.constant('Placement'),
    channel: fc.constantFrom(undefined, 'web'),
    count: fc.constantFrom(1, 1, 1, 2, 3),
    fallback: fc.constantFrom(undefined, 'o1'),
    dedupe: fc.constantFrom(undefined, 'word'),
    maxPerGroup: fc.constantFrom(undefined, 1, 2),
  })
  .map(withoutAbsent) as fc.Arbitrary<PlacementDefinition>;

const OFFERS = ['o1', 'o2', 'o3', 'o4'] as const;
const PLACEMENTS = ['p1', 'p2', 'p3'] as const;

const rule: fc.Arbitrary<RuleDefinition> = fc
  .record({
    name: fc.constant('Rule'),
    placements: fc.uniqueArray(fc.constantFrom(...PLACEMENTS), { minLength: 1, maxLength: 2 }),
    channels: fc.constantFrom<readonly string[] | undefined>(
      undefined,
      undefined,
      undefined,
      ['web'],
      ['app'],
      ['web', 'app'],
    ),
    conditions,
    event: fc.constantFrom(...OFFERS).map((one) => ({ type: 'offer' as const, params: { offer: one } })),
    priority: fc.integer({ min: 1, max: 3 }),
    schedule,
  })
  .map(withoutAbsent) as fc.Arbitrary<RuleDefinition>;

/** A rule set of a handful of rules. */
export const ruleWorld: fc.Arbitrary<Definitions> = fc.record({
  placements: named(PLACEMENTS, placement),
  offers: named(OFFERS, offer),
  segments: namedConditions(segmentLeaf).map(
    (found) => new Map([...found].map(([id, one]) => [id, { name: id, conditions: one as RootCondition }])),
  ),
  rules: fc
    .array(rule, { minLength: 2, maxLength: 9 })
    .map((rules) => new Map(rules.map((one, index) => [`r${index}`, one] as const))),
  cases: fc.constant(new Map()),
  consent: fc.constant({
    name: 'Consent',
    purposes: { ads: {}, mail: { unknown: 'granted' as const }, track: { unknown: 'granted' as const } },
    facts: { interactions: 'track' },
  }),
});

/** Somebody, and what they ask for. */
export interface WorldVisitor {
  /** Whether they could be read. */
  readonly isRead: boolean;
  readonly traits: JsonObject;
  readonly interactions: readonly Interaction[];
  readonly consents: Readonly<Record<string, { readonly granted: boolean; readonly until: undefined }>>;
  readonly context: JsonObject;
  readonly channel: string | undefined;
  readonly placements: readonly string[];
  readonly now: number;
}

/** Somebody of the world of {@link ruleWorld}. */
export const worldVisitor: fc.Arbitrary<WorldVisitor> = fc.record({
  isRead: fc.integer({ min: 0, max: 9 }).map((dice) => dice > 0),
  traits: fc.record({ a: anyValue, b: anyValue }, { requiredKeys: [], noNullPrototype: true }),
  interactions: fc
    .array(
      fc.record({
        event: fc.constantFrom(...EVENTS, 'Other', 'Support Called', 'Ticket Closed', 'Service Rated'),
        timestamp: fc.oneof(
          fc.integer({ min: -40, max: 2 }).map((days) => WORLD_NOW + days * DAY_MS),
          fc.integer({ min: -4_000, max: 100 }).map((seconds) => WORLD_NOW + seconds * 1_000),
        ),
        channel: fc.constantFrom('web', 'app'),
        properties: fc.record(
          {
            ...{ n: primitive, m: fc.constantFrom<Json>('a', 'b', 1) },
            ...{
              minutes: primitive,
              score: primitive,
              helpful: fc.boolean(),
              sentiment: fc.constantFrom<Json>(-1, 'a', 1),
            },
          },
          { requiredKeys: [], noNullPrototype: true },
        ),
      }),
      { maxLength: 8 },
    )
    .map((all) => all.map((one, index) => ({ ...one, messageId: `m${index}` }))),
  consents: fc.dictionary(
    fc.constantFrom('ads', 'mail', 'track'),
    fc.boolean().map((granted) => ({ granted, until: undefined })),
  ),
  context: fc.record(
    { device: anyValue, channel: anyValue, placement: anyValue },
    { requiredKeys: [], noNullPrototype: true },
  ),
  channel: fc.constantFrom(undefined, 'web', 'app', 'email'),
  placements: fc.shuffledSubarray([...PLACEMENTS], { minLength: 1 }),
  now: fc.integer({ min: -100, max: 100 }).map((hours) => WORLD_NOW + hours * 3_600_000),
});

function named<T>(ids: readonly string[], one: fc.Arbitrary<T>): fc.Arbitrary<ReadonlyMap<string, T>> {
  return fc.tuple(...ids.map(() => one)).map((all) => new Map(ids.map((id, index) => [id, all[index] as T])));
}

function withoutAbsent(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
