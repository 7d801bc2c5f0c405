/**
 * The one door to json-rules-engine. It judges the syntax of rules, and matches them its own way as the reference
 * that the compiled matcher is held against. A fresh `Engine` per run: a shared one drops rules when runs overlap.
 */
import { Engine, Rule, type TopLevelCondition } from 'json-rules-engine';
import { isFactReference, type Condition } from '../../engine/language/condition-definition.js';
import type { Json } from '../../engine/language/json.js';
import type { Operator } from '../../engine/match/operator-declaration.js';
import { decorators, operators, reckonedValue } from '../../engine/match/operators.js';
import { RECKONED } from '../../engine/match/own-operators.js';

/** A rule as json-rules-engine takes it. */
export interface PlainRule {
  readonly name: string;
  readonly conditions: Condition;
  readonly priority?: number;
}

/** What a reference run works with: the names of the facts, and how one is read. */
export interface ReferenceFacts {
  readonly names: readonly string[];
  readonly read: (fact: string, params: Record<string, unknown>) => unknown;
}

/** What json-rules-engine says against a rule's conditions, in its own words; undefined when it takes them. */
export function judge(conditions: unknown, event: unknown = { type: 'offer' }): string | undefined {
  try {
    new Rule({ conditions: conditions as TopLevelCondition, event: event as { type: string } });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The names of the rules that hold, in the library's own order. */
export async function referenceMatch(
  rules: readonly PlainRule[],
  conditions: ReadonlyMap<string, Condition>,
  facts: ReferenceFacts,
): Promise<string[]> {
  const engine = new Engine([], { allowUndefinedFacts: true });
  addOwnWords(engine);
  for (const [name, condition] of conditions) engine.setCondition(name, reckoned(condition) as TopLevelCondition);
  for (const name of [...facts.names, RECKONED]) engine.addFact(name, (params) => facts.read(name, params) as never);
  for (const { name, conditions: when, priority = 1 } of rules) {
    engine.addRule({ name, conditions: reckoned(when) as TopLevelCondition, priority, event: { type: name } });
  }
  const { results } = await engine.run();
  return results.map((result) => String(result.name));
}

interface KnownWords {
  get(operator: string): { evaluate(fact: unknown, value: unknown): boolean } | null;
  readonly decorators: ReadonlyMap<string, unknown>;
}

/**
 * Adds the operators and decorators that the library lacks. Its own stay what they are, but where it would throw, as a
 * value is not the list that is needed: there it says what `docs/rules.md` says in place of that.
 */
function addOwnWords(engine: Engine): void {
  const { operators: known } = engine as unknown as { readonly operators: KnownWords };
  for (const { name, compare, takes } of operators) {
    const its = known.get(name);
    if (!its) engine.addOperator(name, compare);
    else if (takes === 'list')
      engine.addOperator(name, (fact, value) => (isLookedIn(value) ? its.evaluate(fact, value) : compare(fact, value)));
  }
  for (const { name, decorate, does } of decorators)
    if (!known.decorators.has(name) || (typeof does === 'object' && does.of === 'value'))
      engine.addOperatorDecorator(name, (fact: unknown, value: unknown, next: Operator) => decorate(next)(fact, value));
}

function isLookedIn(value: unknown): boolean {
  return Array.isArray(value) || typeof value === 'string';
}

/** A copy in which values of operators on time stand as the fact that reckons what they mean. */
function reckoned(condition: Condition): Condition {
  if ('all' in condition) return { ...condition, all: condition.all.map(reckoned) };
  if ('any' in condition) return { ...condition, any: condition.any.map(reckoned) };
  if ('not' in condition) return { ...condition, not: reckoned(condition.not) };
  if ('condition' in condition || isFactReference(condition.value)) return structuredClone(condition);
  const { operator, value } = condition;
  return structuredClone({ ...condition, value: (reckonedValue(operator, value) ?? value) as Json });
}
