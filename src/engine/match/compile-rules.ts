/**
 * `usher/engine`: a fast drop-in for json-rules-engine's `Engine.run` over plain fact objects. No framework, no store
 * and nothing of Node: it runs wherever JavaScript does.
 */
import type { Condition } from '../language/condition-definition.js';
import type { JsonObject } from '../language/json.js';
import { Matcher } from './matcher.js';
import { MatcherBuilder } from './matcher-builder.js';
import type { CustomOperator, Operator } from './operator-declaration.js';
import { copierFinder, findPlainFact, type Copier, type PlainFacts } from './plain-facts.js';
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
   * Events are the caller's own copies, with all that is in them.
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
  const kept = keep(sorted);
  return { match: (facts) => matchAll(matcher, kept, facts) };
}

/** By place, what is told of each rule: side by side, as rules that hold lie all over the memory. */
interface KeptRules {
  readonly names: readonly (string | undefined)[];
  readonly priorities: readonly number[];
  readonly events: readonly KeptEvent[];
}

/** An event as it was when it was compiled; one that is nothing but a type is kept as that. */
type KeptEvent = string | { readonly data: object; readonly copy: Copier };

function keep(rules: readonly EngineRule[]): KeptRules {
  const copierFor = copierFinder();
  return {
    names: rules.map(({ name }) => name),
    priorities: rules.map(({ priority = 1 }) => priority),
    events: rules.map(({ event }) => {
      if (Object.keys(event).join() === 'type') return event.type;
      const copy = copierFor(event);
      return { data: copy(event), copy };
    }),
  };
}

function matchAll(
  matcher: Matcher<PlainFacts>,
  { names, priorities, events }: KeptRules,
  facts: PlainFacts,
): RuleMatch[] {
  const found: RuleMatch[] = [];
  const run = matcher.run(facts);
  const visit = (place: number) => {
    found.push(
      freeze({
        name: names[place],
        event: copyOf(events[place] as KeptEvent),
        priority: priorities[place] as number,
      }),
    );
  };
  run.match('', { admits: admitAll, visit });
  run.end();
  return found;
}

const { freeze } = Object;

function copyOf(event: KeptEvent): RuleMatch['event'] {
  return typeof event === 'string' ? { type: event } : (event.copy(event.data) as RuleMatch['event']);
}

function admitAll(): boolean {
  return true;
}
