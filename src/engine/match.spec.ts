import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as arbitrary from '../../test/arbitraries/rules.js';
import type { Condition } from './definitions.js';
import { ConditionCompiler } from './match.js';
import { referenceMatch, type PlainRule } from './reference-match.js';

type Facts = Record<string, unknown>;

const compilerFor = (conditions: ReadonlyMap<string, Condition> = new Map()) =>
  new ConditionCompiler<Facts>((fact) => ({ read: (facts) => facts[fact], scoped: false, readsVisitor: false }), conditions);

function matched(rules: readonly PlainRule[], conditions: ReadonlyMap<string, Condition>, facts: Facts): string[] {
  const compiler = compilerFor(conditions);
  const compiled = rules.map((rule) => ({ name: rule.name, when: compiler.compile(rule.conditions) }));
  const run = compiler.run(facts);
  return compiled.filter((rule) => rule.when.holds(run)).map((rule) => rule.name);
}

const holds = (condition: Condition, facts: Facts = {}): boolean => matched([{ name: 'r', conditions: condition }], new Map(), facts).length === 1;

describe('the matcher', () => {
  test('says the same as json-rules-engine about any rules and any facts', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary.rules, arbitrary.segments, arbitrary.facts, async (rules, segments, facts) => {
        const ours = matched(rules, segments, facts);
        const reference = await referenceMatch(rules, segments, { names: Object.keys(facts), read: (name) => facts[name] }).catch(() => undefined);
        // Where the library throws, as on a list operator without a list, we promise not to; no more can be compared.
        if (reference) expect(ours).toEqual(reference.sort());
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);

  test('holds for an empty all and an empty any, and not for the negation of either', () => {
    expect([holds({ all: [] }), holds({ any: [] }), holds({ not: { any: [] } }), holds({ not: { all: [] } })]).toEqual([true, true, false, false]);
  });

  test('lets a missing fact hold for notEqual, notIn and negations only', () => {
    const on = (operator: string, value: never) => holds({ all: [{ fact: 'missing', operator, value }] });
    expect(on('notEqual', 1 as never)).toBe(true);
    expect(on('notIn', [1] as never)).toBe(true);
    expect(on('not:equal', 1 as never)).toBe(true);
    expect(on('doesNotContain', 1 as never)).toBe(false);
    expect(on('lessThan', 1 as never)).toBe(false);
  });

  test('says false instead of throwing where a list turns out to be none', () => {
    expect(holds({ all: [{ fact: 'x', operator: 'in', value: { fact: 'missing' } }] })).toBe(false);
    expect(holds({ all: [{ fact: 'x', operator: 'someValue:equal', value: { fact: 'missing' } }] })).toBe(false);
    expect(holds({ all: [{ fact: 'x', operator: 'lessThan', value: 3 }] }, { x: { toString: 'not a function' } })).toBe(false);
  });

  test('computes a fact once, however many rules and conditions ask for it', () => {
    let reads = 0;
    const compiler = new ConditionCompiler<Facts>(() => ({ read: () => ++reads, scoped: false, readsVisitor: false }), new Map());
    const rules = [1, 2, 3].map((value) => compiler.compile({ any: [{ fact: 'x', params: { a: 1, b: 2 }, operator: 'equal', value }, { fact: 'x', params: { b: 2, a: 1 }, operator: 'greaterThan', value: 99 }] }));
    const run = compiler.run({});
    for (const rule of rules) rule.holds(run);
    expect(reads).toBe(1);
  });

  test('reads nothing that no rule needs to know', () => {
    const compiler = new ConditionCompiler<Facts>(() => ({ read: () => { throw new RangeError('read a fact'); }, scoped: false, readsVisitor: false }), new Map());
    const rule = compiler.compile({ any: [{ all: [] }, { fact: 'x', operator: 'equal', value: 1 }] });
    expect(rule.holds(compiler.run({}))).toBe(true);
  });

  test('forgets only what depends on the scope when the scope changes', () => {
    const reads: string[] = [];
    const compiler = new ConditionCompiler<Facts>((fact) => ({ read: () => reads.push(fact), scoped: fact === 'context', readsVisitor: false }), new Map());
    const rule = compiler.compile({ any: [{ fact: 'profile', operator: 'equal', value: 0 }, { fact: 'context', operator: 'equal', value: 0 }] });
    const run = compiler.run({});
    rule.holds(run);
    run.enterScope();
    rule.holds(run);
    expect(reads).toEqual(['profile', 'context', 'context']);
  });

  test('knows which conditions depend on the visitor, through segments too', () => {
    const segments = new Map<string, Condition>([['known', { all: [{ fact: 'profile', operator: 'equal', value: 1 }] }]]);
    const compiler = new ConditionCompiler<Facts>((fact) => ({ read: () => 1, scoped: false, readsVisitor: fact === 'profile' }), segments);
    expect(compiler.compile({ not: { condition: 'known' } }).readsVisitor).toBe(true);
    expect(compiler.compile({ any: [{ fact: 'context', operator: 'equal', value: 1 }] }).readsVisitor).toBe(false);
  });
});
