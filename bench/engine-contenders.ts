import { ZenDecisionContent, ZenEngine } from '@gorules/zen-engine';
import { LogicEngine } from 'json-logic-engine';
import { Engine, type TopLevelCondition } from 'json-rules-engine';
import type { Comparison } from '../src/engine/language/condition-definition.js';
import type { BenchRule, RulesByPlacement, Visitor } from './engine-rules.ts';
import { translate, toLogic, toTest, toZen, type Test } from './engine-translations.ts';

/** The sides of the comparison, as the JSON names them. */
export type ContenderName = 'usher' | 'jsonRulesEngine' | 'zen' | 'jsonLogicEngine' | 'filter';

/** Something that can be asked which rules of a placement hold for a visitor. */
export interface Contender {
  readonly name: ContenderName;
  /** What is timed. */
  ask(visitor: Visitor, placement: string): unknown;
  /** The rules of an answer; not timed. */
  namesIn(answer: never): readonly string[];
}

/** Makes a contender ready to be asked. */
export type MakeContender = (rules: RulesByPlacement) => Contender;

/** Usher: without scopes through `usher/engine` as it ships, with scopes through the matcher that is inside it. */
export async function loadUsher(): Promise<MakeContender> {
  const { compileRules } = (await built('compile-rules')) as typeof import('../src/engine/match/compile-rules.js');
  const { Matcher } = (await built('matcher')) as typeof import('../src/engine/match/matcher.js');
  const { MatcherBuilder } = (await built(
    'matcher-builder',
  )) as typeof import('../src/engine/match/matcher-builder.js');
  const { findPlainFact } = (await built('plain-facts')) as typeof import('../src/engine/match/plain-facts.js');
  return (placed) => {
    const [only] = [...placed.values()];
    if (placed.size === 1 && only) {
      const rules = compileRules(only);
      return {
        name: 'usher',
        ask: (visitor) => rules.match(visitor),
        namesIn: (found: readonly BenchRule[]) => found.map(({ name }) => name),
      };
    }
    const builder = new MatcherBuilder({ findFact: findPlainFact });
    const sorted = new Map(
      [...placed].map(([placement, rules]) => [placement, rules.toSorted((a, b) => b.priority - a.priority)]),
    );
    for (const [placement, rules] of sorted)
      builder.scope(
        placement,
        rules.map(({ conditions }) => builder.add(conditions)),
      );
    const matcher = new Matcher(builder.build(), findPlainFact);
    const ask = (visitor: Visitor, placement: string): BenchRule[] => {
      const [rules, run, found] = [sorted.get(placement) ?? [], matcher.run(visitor), [] as BenchRule[]];
      run.match(placement, { admits: () => true, visit: (place) => void found.push(rules[place] as BenchRule) });
      run.end();
      return found;
    };
    return { name: 'usher', ask, namesIn: (found: readonly BenchRule[]) => found.map(({ name }) => name) };
  };
}

/** A shared engine per placement: faster than a fresh one, and right as long as runs do not overlap. */
export const makeJsonRulesEngine: MakeContender = (placed) => {
  const engines = each(placed, (rules) => {
    const engine = new Engine();
    for (const { name, conditions, event, priority } of rules)
      engine.addRule({ name, conditions: conditions as TopLevelCondition, event, priority });
    return engine;
  });
  return {
    name: 'jsonRulesEngine',
    ask: (visitor, placement) => engines.get(placement)?.run(visitor),
    namesIn: ({ results }: { results: readonly { name: string }[] }) => results.map(({ name }) => name),
  };
};

/**
 * One expression node, compiled once, that gives the numbers of the rules that hold. Of the forms tried the fastest: a
 * decision table with a column per attribute takes twice to five times as long, one with a column per comparison or
 * with one expression per rule up to twice, a function node ten times.
 */
export const makeZen: MakeContender = (placed) => {
  const engine = new ZenEngine();
  const decisions = each(placed, (rules) => {
    const list = rules.map(({ conditions }, at) => `${translate(conditions, toZen)} ? ${at} : null`).join(', ');
    return { rules, decision: engine.createDecision(new ZenDecisionContent(zenGraph(`filter([${list}], # != null)`))) };
  });
  const ask = async (visitor: Visitor, placement: string) => {
    const at = decisions.get(placement);
    const { result } = (await at?.decision.evaluate(visitor)) as { result: { matched: readonly number[] } };
    return { rules: at?.rules, matched: result.matched };
  };
  return {
    name: 'zen',
    ask,
    namesIn: ({ rules, matched }: { rules: readonly BenchRule[]; matched: readonly number[] }) =>
      matched.map((at) => rules[at]?.name ?? ''),
  };
};

/** Each rule compiled by the engine into a function; no slower than all in one, and far quicker to build. */
export const makeJsonLogicEngine: MakeContender = (placed) => {
  const engine = new LogicEngine();
  return scanner(
    'jsonLogicEngine',
    each(placed, (rules) =>
      rules.map((rule) => ({
        rule,
        test: engine.build(translate(rule.conditions, toLogic)) as (visitor: Visitor) => boolean,
      })),
    ),
  );
};

/** What one would write by hand: closures, the comparison that holds least often first, and a loop. */
export const makeFilter: MakeContender = (placed) =>
  scanner(
    'filter',
    each(placed, (rules) => rules.map((rule) => ({ rule, test: translate(sortLeaves(rule.conditions), toTest) }))),
  );

function scanner(
  name: ContenderName,
  tests: ReadonlyMap<string, readonly { rule: BenchRule; test: Test }[]>,
): Contender {
  const ask = (visitor: Visitor, placement: string): BenchRule[] => {
    const found: BenchRule[] = [];
    for (const { rule, test } of tests.get(placement) ?? []) if (test(visitor)) found.push(rule);
    return found;
  };
  return { name, ask, namesIn: (found: readonly BenchRule[]) => found.map((rule) => rule.name) };
}

const RAREST_FIRST = ['contains', 'equal', 'in', 'greaterThan', 'lessThanInclusive', 'notEqual'];

function sortLeaves(conditions: BenchRule['conditions']): BenchRule['conditions'] {
  if (!('all' in conditions)) return conditions;
  const rank = (leaf: object) =>
    'operator' in leaf ? RAREST_FIRST.indexOf((leaf as Comparison).operator) : RAREST_FIRST.length;
  return { all: conditions.all.toSorted((a, b) => rank(a) - rank(b)) };
}

function each<T>(placed: RulesByPlacement, make: (rules: readonly BenchRule[]) => T): Map<string, T> {
  return new Map([...placed].map(([placement, rules]) => [placement, make(rules)]));
}

function zenGraph(expression: string): object {
  const position = { x: 0, y: 0 };
  return {
    nodes: [
      { id: 'in', type: 'inputNode', name: 'in', position },
      {
        id: 'rules',
        type: 'expressionNode',
        name: 'rules',
        position,
        content: { expressions: [{ id: 'matched', key: 'matched', value: expression }] },
      },
      { id: 'out', type: 'outputNode', name: 'out', position },
    ],
    edges: [
      { id: 'e1', type: 'edge', sourceId: 'in', targetId: 'rules' },
      { id: 'e2', type: 'edge', sourceId: 'rules', targetId: 'out' },
    ],
  };
}

/** A module of the product as it ships. By a name made here, as the compiler must not look for types beside it. */
function built(name: string): Promise<unknown> {
  return import(new URL(`../dist/engine/match/${name}.js`, import.meta.url).href);
}
