/** Rule sets large enough for every kind of index, and facts that are of the kind the rules expect, but for some. */
import fc from 'fast-check';
import type { Comparison } from '../../src/engine/language/condition-definition.js';
import type { Json } from '../../src/engine/language/json.js';
import { factValue } from './facts.ts';
import { namedConditions, rootCondition, rulesOf, type RuleSet } from './rules.ts';

const TEXTS = ['red', 'green', 'blue', 'cats', 'dogs', '7', '', 'b'] as const;
const ATTRIBUTES = {
  text: ['t1', 't2', 't3'],
  number: ['n1', 'n2', 'n3'],
  flag: ['f1', 'f2'],
  list: ['l1', 'l2'],
} as const;
const SEGMENTS = ['s1', 's2', 's3'] as const;

const text = fc.constantFrom(...TEXTS);
const number = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0.5, -1, 1e9, Infinity, -0));
const flag = fc.boolean();
const fitting = { text, number, flag, list: fc.array(fc.oneof(text, number), { maxLength: 4 }) };

function comparing(
  kind: keyof typeof ATTRIBUTES,
  operators: readonly string[],
  value: fc.Arbitrary<Json>,
): fc.Arbitrary<Comparison> {
  return fc.record(
    { fact: fc.constantFrom<string>(...ATTRIBUTES[kind]), operator: fc.constantFrom(...operators), value },
    { noNullPrototype: true },
  );
}

const several = fc.array(fc.oneof(text, number), { maxLength: 4 });
const leaf: fc.Arbitrary<Comparison> = fc.oneof(
  { weight: 4, arbitrary: comparing('text', ['equal', 'equal', 'notEqual', 'not:equal'], text) },
  { weight: 2, arbitrary: comparing('text', ['in', 'in', 'notIn', 'not:in'], several) },
  {
    weight: 4,
    arbitrary: comparing(
      'number',
      ['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive', 'equal', 'not:lessThan'],
      number,
    ),
  },
  { weight: 1, arbitrary: comparing('number', ['in', 'notIn'], several) },
  { weight: 1, arbitrary: comparing('flag', ['equal', 'notEqual'], flag) },
  { weight: 3, arbitrary: comparing('list', ['contains', 'contains', 'doesNotContain'], fc.oneof(text, number)) },
  {
    weight: 1,
    arbitrary: comparing('list', ['someFact:equal', 'everyFact:greaterThan', 'not:contains'], fc.oneof(text, number)),
  },
  // The wrong operator for what the fact mostly is.
  {
    weight: 1,
    arbitrary: comparing(
      'text',
      ['lessThan', 'greaterThan', 'contains'],
      fc.oneof<fc.Arbitrary<Json>[]>(number, text, fc.constant(null)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        fact: fc.constantFrom('n1', 't1'),
        operator: fc.constantFrom('equal', 'lessThan'),
        value: fc.constantFrom({ fact: 'n2' }, { fact: 't2' }),
      },
      { noNullPrototype: true },
    ),
  },
);

const leaves = fc.array(leaf, { minLength: 1, maxLength: 5 });
const conditions = fc.oneof(
  { weight: 6, arbitrary: leaves.map((all) => ({ all })) },
  { weight: 2, arbitrary: leaves.map((any) => ({ any })) },
  { weight: 2, arbitrary: fc.tuple(leaves, leaves).map(([any, all]) => ({ all: [{ any }, ...all] })) },
  { weight: 1, arbitrary: leaves.map((any) => ({ not: { any } })) },
  { weight: 1, arbitrary: leaves.map((all) => ({ not: { all } })) },
  { weight: 2, arbitrary: rootCondition(SEGMENTS, leaf) },
);

/** 50 to 200 rules of mixed shapes over few attributes, so that they share values, keys and bounds. */
export const largeRuleSet: fc.Arbitrary<RuleSet> = fc.record({
  rules: rulesOf(conditions, { minLength: 50, maxLength: 200 }),
  segments: namedConditions(leaf),
});

const factEntries = (Object.keys(ATTRIBUTES) as (keyof typeof ATTRIBUTES)[]).flatMap((kind) =>
  ATTRIBUTES[kind].map(
    (name) =>
      [
        name,
        fc.oneof({ weight: 6, arbitrary: fitting[kind] as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: factValue }),
      ] as const,
  ),
);

/** Facts for them: most of the kind that is expected; any may be missing. */
export const largeFacts: fc.Arbitrary<Record<string, unknown>> = fc.record(Object.fromEntries(factEntries), {
  requiredKeys: ['t1', 'n1', 'n2', 'l1'],
  noNullPrototype: true,
});
