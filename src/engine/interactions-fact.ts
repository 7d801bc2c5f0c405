/** `interactions`: what the person did, aggregated over the retained interactions at the moment of the decision. */
import type { Condition, Json, JsonObject } from './definitions.js';
import { parseDuration } from './duration.js';
import type { Absence, FactReader } from './fact-reader.js';
import type { FactDeclaration, FactProblem } from './fact-declaration.js';
import { Matcher } from './matcher.js';
import { MatcherBuilder } from './matcher-builder.js';
import type { Interaction, Millis, VisitorView } from './types.js';

/** Sums up the interactions asked for, in order of timestamp. */
type Aggregate = (found: readonly Interaction[], now: Millis, property: string | undefined) => unknown;

const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  count: (found) => found.length,
  sum: (found, _now, property) => numbers(found, property).reduce((total, value) => total + value, 0),
  avg: (found, _now, property) => average(numbers(found, property)),
  min: (found, _now, property) => extreme(numbers(found, property), (a, b) => a < b),
  max: (found, _now, property) => extreme(numbers(found, property), (a, b) => a > b),
  distinct: (found, _now, property) => new Set(values(found, property).map(identity)).size,
  first: (found, _now, property) => tell(found[0], property),
  last: (found, _now, property) => tell(found.at(-1), property),
  secondsSinceFirst: (found, now) => secondsSince(found[0]?.timestamp, now),
  secondsSinceLast: (found, now) => secondsSince(found.at(-1)?.timestamp, now),
};

const NEED_PROPERTY: readonly string[] = ['sum', 'avg', 'min', 'max', 'distinct'];
const LIFETIME: readonly string[] = ['count', 'secondsSinceFirst', 'secondsSinceLast'];
const PARAMS: readonly string[] = ['event', 'where', 'within', 'channel', 'aggregate', 'property'];

/** The declaration of the fact; its params are those of `docs/rules.md`. */
export const interactionsFact: FactDeclaration = {
  hint: 'what the person did: counts, sums, the first and the last',
  readsVisitor: true,
  scoped: false,
  cost: 20,
  absence: absenceOf,
  problems: findProblems,
  compile: (params) => {
    const aggregate = AGGREGATES[textOf(params, 'aggregate') ?? 'count'] ?? AGGREGATES['count'];
    const property = textOf(params, 'property');
    if (params['within'] === 'lifetime') return ({ visitor, now }) => overLifetime(params, visitor, now);
    const select = compileSelect(params);
    return ({ visitor, now }) => aggregate?.(select(visitor.interactions(), now), now, property);
  },
};

/** The fact behind {@link absenceOf}: the names of the events that ever happened. It is not for rules to speak of. */
export const HAPPENED = '$happened';

export const happenedFact: FactDeclaration = {
  hint: 'the names of the events that ever happened',
  readsVisitor: true,
  scoped: false,
  cost: 2,
  problems: () => [],
  compile: () => ({ visitor }) => Object.keys(visitor.counters),
};

/** What is said of an event that never happened needs no look at the interactions. */
function absenceOf({ event, aggregate = 'count' }: JsonObject): Absence | undefined {
  if (typeof event !== 'string') return undefined;
  const value = COUNTING.includes(aggregate as string) ? 0 : undefined;
  return { value, list: { fact: HAPPENED }, text: event };
}

const COUNTING: readonly string[] = ['count', 'sum', 'distinct'];

type Select = (interactions: readonly Interaction[], now: Millis) => readonly Interaction[];

/** Which of the interactions are meant: a window at the end of a list that is in order of timestamp. */
function compileSelect(params: JsonObject): Select {
  const event = textOf(params, 'event');
  const channel = textOf(params, 'channel');
  const withinMs = parseDuration(textOf(params, 'within') ?? '') ?? Infinity;
  const matches = compileWhere(params['where']);
  return (interactions, now) => {
    const found: Interaction[] = [];
    for (let at = interactions.length - 1; at >= 0; at--) {
      const one = interactions[at];
      if (!one || one.timestamp > now) continue;
      if (one.timestamp < now - withinMs) break;
      if (event !== undefined && one.event !== event) continue;
      if (channel !== undefined && one.channel !== channel) continue;
      if (matches(one.properties)) found.push(one);
    }
    return found.reverse();
  };
}

/** `where`: equality of properties, or a condition tree whose facts are the names of properties. */
function compileWhere(where: Json | undefined): (properties: JsonObject) => boolean {
  if (!isObject(where)) return () => true;
  if (!isConditionTree(where)) {
    const wanted = Object.entries(where);
    return (properties) => wanted.every(([name, value]) => ownValue(properties, name) === value);
  }
  const builder = new MatcherBuilder<JsonObject>({ findFact: findProperty });
  const condition = builder.add(where as unknown as Condition);
  const matcher = new Matcher(builder.build(), findProperty);
  return (properties) => {
    const run = matcher.run(properties);
    const holds = run.holds(condition);
    run.end();
    return holds;
  };
}

function findProperty(name: string): FactReader<JsonObject> {
  return { read: (properties) => ownValue(properties, name), scoped: false, readsVisitor: false, cost: 1 };
}

/** Whether a `where` is a condition tree rather than names and values. */
export function isConditionTree(where: JsonObject): boolean {
  return ['all', 'any', 'not'].some((word) => typeof where[word] === 'object' && where[word] !== null);
}

/**
 * Over the whole life of the visitor, what is no longer retained included. The counters are kept for ever; going back
 * in time, the retained interactions later than `now` are taken off them.
 */
function overLifetime(params: JsonObject, { counters, interactions }: VisitorView, now: Millis): number | undefined {
  const event = textOf(params, 'event') ?? '';
  const counter = Object.hasOwn(counters, event) ? counters[event] : undefined;
  const later = !counter || counter.last <= now ? [] : interactions().filter((one) => one.event === event);
  const before = later.filter((one) => one.timestamp <= now);
  switch (params['aggregate'] ?? 'count') {
    case 'secondsSinceFirst':
      return counter && counter.first <= now ? secondsSince(counter.first, now) : undefined;
    case 'secondsSinceLast':
      return secondsSince(counter && counter.last <= now ? counter.last : before.at(-1)?.timestamp, now);
    default:
      return (counter?.count ?? 0) - (later.length - before.length);
  }
}

function values(found: readonly Interaction[], property: string | undefined): Json[] {
  return found.map((one) => ownValue(one.properties, property ?? '')).filter((value) => value !== undefined && value !== null);
}

function numbers(found: readonly Interaction[], property: string | undefined): number[] {
  return values(found, property).filter((value) => typeof value === 'number' && Number.isFinite(value)) as number[];
}

function average(found: readonly number[]): number | undefined {
  return found.length === 0 ? undefined : found.reduce((total, value) => total + value, 0) / found.length;
}

function extreme(found: readonly number[], beats: (a: number, b: number) => boolean): number | undefined {
  return found.reduce<number | undefined>((best, value) => (best === undefined || beats(value, best) ? value : best), undefined);
}

/** What makes two values the same for `distinct`. */
function identity(value: Json): unknown {
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function tell(one: Interaction | undefined, property: string | undefined): unknown {
  if (!one) return undefined;
  return property === undefined ? tellInteraction(one) : ownValue(one.properties, property);
}

/** An interaction as rules, templates and the API tell it. */
export function tellInteraction(one: Interaction): JsonObject {
  const { event, timestamp, channel, properties, messageId } = one;
  return { event, timestamp: new Date(timestamp).toISOString(), channel, properties, messageId };
}

function secondsSince(timestamp: Millis | undefined, now: Millis): number | undefined {
  return timestamp === undefined ? undefined : (now - timestamp) / 1000;
}

function ownValue(properties: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function textOf(params: JsonObject, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function findProblems(params: JsonObject): readonly FactProblem[] {
  const aggregate = params['aggregate'] ?? 'count';
  return [
    ...unknownNames(params),
    ...wrongTexts(params),
    ...aggregateProblems(params, aggregate),
    ...whereProblems(params['where']),
    ...withinProblems(params, aggregate),
  ];
}

function unknownNames(params: JsonObject): FactProblem[] {
  const unknown = Object.keys(params).filter((name) => !PARAMS.includes(name));
  return unknown.map((name) => ({ path: ['params', name], message: `unknown param "${name}"; the params of interactions are ${PARAMS.join(', ')}` }));
}

function wrongTexts(params: JsonObject): FactProblem[] {
  const wrong = ['event', 'within', 'channel', 'aggregate', 'property'].filter((name) => params[name] !== undefined && (typeof params[name] !== 'string' || params[name] === ''));
  return wrong.map((name) => ({ path: ['params', name], message: `"${name}" must be a text` }));
}

function aggregateProblems(params: JsonObject, aggregate: Json): FactProblem[] {
  if (typeof aggregate !== 'string') return [];
  if (!Object.hasOwn(AGGREGATES, aggregate)) {
    return [{ path: ['params', 'aggregate'], message: `unknown aggregate "${aggregate}"; use one of ${Object.keys(AGGREGATES).join(', ')}` }];
  }
  if (!NEED_PROPERTY.includes(aggregate) || params['property'] !== undefined) return [];
  return [{ path: ['params'], message: `the aggregate ${aggregate} needs a "property": which one to take the ${aggregate} of` }];
}

function whereProblems(where: Json | undefined): FactProblem[] {
  if (where === undefined) return [];
  if (!isObject(where)) return [{ path: ['params', 'where'], message: '"where" must be an object such as { "category": "pets" }, or a condition tree' }];
  if (isConditionTree(where)) return [];
  const nested = Object.keys(where).filter((name) => typeof where[name] === 'object' && where[name] !== null);
  return nested.map((name) => ({ path: ['params', 'where', name], message: `"${name}" must be a text, a number, true, false or null; for anything richer write a condition tree: { "all": [ { "fact": "${name}", … } ] }` }));
}

function withinProblems(params: JsonObject, aggregate: Json): FactProblem[] {
  const { within } = params;
  if (typeof within !== 'string' || within === '') return [];
  if (within !== 'lifetime') {
    return parseDuration(within) ? [] : [{ path: ['params', 'within'], message: `"${within}" is not a duration; write a number and s, m, h, d or w, such as "30d", or "lifetime"` }];
  }
  const narrowed = ['where', 'channel', 'property'].filter((name) => params[name] !== undefined);
  if (narrowed.length === 0 && params['event'] !== undefined && LIFETIME.includes(aggregate as string)) return [];
  return [{ path: ['params', 'within'], message: `over a lifetime only ${LIFETIME.join(', ')} of one "event" are kept, without where, channel or property` }];
}

