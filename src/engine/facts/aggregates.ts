/** What can be said of many interactions at once. Each is declared here, once. */
import type { Json } from '../language/json.js';
import type { Millis } from '../language/millis.js';
import type { InteractionLog, Place } from '../visitor/interaction-log.js';
import type { Counter } from '../visitor/visitor.js';
import type { InteractionQuery } from './interaction-query.js';
import { tellInteraction, type ToldInteraction } from '../visitor/interaction.js';
import { numberIn } from '../values/number-in.js';
import { ANY_VALUE, type ValueShape } from './value-shape.js';

/** What an aggregate tells of interactions, for whoever reasons about it. */
export type Tells =
  'how-many' | 'how-many-values' | 'number' | 'earliest' | 'latest' | 'age-of-earliest' | 'age-of-latest';

/** A whole life of one event: its counter, and how to look at what is retained of it. */
export interface Lifetime {
  readonly counter: Counter;
  readonly query: InteractionQuery;
  readonly log: () => InteractionLog;
  readonly now: Millis;
}

/** A way to sum up interactions. */
export interface AggregateDeclaration {
  /** As rule files write it. */
  readonly name: string;
  /** Sums up the interactions that are meant. */
  readonly compute: (query: InteractionQuery, log: InteractionLog, now: Millis, property: string) => unknown;
  /** The same over a whole life, where it is kept; going back in time, what is later than `now` is taken off. */
  readonly overLifetime?: (lifetime: Lifetime) => number | undefined;
  readonly tells: Tells;
  /** What it is of no interactions. */
  readonly ofNone: 0 | undefined;
  /** Whether it is of nothing without a property. */
  readonly needsProperty?: true;
  readonly shape: (hasProperty: boolean) => ValueShape;
  /** How people say it: of an event, and of a property or a path where there is one. */
  readonly say: (event: string, part: string | undefined) => string;
}

const NUMBER: ValueShape = { kind: 'number' };
const NUMBER_OR_NONE: ValueShape = { kind: 'number', missing: true };
const COUNT: ValueShape = { kind: 'number', min: 0, whole: true };
const SECONDS: ValueShape = { kind: 'number', min: 0, missing: true };
const INTERACTION: ValueShape = {
  kind: 'object',
  missing: true,
  parts: {
    event: ANY_VALUE,
    timestamp: ANY_VALUE,
    channel: ANY_VALUE,
    messageId: ANY_VALUE,
    properties: ANY_VALUE,
  } satisfies Record<keyof ToldInteraction, ValueShape>,
};

const DEFAULT: AggregateDeclaration = {
  name: 'count',
  compute: (query, log, now) => query.count(log, now),
  overLifetime: ({ counter, query, log, now }) =>
    counter.count - (counter.last > now ? query.count(log(), Infinity) - query.count(log(), now) : 0),
  tells: 'how-many',
  ofNone: 0,
  shape: () => COUNT,
  say: sayOf('count'),
};

const DECLARED: readonly AggregateDeclaration[] = [
  DEFAULT,
  {
    name: 'sum',
    compute: (query, log, now, property) => totalOf(query, log, now, property).sum,
    tells: 'number',
    ofNone: 0,
    needsProperty: true,
    shape: () => NUMBER,
    say: sayOf('sum'),
  },
  {
    name: 'avg',
    compute: (query, log, now, property) => average(totalOf(query, log, now, property)),
    tells: 'number',
    ofNone: undefined,
    needsProperty: true,
    shape: () => NUMBER_OR_NONE,
    say: sayOf('avg'),
  },
  {
    name: 'min',
    compute: extreme((value, best) => value < best),
    tells: 'number',
    ofNone: undefined,
    needsProperty: true,
    shape: () => NUMBER_OR_NONE,
    say: sayOf('min'),
  },
  {
    name: 'max',
    compute: extreme((value, best) => value > best),
    tells: 'number',
    ofNone: undefined,
    needsProperty: true,
    shape: () => NUMBER_OR_NONE,
    say: sayOf('max'),
  },
  {
    name: 'distinct',
    compute: distinct,
    tells: 'how-many-values',
    ofNone: 0,
    needsProperty: true,
    shape: () => COUNT,
    say: sayOf('distinct'),
  },
  {
    name: 'first',
    compute: (query, log, now, property) => tell(log, query.first(log, now), property),
    tells: 'earliest',
    ofNone: undefined,
    shape: (hasProperty) => (hasProperty ? ANY_VALUE : INTERACTION),
    say: sayOne('first'),
  },
  {
    name: 'last',
    compute: (query, log, now, property) => tell(log, query.last(log, now), property),
    tells: 'latest',
    ofNone: undefined,
    shape: (hasProperty) => (hasProperty ? ANY_VALUE : INTERACTION),
    say: sayOne('last'),
  },
  {
    name: 'secondsSinceFirst',
    compute: (query, log, now) => secondsSince(log, query.first(log, now), now),
    overLifetime: ({ counter, now }) => (counter.first <= now ? (now - counter.first) / 1000 : undefined),
    tells: 'age-of-earliest',
    ofNone: undefined,
    shape: () => SECONDS,
    say: (event) => `seconds since the first ${event}`,
  },
  {
    name: 'secondsSinceLast',
    compute: (query, log, now) => secondsSince(log, query.last(log, now), now),
    overLifetime: ({ counter, query, log, now }) =>
      counter.last > now ? secondsSince(log(), query.last(log(), now), now) : (now - counter.last) / 1000,
    tells: 'age-of-latest',
    ofNone: undefined,
    shape: () => SECONDS,
    say: (event) => `seconds since the last ${event}`,
  },
];

const BY_NAME: ReadonlyMap<string, AggregateDeclaration> = new Map(DECLARED.map((one) => [one.name, one]));

/** Values that an aggregate of numbers had to do without, as they are none. */
export interface PassedOver {
  readonly count: number;
  /** How many values there are in all. */
  readonly of: number;
  /** The first that was passed over. */
  readonly example: Json;
}

/** What `sum`, `avg`, `min` and `max` pass over of a property; undefined where every value is a number. */
export function passedOver(
  query: InteractionQuery,
  log: InteractionLog,
  now: Millis,
  property: string,
): PassedOver | undefined {
  let [count, of] = [0, 0];
  let example: Json | undefined;
  query.values(log, now, property, (value) => {
    of++;
    if (numberIn(value) !== undefined) return;
    count++;
    example ??= value;
  });
  return count === 0 ? undefined : { count, of, example: example ?? null };
}

/** Every aggregate; the first is meant where none is named. */
export const aggregates: readonly AggregateDeclaration[] = DECLARED;

/** The aggregate of that name, or the one meant where none is named; undefined when there is no such. */
export function findAggregate(name: Json | undefined): AggregateDeclaration | undefined {
  return name === undefined ? DEFAULT : typeof name === 'string' ? BY_NAME.get(name) : undefined;
}

function sayOf(name: string): AggregateDeclaration['say'] {
  return (event, part) => (part === undefined ? `${name} of ${event}` : `${name} of ${part} over ${event}`);
}

function sayOne(name: string): AggregateDeclaration['say'] {
  return (event, part) => `${part === undefined ? '' : `${part.replace(/^\$\./, '')} of `}the ${name} ${event}`;
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
    const number = numberIn(value);
    if (number === undefined) return;
    sum += number;
    count++;
  });
  return { sum, count };
}

function average({ sum, count }: ReturnType<typeof totalOf>): number | undefined {
  return count === 0 ? undefined : sum / count;
}

function extreme(isBetter: (value: number, best: number) => boolean): AggregateDeclaration['compute'] {
  return (query, log, now, property) => {
    let best: number | undefined;
    query.values(log, now, property, (value) => {
      const number = numberIn(value);
      if (number !== undefined && (best === undefined || isBetter(number, best))) best = number;
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

/** What makes two values the same. */
function identity(value: Json): unknown {
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function tell(log: InteractionLog, place: Place | undefined, property: string): unknown {
  if (!place) return undefined;
  return property === '' ? tellInteraction(log.interaction(place)) : log.value(place, property);
}

function secondsSince(log: InteractionLog, place: Place | undefined, now: Millis): number | undefined {
  return place && (now - log.timestamp(place)) / 1000;
}
