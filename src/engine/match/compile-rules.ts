/**
 * `usher/engine`: a fast drop-in for json-rules-engine's `Engine.run` over plain fact objects. No framework, no store
 * and nothing of Node: it runs wherever JavaScript does.
 */
import type { Condition } from '../language/condition-definition.js';
import type { JsonObject } from '../language/json.js';
import { Matcher } from './matcher.js';
import { MatcherBuilder } from './matcher-builder.js';
import type { CustomOperator, Operator } from './operator-declaration.js';
import { copierOf, findPlainFact, type PlainFacts } from './plain-facts.js';
import { InvalidRules, plainRuleProblems } from './plain-rule-problems.js';

export { InvalidRules, type CustomOperator, type Operator, type PlainFacts };

/** A rule of json-rules-engine. */
export interface EngineRule {
  readonly name?: string;
  readonly conditions: Condition;
  readonly event: { readonly type: string; readonly params?: JsonObject };
  /** A whole number of at least 1; 1 when absent. */
  readonly priority?: number;
}

/** A rule that holds. */
export interface RuleMatch {
  readonly name: string | undefined;
  readonly event: EngineRule['event'];
  readonly priority: number;
}

/** What rules may use besides what they say themselves. */
export interface CompileRulesOptions {
  /** Named conditions, as `engine.setCondition` takes them. */
  readonly conditions?: Readonly<Record<string, Condition>>;
  /**
   * Operators of your own: synchronous and pure. Whatever one returns counts as true or false, as in an `if`; one that
   * returns a promise is refused, or makes `match` throw where that shows only then.
   */
  readonly operators?: Readonly<Record<string, CustomOperator>>;
}

/** Compiled rules: immutable and reusable, by overlapping callers too, as matching is synchronous. */
export interface RuleMatcher {
  /**
   * The rules that hold: the highest priority first, equal ones in the order given. Facts that are missing never throw.
   * Events are the caller's own copies.
   */
  match(facts: PlainFacts): RuleMatch[];
}

/**
 * Compiles rules. Throws {@link InvalidRules} with every problem, where json-rules-engine would throw when run or not
 * at all.
 */
export function compileRules(
  rules: readonly EngineRule[],
  { conditions = {}, operators = {} }: CompileRulesOptions = {},
): RuleMatcher {
  const problems = plainRuleProblems(rules, conditions, operators);
  if (problems.length > 0) throw new InvalidRules(problems);
  const sorted = rules.toSorted((a, b) => (b.priority ?? 1) - (a.priority ?? 1));
  const builder = new MatcherBuilder({
    findFact: findPlainFact,
    named: new Map(Object.entries(conditions)),
    operators,
  });
  builder.scope(
    '',
    sorted.map((rule) => builder.add(rule.conditions)),
  );
  const matcher = new Matcher(builder.build(), findPlainFact, operators);
  const matches = sorted.map(({ name, event, priority = 1 }): Found => ({ name, event: copierOf(event), priority }));
  return { match: (facts) => matchAll(matcher, matches, facts) };
}

/** What is made of a rule that holds, its event anew each time. */
interface Found extends Omit<RuleMatch, 'event'> {
  readonly event: () => RuleMatch['event'];
}

function matchAll(matcher: Matcher<PlainFacts>, matches: readonly Found[], facts: PlainFacts): RuleMatch[] {
  const found: RuleMatch[] = [];
  const run = matcher.run(facts);
  run.match('', admitAll, (place) => found.push(ownCopy(matches[place] as Found)));
  run.end();
  return found;
}

const { freeze } = Object;

function ownCopy({ name, event, priority }: Found): RuleMatch {
  return freeze({ name, event: event(), priority });
}

function admitAll(): boolean {
  return true;
}
