/** `interactions`: what the person did, aggregated over the retained interactions at the moment of the decision. */
import { type Condition, isConditionTree } from '../language/condition-definition.js';
import type { Json, JsonObject } from '../language/json.js';
import type { Millis } from '../language/millis.js';
import type { Absence } from '../match/fact-reader.js';
import { definiteNames } from '../match/path.js';
import type { VisitorView } from '../visitor/visitor.js';
import { aggregates, findAggregate, passedOver, type AggregateDeclaration } from './aggregates.js';
import { countedQuery } from './counted-query.js';
import type { DecisionFacts } from './decision-facts.js';
import type { AskedName, FactDeclaration } from './fact-declaration.js';
import { compileQuery, goesByClocks, prepareQuery, type InteractionQuery } from './interaction-query.js';
import { zoneOf } from './now-fact.js';
import { interactionsForm, interactionsProblems } from './interactions-params.js';
import { happenedFact } from './unspoken-facts.js';
import { ANY_VALUE } from './value-shape.js';

/** The declaration of the fact; its params are those of `docs/rules.md`. */
export const interactionsFact: FactDeclaration = {
  name: 'interactions',
  hint: 'what the person did, aggregated; "params" say of what',
  source: 'history',
  readsVisitor: true,
  scoped: false,
  isScopedWith: goesByClocks,
  cost: 20,
  form: interactionsForm,
  problems: interactionsProblems,
  shape: ({ aggregate, property }) => findAggregate(aggregate)?.shape(property !== undefined) ?? ANY_VALUE,
  absence: absenceOf,
  compile: (params) => {
    const aggregate = aggregateOf(params);
    const property = textOf(params, 'property') ?? '';
    if (params['within'] === 'lifetime') return ({ visitor, now }) => overLifetime(aggregate, params, visitor, now);
    const queryFor = prepareFor(params);
    return (facts) => aggregate?.compute(queryFor(facts), facts.visitor.interactions(), facts.now, property);
  },
  say,
  query: countedQuery,
  passesOver,
  asksFor,
};

function prepareFor(params: JsonObject): (facts: DecisionFacts) => InteractionQuery {
  if (goesByClocks(params)) {
    const queryIn = prepareQuery(params);
    return (facts) => queryIn(zoneOf(facts));
  }
  const query = compileQuery(params);
  return () => query;
}

function passesOver(params: JsonObject): ReturnType<NonNullable<FactDeclaration['passesOver']>> {
  const property = textOf(params, 'property');
  if (property === undefined || findAggregate(params['aggregate'])?.tells !== 'number') return undefined;
  const queryFor = prepareFor(params);
  return (facts) => passedOver(queryFor(facts), facts.visitor.interactions(), facts.now, property);
}

function aggregateOf({ aggregate }: JsonObject): AggregateDeclaration | undefined {
  return findAggregate(aggregate) ?? aggregates[0];
}

/** What is said of an event that never happened needs no look at the interactions. */
function absenceOf({ event, aggregate }: JsonObject): Absence | undefined {
  if (typeof event !== 'string') return undefined;
  return { value: findAggregate(aggregate)?.ofNone, list: { fact: happenedFact.name }, text: event };
}

/** Over the whole life of the visitor, what is no longer retained included. */
function overLifetime(
  aggregate: AggregateDeclaration | undefined,
  params: JsonObject,
  visitor: VisitorView,
  now: Millis,
): number | undefined {
  const event = textOf(params, 'event') ?? '';
  const { counters } = visitor;
  const counter = Object.hasOwn(counters, event) ? counters[event] : undefined;
  if (!counter) return aggregate?.ofNone;
  const log = () => visitor.interactions();
  return aggregate?.overLifetime?.({ counter, query: compileQuery({ event }), log, now });
}

function say({ event = 'any event', aggregate, property, ...more }: JsonObject, path: string | undefined): string {
  const narrowed = Object.entries(more).flatMap(([name, value]) => narrowing(name, value));
  const part = property === undefined ? path : wordOf(property);
  const text = findAggregate(aggregate)?.say(wordOf(event), part) ?? `${wordOf(aggregate ?? '')} of ${wordOf(event)}`;
  return `${text}${narrowed.length > 0 ? ` (${narrowed.join(', ')})` : ''}`;
}

function narrowing(name: string, value: Json): string[] {
  if (name !== 'where' || typeof value !== 'object' || value === null) return [`${name} ${wordOf(value)}`];
  if (isConditionTree(value as JsonObject)) return [`where ${JSON.stringify(value)}`];
  return Object.entries(value).map(([property, wanted]) => `${property} ${JSON.stringify(wanted)}`);
}

function asksFor(params: JsonObject, path: string | undefined): readonly AskedName[] {
  const { event, property, where, aggregate } = params;
  const of = typeof event === 'string' ? { event } : {};
  const asked: AskedName[] = typeof event === 'string' ? [{ what: 'event', name: event, at: ['params', 'event'] }] : [];
  if (typeof property === 'string') asked.push({ what: 'property', name: property, ...of, at: ['params', 'property'] });
  const tells = findAggregate(aggregate)?.tells;
  const isOne = tells === 'earliest' || tells === 'latest';
  const [properties, name] = property === undefined && isOne ? (definiteNames(path ?? '') ?? []) : [];
  if (properties === 'properties' && name !== undefined) asked.push({ what: 'property', name, ...of, at: ['path'] });
  for (const one of propertiesOf(where)) asked.push({ what: 'property', name: one, ...of, at: ['params', 'where'] });
  return asked;
}

function propertiesOf(where: Json | undefined): string[] {
  if (typeof where !== 'object' || where === null || Array.isArray(where)) return [];
  return isConditionTree(where as JsonObject) ? factsIn(where as unknown as Condition) : Object.keys(where);
}

function factsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(factsIn);
  if ('any' in condition) return condition.any.flatMap(factsIn);
  if ('not' in condition) return factsIn(condition.not);
  return 'condition' in condition ? [] : [condition.fact];
}

function textOf(params: JsonObject, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' ? value : undefined;
}

function wordOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
