import { isConditionTree, type Condition } from '../language/condition-definition.js';
import { isObject } from '../language/is-object.js';
import type { Json, JsonObject } from '../language/json.js';
import type { FactReader } from '../match/fact-reader.js';
import type { InteractionLog, Place } from '../visitor/interaction-log.js';
import { reckonedValue } from '../match/operators.js';
import { RECKONED } from '../match/own-operators.js';
import { findCalendarWindow, spanOfWindow } from '../values/calendar-window.js';
import { reckonedFrame } from '../values/time-comparisons.js';
import { Matcher } from '../match/matcher.js';
import { MatcherBuilder } from '../match/matcher-builder.js';
import { type Millis, parseDuration } from '../language/millis.js';

/** Which interactions a fact is about: those of an event, in a channel, within a time, with certain properties. */
export interface InteractionQuery {
  /** How many there are. */
  count(log: InteractionLog, now: Millis): number;
  /** The latest, or the earliest; equal timestamps in order of arrival. */
  last(log: InteractionLog, now: Millis): Place | undefined;
  first(log: InteractionLog, now: Millis): Place | undefined;
  /** Calls `visit` with what each has as a property, if it has it, those of one event after the other. */
  values(log: InteractionLog, now: Millis, property: string, visit: (value: Json) => void): void;
}

/** From when until when interactions are meant, seen from now; both ends included. */
type Window = (now: Millis) => readonly [since: Millis, until: Millis];
/** The time by which operators on time compare properties. */
interface Clock {
  readonly now: Millis;
  readonly timeZone: string;
}
/** Whether the interaction at a position of an event is meant. */
type Test = (position: number) => boolean;
/** Prepares the test for one event of a log; undefined when none of its interactions can be meant. */
type PrepareTest = (log: InteractionLog, event: number, clock: Clock) => Test | undefined;

/** What is asked of the interactions of any one event: when, and what else of each. */
interface Narrowing {
  readonly window: Window;
  readonly tests: readonly PrepareTest[];
  readonly timeZone: string;
}

interface Span {
  readonly event: number;
  readonly from: number;
  readonly until: number;
  /** Undefined when all of them are meant. */
  readonly test: Test | undefined;
}

/** Compiles the params of the fact `interactions` that mean the same by all clocks. */
export function compileQuery(params: JsonObject): InteractionQuery {
  return prepareQuery(params)('UTC');
}

/** The same of any params, for the clocks of a zone. */
export function prepareQuery(params: JsonObject): (timeZone: string) => InteractionQuery {
  const { event, channel, where } = params;
  const windowIn = prepareWindow(params);
  const tests = [typeof channel === 'string' ? testChannel(channel) : undefined, testWhere(where)].filter(
    (test) => test !== undefined,
  );
  return (timeZone) => {
    const narrowing = { window: windowIn(timeZone), tests, timeZone };
    // Nearly every rule names its event: then there is one span, and no list of them.
    return typeof event === 'string' ? overOne(event, narrowing) : overAll(narrowing);
  };
}

/** Whether the time zone makes a difference to these params. */
export function goesByClocks({ during, where }: JsonObject): boolean {
  return during !== undefined || (isObject(where) && isConditionTree(where) && comparesTimes(where));
}

function prepareWindow({ within, during }: JsonObject): (timeZone: string) => Window {
  const withinMs = (typeof within === 'string' ? parseDuration(within) : undefined) ?? Infinity;
  const calendar = findCalendarWindow(during);
  if (!calendar) return () => (now) => [now - withinMs, now];
  return (timeZone) => (now) => {
    const { first, last } = spanOfWindow(calendar, now, timeZone);
    return [Math.max(first, now - withinMs), Math.min(last, now)];
  };
}

function comparesTimes(condition: Json): boolean {
  if (Array.isArray(condition)) return condition.some(comparesTimes);
  if (!isObject(condition)) return false;
  const { operator, value } = condition;
  if (typeof operator === 'string') return reckonedValue(operator, value ?? null) !== undefined;
  return Object.values(condition).some(comparesTimes);
}

function overOne(event: string, narrowing: Narrowing): InteractionQuery {
  const spanIn = (log: InteractionLog, now: Millis) => spanOf(log, log.eventNumber(event), now, narrowing);
  return {
    count: (log, now) => countIn(spanIn(log, now)),
    first: (log, now) => firstIn(spanIn(log, now)),
    last: (log, now) => lastIn(spanIn(log, now)),
    values: (log, now, property, visit) => valuesIn(log, spanIn(log, now), property, visit),
  };
}

function overAll(narrowing: Narrowing): InteractionQuery {
  const spansIn = (log: InteractionLog, now: Millis) => everySpan(log, now, narrowing);
  return {
    count: (log, now) => spansIn(log, now).reduce((sum, span) => sum + countIn(span), 0),
    first: (log, now) =>
      spansIn(log, now)
        .map(firstIn)
        .reduce((a, b) => (!b || (a && log.precedes(a, b)) ? a : b), undefined),
    last: (log, now) =>
      spansIn(log, now)
        .map(lastIn)
        .reduce((a, b) => (!b || (a && log.precedes(b, a)) ? a : b), undefined),
    values: (log, now, property, visit) => spansIn(log, now).forEach((span) => valuesIn(log, span, property, visit)),
  };
}

function everySpan(log: InteractionLog, now: Millis, narrowing: Narrowing): Span[] {
  return [...log.columns.eventNames.keys()]
    .map((event) => spanOf(log, event, now, narrowing))
    .filter((span) => span !== undefined);
}

function spanOf(
  log: InteractionLog,
  event: number,
  now: Millis,
  { window, tests, timeZone }: Narrowing,
): Span | undefined {
  if (event < 0) return undefined;
  const [since, end] = window(now);
  const [from, until] = [log.begin(event, since), log.end(event, end)];
  if (from >= until) return undefined;
  if (tests.length === 0) return { event, from, until, test: undefined };
  const clock = { now, timeZone };
  const test =
    tests.length === 1 ? tests[0]?.(log, event, clock) : allOf(tests.map((prepare) => prepare(log, event, clock)));
  return test && { event, from, until, test };
}

function allOf(tests: readonly (Test | undefined)[]): Test | undefined {
  return tests.includes(undefined) ? undefined : (position) => tests.every((test) => test?.(position));
}

function countIn(span: Span | undefined): number {
  if (!span) return 0;
  const { from, until, test } = span;
  if (!test) return until - from;
  let count = 0;
  for (let position = from; position < until; position++) if (test(position)) count++;
  return count;
}

function firstIn(span: Span | undefined): Place | undefined {
  if (!span) return undefined;
  const { event, from, until, test } = span;
  for (let position = from; position < until; position++) {
    if (!test || test(position)) return { event, position };
  }
  return undefined;
}

function lastIn(span: Span | undefined): Place | undefined {
  if (!span) return undefined;
  const { event, from, until, test } = span;
  for (let position = until - 1; position >= from; position--) {
    if (!test || test(position)) return { event, position };
  }
  return undefined;
}

function valuesIn(log: InteractionLog, span: Span | undefined, property: string, visit: (value: Json) => void): void {
  const column = span && log.columns.event(span.event).property(property);
  if (!column) return;
  const { from, until, test } = span;
  const { codes, values } = column;
  for (let position = from; position < until; position++) {
    const code = codes[position] ?? 0;
    if (code === 0 || (test && !test(position))) continue;
    const value = values[code - 1];
    if (value !== undefined) visit(value);
  }
}

function testChannel(channel: string): PrepareTest {
  return ({ columns }, event) => {
    const wanted = columns.channelNames.indexOf(channel);
    const { channels } = columns.event(event);
    return wanted < 0 ? undefined : (position) => channels[position] === wanted;
  };
}

/** `where`: equality of properties, or a condition tree whose facts are the names of properties. */
function testWhere(where: Json | undefined): PrepareTest | undefined {
  if (!isObject(where)) return undefined;
  if (isConditionTree(where)) return testTree(where as unknown as Condition);
  const tests = Object.entries(where).map(([name, value]) => testEqual(name, value));
  return tests.length === 1 ? tests[0] : (...at) => allOf(tests.map((prepare) => prepare(...at)));
}

/** Values are numbered per column, so that an interaction is tested by comparing small numbers. */
function testEqual(name: string, value: Json): PrepareTest {
  return ({ columns }, event) => {
    const column = columns.event(event).property(name);
    const code = (column?.values.indexOf(value) ?? -1) + 1;
    if (!column || code === 0) return undefined;
    const { codes } = column;
    return (position) => codes[position] === code;
  };
}

interface PropertyPlace extends Place {
  readonly log: InteractionLog;
  readonly clock: Clock;
}

function testTree(where: Condition): PrepareTest {
  const builder = new MatcherBuilder<PropertyPlace>({ findFact: findProperty });
  const condition = builder.add(where);
  const matcher = new Matcher(builder.build(), findProperty);
  return (log, event, clock) => (position) => {
    const run = matcher.run({ log, event, position, clock });
    const holds = run.holds(condition);
    run.end();
    return holds;
  };
}

function findProperty(name: string, params: JsonObject | undefined): FactReader<PropertyPlace> {
  return { read: readProperty(name, params), scoped: false, readsVisitor: false, cost: 1 };
}

/** A property of that name takes no params. */
function readProperty(name: string, params: JsonObject | undefined): FactReader<PropertyPlace>['read'] {
  if (name !== RECKONED || !params) return (place) => place.log.value(place, name);
  const frame = reckonedFrame(params);
  return ({ clock }) => frame?.(clock.now, clock.timeZone);
}
