/**
 * Rules and facts of every shape, well-formed rules over ill-formed facts included, for properties and for long fuzz
 * runs. Nothing of the product is imported but types, so that Jest (over `src/`) and plain Node (over `dist/`) can both
 * use it.
 */
import fc from 'fast-check';
import type {
  Comparison,
  Condition,
  FactReference,
  RootCondition,
} from '../../src/engine/language/condition-definition.js';
import type { Json, JsonObject } from '../../src/engine/language/json.js';
import { factName, factValue, oddKeys, oddNumber, oddText, params } from './facts.ts';

/** A rule of json-rules-engine, all of its parts given. */
export interface GeneratedRule {
  readonly name: string;
  readonly conditions: RootCondition;
  readonly priority: number;
}

/** Rules, and the named conditions that they use. */
export interface RuleSet {
  readonly rules: readonly GeneratedRule[];
  readonly segments: ReadonlyMap<string, Condition>;
}

/** Every operator but those on time; a test holds both lists against the product's. */
export const OPERATORS = [
  ...['equal', 'notEqual', 'in', 'notIn', 'contains', 'doesNotContain', 'startsWith', 'endsWith'],
  ...['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'],
] as const;
/**
 * Every operator on time: what their values mean is reckoned from a decision's now, so facts alone can't say it. Rules
 * with them are in `times.ts`.
 */
export const TIME_OPERATORS = ['withinNext', 'withinLast', 'during', 'before', 'after'] as const;
/** Every decorator; likewise. */
export const DECORATORS = [
  ...['someFact', 'someValue', 'everyFact', 'everyValue', 'swap', 'not', 'ignoreCase', 'semver'],
] as const;

const SEGMENTS = ['s1', 's2', 's3'] as const;
const PATHS = [
  '$.a',
  '$.a.b',
  '$.list[0]',
  '$.list[*]',
  '$.list[0:2]',
  '$..b',
  '$.*',
  "$['odd name']",
  'a.b',
  '$.a.length',
  '$.list[-1:]',
  '$',
  '',
] as const;

const step = fc.oneof(
  fc.constantFrom('a', 'b', 'list', '0', 'length').map((name) => `.${name}`),
  fc.constantFrom('a', 'odd name', ...oddKeys).map((name) => `['${name}']`),
  fc.constantFrom('.*', '[*]', '[0]', '[1]', '[1:]', '[:2]', '[-2:]', '[0:3:2]', '..a', '..b', '..*'),
);
const path = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom<string>(...PATHS) },
    { weight: 1, arbitrary: fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => `$${steps.join('')}`) },
  )
  .filter(looksDeepOnce);

/** A path that looks at any depth twice is refused, as what it takes grows with every look. */
function looksDeepOnce(path: string): boolean {
  return path.split('..').length <= 2;
}

const reference = fc.record(
  { fact: factName, params, path },
  { requiredKeys: ['fact'], noNullPrototype: true },
) as fc.Arbitrary<FactReference>;

const literal = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 12 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('', '7', '10', '9', 'abc', 'b', '2026-11-21', ' 8', '5px', true, false, null),
  },
  { weight: 1, arbitrary: oddNumber },
  { weight: 1, arbitrary: oddText },
) as fc.Arbitrary<Json>;
const listLiteral = fc.array(literal, { maxLength: 4 });
const anyLiteral: fc.Arbitrary<Json> = fc.oneof(
  { weight: 12, arbitrary: literal },
  { weight: 3, arbitrary: listLiteral },
  { weight: 3, arbitrary: reference as fc.Arbitrary<FactReference & JsonObject> },
  { weight: 1, arbitrary: fc.record({ a: literal }, { requiredKeys: [], noNullPrototype: true }) },
);

/** What the check refuses: small and capital letters of numbers, and a version that is not compared at once. */
const UNFIT = /ignoreCase:.*Than|semver:(?!(?:equal|notEqual|less\w+|greater\w+)$)/;

const operator = fc
  .tuple(fc.array(fc.constantFrom(...DECORATORS), { maxLength: 3 }), fc.constantFrom(...OPERATORS))
  .map(([decorators, name]) => [...decorators.slice(1), name].join(':'))
  .filter((operator) => !UNFIT.test(operator));

/**
 * What a rule check lets through, mostly: list operators have lists. Now and then they have not, or are given a fact
 * that may be no list: there json-rules-engine throws, and nothing can be compared but that we do not.
 */
const comparison: fc.Arbitrary<Comparison> = operator.chain((name) => {
  const list = fc.oneof({ weight: 60, arbitrary: listLiteral }, { weight: 1, arbitrary: anyLiteral });
  const value = /(^|:)(in|notIn)$|Value:/.test(name) ? list : anyLiteral;
  const priority = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 2 });
  return fc.tuple(reference, value, priority).map(([left, right, rank]) => ({
    ...left,
    operator: name,
    value: right,
    ...(rank !== undefined && { priority: rank }),
  }));
});

/** A condition tree of every kind of node; `segments` are the names it may refer to. */
export function condition(
  segments: readonly string[],
  leaf: fc.Arbitrary<Condition> = comparison,
): fc.Arbitrary<Condition> {
  return fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      { weight: 5, arbitrary: leaf },
      ...(segments.length > 0
        ? [{ weight: 1, arbitrary: fc.constantFrom(...segments).map((name) => ({ condition: name })) }]
        : []),
      { weight: 2, arbitrary: ranked(fc.array(tie('node'), { maxLength: 4 }).map((all) => ({ all }))) },
      { weight: 2, arbitrary: ranked(fc.array(tie('node'), { maxLength: 4 }).map((any) => ({ any }))) },
      { weight: 1, arbitrary: tie('node').map((not) => ({ not })) },
    ),
  })).node;
}

function ranked<T extends Condition>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc
    .tuple(arbitrary, fc.integer({ min: -6, max: 3 }))
    .map(([node, priority]) => (priority > 0 ? { ...node, priority } : node));
}

/** A condition that may stand at the root of a rule. */
export function rootCondition(
  segments: readonly string[],
  leaf?: fc.Arbitrary<Condition>,
): fc.Arbitrary<RootCondition> {
  const children = fc.array(condition(segments, leaf), { minLength: 1, maxLength: 4 });
  return fc.oneof(
    children.map((all) => ({ all })),
    children.map((any) => ({ any })),
    condition(segments, leaf).map((not) => ({ not })),
    ...(segments.length > 0 ? [fc.constantFrom(...segments).map((name) => ({ condition: name }))] : []),
  );
}

/** Named conditions without cycles: each may use those before it. */
export function namedConditions(leaf?: fc.Arbitrary<Condition>): fc.Arbitrary<ReadonlyMap<string, Condition>> {
  return fc
    .tuple(...SEGMENTS.map((_name, index) => rootCondition(SEGMENTS.slice(0, index), leaf)))
    .map((conditions) => new Map(SEGMENTS.map((name, index) => [name as string, conditions[index] as Condition])));
}

/** Rules around conditions, with names in the order given and priorities of which many are the same. */
export function rulesOf(
  conditions: fc.Arbitrary<RootCondition>,
  size: { minLength: number; maxLength: number },
): fc.Arbitrary<GeneratedRule[]> {
  const rule = fc.record({ conditions, priority: fc.integer({ min: 1, max: 5 }) }, { noNullPrototype: true });
  return fc.array(rule, size).map((list) => list.map((one, index) => ({ name: `r${index}`, ...one })));
}

/** A handful of rules of every shape. */
export const ruleSet: fc.Arbitrary<RuleSet> = fc.record({
  rules: rulesOf(rootCondition(SEGMENTS), { minLength: 1, maxLength: 14 }),
  segments: namedConditions(),
});

/** Facts for them, of any shape; any may be missing. */
export const facts: fc.Arbitrary<Record<string, unknown>> = fc
  .array(fc.tuple(factName, factValue), { maxLength: 7 })
  // Defines even `__proto__` as a property of its own.
  .map((pairs) => Object.fromEntries(pairs.filter(([name]) => name !== 'missing')));
