import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFact } from '../../../test/arbitraries/facts.js';
import * as arbitrary from '../../../test/arbitraries/rules.js';
import type { Condition } from '../language/condition-definition.js';
import { ConditionExplainer, withoutRepeats } from './explain-condition.js';
import type { ExplainedCondition } from './explanation.js';
import type { FindFact } from '../match/fact-reader.js';
import { Matcher } from '../match/matcher.js';
import { MatcherBuilder } from '../match/matcher-builder.js';
import { shownValue } from './shown-value.js';

type Facts = Record<string, unknown>;

interface Asked {
  readonly segments?: ReadonlyMap<string, Condition>;
  readonly facts?: Facts;
  /** The facts that depend on the visitor, who is not known. */
  readonly unread?: readonly string[];
}

/** What is told of a condition, and whether it holds, by one run. */
function explained(
  conditions: readonly Condition[],
  { segments = new Map(), facts = {}, unread = [] }: Asked,
): { tree: ExplainedCondition; holds: boolean }[] {
  const findFact: FindFact<Facts> = (fact, params) => ({
    read: (all) => readFact(all, fact, params),
    scoped: false,
    readsVisitor: unread.includes(fact),
    cost: 1,
  });
  const builder = new MatcherBuilder({ findFact, named: segments });
  const numbers = conditions.map((condition) => builder.add(condition));
  const run = new Matcher(builder.build(), findFact).run(facts);
  const explainer = new ConditionExplainer(run, {
    withheld: () => [],
    passedOver: () => undefined,
    visitorKnown: unread.length === 0,
    segment: (id) => segments.get(id),
  });
  return conditions.map((condition, index) => ({
    tree: explainer.explain(condition),
    holds: run.holds(numbers[index] ?? -1),
  }));
}

const one = (condition: Condition, asked: Asked = {}): ExplainedCondition | undefined =>
  explained([condition], asked)[0]?.tree;

describe('an explained condition', () => {
  test('comes to the verdict of the run that decided, for any rules and any facts', () => {
    fc.assert(
      fc.property(arbitrary.ruleSet, arbitrary.facts, ({ rules, segments }, facts) => {
        for (const { tree, holds } of explained(
          rules.map((rule) => rule.conditions),
          { segments, facts },
        ))
          expect(tree.result).toBe(holds);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is true or false without the visitor only where it is so whatever the visitor is like', () => {
    fc.assert(
      fc.property(arbitrary.ruleSet, arbitrary.facts, arbitrary.facts, ({ rules, segments }, known, others) => {
        const unread = Object.keys(others);
        fc.pre(unread.length > 0);
        const conditions = rules.map((rule) => rule.conditions);
        const found = explained(conditions, { segments, facts: { ...known, ...others } });
        for (const [index, { tree }] of explained(conditions, { segments, facts: known, unread }).entries()) {
          if (tree.result !== 'unknown') expect(found[index]?.holds).toBe(tree.result);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('is JSON, whatever the facts are', () => {
    fc.assert(
      fc.property(arbitrary.ruleSet, arbitrary.facts, ({ rules, segments }, facts) => {
        for (const { tree } of explained(
          rules.map((rule) => rule.conditions),
          { segments, facts },
        )) {
          expect(hasOnlyJson(withoutRepeats(tree))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('says of a comparison with another fact what that one was', () => {
    const condition: Condition = { fact: 'a', operator: 'lessThan', value: { fact: 'b', path: '$.max' } };
    expect(one(condition, { facts: { a: 3, b: { max: 2 } } })).toEqual({
      result: false,
      fact: 'a',
      operator: 'lessThan',
      value: { fact: 'b', path: '$.max' },
      factResult: 3,
      valueResult: 2,
    });
  });

  test('says nothing of a value that is not there', () => {
    expect(one({ fact: 'a', path: '$.x', operator: 'notEqual', value: 1 })).toEqual({
      result: true,
      fact: 'a',
      path: '$.x',
      operator: 'notEqual',
      value: 1,
    });
  });

  test('tells the conditions of a segment once in a tree, so that segments of segments do not multiply', () => {
    const levels = 40;
    const segments = new Map<string, Condition>([['s0', { fact: 'a', operator: 'equal', value: 1 }]]);
    for (let level = 1; level < levels; level++)
      segments.set(`s${level}`, { all: [{ condition: `s${level - 1}` }, { condition: `s${level - 1}` }] });
    const told = withoutRepeats(
      one({ condition: `s${levels - 1}` }, { segments, facts: { a: 1 } }) as ExplainedCondition,
    );
    expect(told.result).toBe(true);
    expect(JSON.stringify(told).length).toBeLessThan(levels * 200);
    expect(one({ all: [{ condition: 's1' }] }, { segments, facts: { a: 1 } })).toMatchObject({
      all: [
        { condition: 's1', conditions: { all: [{ condition: 's0', conditions: { fact: 'a' } }, { condition: 's0' }] } },
      ],
    });
  });

  test('calls a segment that leads back to itself, or is not there, false', () => {
    const segments = new Map<string, Condition>([['loop', { not: { condition: 'loop' } }]]);
    expect(one({ condition: 'loop' }, { segments })).toEqual({
      result: true,
      condition: 'loop',
      conditions: { result: true, not: { result: false, condition: 'loop' } },
    });
    expect(one({ condition: 'gone' })).toEqual({ result: false, condition: 'gone' });
  });
});

describe('a shown value', () => {
  test('is cut where it is long, and says how long it was', () => {
    expect(shownValue('x'.repeat(5_000))).toBe(`${'x'.repeat(200)}… (5000 characters)`);
    expect(shownValue(Array.from({ length: 500 }, (_, index) => index))).toEqual([
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
      '… (500 in all)',
    ]);
    expect(
      shownValue(Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`n${index}`, index]))),
    ).toMatchObject({ n9: 9, '…': '(12 names)' });
    expect(shownValue([[[[[1, 2]]]]])).toEqual([[[['… (a list of 2)']]]]);
    expect(shownValue({ a: { b: { c: { d: { e: 1 } } } } })).toEqual({ a: { b: { c: { d: '… (an object of 1)' } } } });
  });

  test('is undefined for what is not there, and text for a number that JSON lacks', () => {
    expect([shownValue(undefined), shownValue(Infinity), shownValue(NaN), shownValue(null)]).toEqual([
      undefined,
      'Infinity',
      'NaN',
      null,
    ]);
  });
});

function hasOnlyJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' || typeof value === 'boolean' || value === null;
  return Object.values(value).every(hasOnlyJson);
}
