/** `interactions`: what the person did, aggregated over the retained interactions at the moment of the decision. */
import { isObject } from '../language/is-object.js';
import type { Json, JsonObject } from '../language/json.js';
import { parseDuration } from '../language/duration.js';
import type { FactDeclaration, FactProblem } from './fact-declaration.js';
import type { Absence } from '../match/fact-reader.js';
import type { InteractionLog, Place } from '../visitor/interaction-log.js';
import { compileQuery, isConditionTree, type InteractionQuery } from './interaction-query.js';
import type { Millis } from '../language/millis.js';
import type { Interaction } from '../visitor/interaction.js';
import type { VisitorView } from '../visitor/visitor.js';

/** Sums up the interactions that are meant. */
type Aggregate = (query: InteractionQuery, log: InteractionLog, now: Millis, property: string) => unknown;

const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  count: (query, log, now) => query.count(log, now),
  sum: (query, log, now, property) => totalOf(query, log, now, property).sum,
  avg: (query, log, now, property) => average(totalOf(query, log, now, property)),
  min: extreme((value, best) => value < best),
  max: extreme((value, best) => value > best),
  distinct,
  first: (query, log, now, property) => tell(log, query.first(log, now), property),
  last: (query, log, now, property) => tell(log, query.last(log, now), property),
  secondsSinceFirst: (query, log, now) => secondsSince(log, query.first(log, now), now),
  secondsSinceLast: (query, log, now) => secondsSince(log, query.last(log, now), now),
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
    const aggregate = AGGREGATES[textOf(params, 'aggregate') ?? 'count'] ?? count;
    const property = textOf(params, 'property') ?? '';
    if (params['within'] === 'lifetime') return ({ visitor, now }) => overLifetime(params, visitor, now);
    const query = compileQuery(params);
    return ({ visitor, now }) => aggregate(query, visitor.interactions(), now, property);
  },
};

function count(query: InteractionQuery, log: InteractionLog, now: Millis): number {
  return query.count(log, now);
}

/** The fact behind {@link absenceOf}: the names of the events that ever happened. It is not for rules to speak of. */
export const HAPPENED = '$happened';

/** What {@link HAPPENED} names. */
export const happenedFact: FactDeclaration = {
  hint: 'the names of the events that ever happened',
  readsVisitor: true,
  scoped: false,
  cost: 2,
  problems: () => [],
  compile:
    () =>
    ({ visitor }) =>
      Object.keys(visitor.counters),
};

/** What is said of an event that never happened needs no look at the interactions. */
function absenceOf({ event, aggregate = 'count' }: JsonObject): Absence | undefined {
  if (typeof event !== 'string') return undefined;
  const value = COUNTING.includes(aggregate as string) ? 0 : undefined;
  return { value, list: { fact: HAPPENED }, text: event };
}

const COUNTING: readonly string[] = ['count', 'sum', 'distinct'];

/**
 * Over the whole life of the visitor, what is no longer retained included. The counters are kept for ever; going back
 * in time, the retained interactions later than `now` are taken off them.
 */
function overLifetime(params: JsonObject, { counters, interactions }: VisitorView, now: Millis): number | undefined {
  const event = textOf(params, 'event') ?? '';
  const counter = Object.hasOwn(counters, event) ? counters[event] : undefined;
  if (!counter) return params['aggregate'] === undefined || params['aggregate'] === 'count' ? 0 : undefined;
  const inThePast = counter.last > now;
  const query = compileQuery({ event });
  switch (params['aggregate'] ?? 'count') {
    case 'secondsSinceFirst':
      return counter.first <= now ? (now - counter.first) / 1000 : undefined;
    case 'secondsSinceLast':
      return inThePast
        ? secondsSince(interactions(), query.last(interactions(), now), now)
        : (now - counter.last) / 1000;
    default:
      return counter.count - (inThePast ? query.count(interactions(), Infinity) - query.count(interactions(), now) : 0);
  }
}

function totalOf(
  query: InteractionQuery,
  log: InteractionLog,
  now: Millis,
  property: string,
): { readonly sum: number; readonly count: number } {
  let sum = 0;
  let count = 0;
  query.values(log, now, property, (value) => {
    if (!isFiniteNumber(value)) return;
    sum += value;
    count++;
  });
  return { sum, count };
}

function average({ sum, count }: ReturnType<typeof totalOf>): number | undefined {
  return count === 0 ? undefined : sum / count;
}

function extreme(isBetter: (value: number, best: number) => boolean): Aggregate {
  return (query, log, now, property) => {
    let best: number | undefined;
    query.values(log, now, property, (value) => {
      if (isFiniteNumber(value) && (best === undefined || isBetter(value, best))) best = value;
    });
    return best;
  };
}

function distinct(query: InteractionQuery, log: InteractionLog, now: Millis, property: string): number {
  const found = new Set<unknown>();
  query.values(log, now, property, (value) => {
    if (value !== null) found.add(identity(value));
  });
  return found.size;
}

function isFiniteNumber(value: Json): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** What makes two values the same for `distinct`. */
function identity(value: Json): unknown {
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function tell(log: InteractionLog, place: Place | undefined, property: string): unknown {
  if (!place) return undefined;
  return property === '' ? tellInteraction(log.interaction(place)) : log.value(place, property);
}

/** An interaction as rules, templates and the API tell it. */
export function tellInteraction(one: Interaction): JsonObject {
  const { event, timestamp, channel, properties, messageId } = one;
  return { event, timestamp: new Date(timestamp).toISOString(), channel, properties, messageId };
}

function secondsSince(log: InteractionLog, place: Place | undefined, now: Millis): number | undefined {
  return place && (now - log.timestamp(place)) / 1000;
}

function textOf(params: JsonObject, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' ? value : undefined;
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
  return unknown.map((name) => ({
    path: ['params', name],
    message: `unknown param "${name}"; the params of interactions are ${PARAMS.join(', ')}`,
  }));
}

function wrongTexts(params: JsonObject): FactProblem[] {
  const wrong = ['event', 'within', 'channel', 'aggregate', 'property'].filter(
    (name) => params[name] !== undefined && (typeof params[name] !== 'string' || params[name] === ''),
  );
  return wrong.map((name) => ({ path: ['params', name], message: `"${name}" must be a text` }));
}

function aggregateProblems(params: JsonObject, aggregate: Json): FactProblem[] {
  if (typeof aggregate !== 'string') return [];
  if (!Object.hasOwn(AGGREGATES, aggregate)) {
    return [
      {
        path: ['params', 'aggregate'],
        message: `unknown aggregate "${aggregate}"; use one of ${Object.keys(AGGREGATES).join(', ')}`,
      },
    ];
  }
  if (!NEED_PROPERTY.includes(aggregate) || params['property'] !== undefined) return [];
  return [
    {
      path: ['params'],
      message: `the aggregate ${aggregate} needs a "property": which one to take the ${aggregate} of`,
    },
  ];
}

function whereProblems(where: Json | undefined): FactProblem[] {
  if (where === undefined) return [];
  if (!isObject(where))
    return [
      {
        path: ['params', 'where'],
        message: '"where" must be an object such as { "category": "pets" }, or a condition tree',
      },
    ];
  if (isConditionTree(where)) return [];
  const nested = Object.keys(where).filter((name) => typeof where[name] === 'object' && where[name] !== null);
  return nested.map((name) => ({
    path: ['params', 'where', name],
    message: `"${name}" must be a text, a number, true, false or null; for anything richer write a condition tree: { "all": [ { "fact": "${name}", … } ] }`,
  }));
}

function withinProblems(params: JsonObject, aggregate: Json): FactProblem[] {
  const { within } = params;
  if (typeof within !== 'string' || within === '') return [];
  if (within !== 'lifetime') {
    return parseDuration(within)
      ? []
      : [
          {
            path: ['params', 'within'],
            message: `"${within}" is not a duration; write a number and s, m, h, d or w, such as "30d", or "lifetime"`,
          },
        ];
  }
  const narrowed = ['where', 'channel', 'property'].filter((name) => params[name] !== undefined);
  if (narrowed.length === 0 && params['event'] !== undefined && LIFETIME.includes(aggregate as string)) return [];
  return [
    {
      path: ['params', 'within'],
      message: `over a lifetime only ${LIFETIME.join(', ')} of one "event" are kept, without where, channel or property`,
    },
  ];
}
