import type { Condition, Json, JsonObject } from './definitions.js';
import { parseDuration } from './duration.js';
import type { FactReader } from './fact-reader.js';
import type { InteractionLog, Place } from './interaction-log.js';
import { Matcher } from './matcher.js';
import { MatcherBuilder } from './matcher-builder.js';
import type { Millis } from './types.js';

/** Which interactions a fact is about: those of an event, in a channel, within a time, with certain properties. */
export interface InteractionQuery {
  /** How many there are. */
  count(log: InteractionLog, now: Millis): number;
  /** The latest, or the earliest; equal timestamps in order of arrival. */
  last(log: InteractionLog, now: Millis): Place | undefined;
  first(log: InteractionLog, now: Millis): Place | undefined;
  /** Calls `visit` with each, those of one event after the other. */
  each(log: InteractionLog, now: Millis, visit: (place: Place) => void): void;
}

/** Whether the interaction at a position of an event is meant. */
type Test = (position: number, row: number) => boolean;
/** Prepares the test for one event of a log; undefined when none of its interactions can be meant. */
type PrepareTest = (log: InteractionLog, event: number) => Test | undefined;

interface Span {
  readonly event: number;
  readonly rows: Int32Array;
  readonly from: number;
  readonly until: number;
  /** Undefined when all of them are meant. */
  readonly test: Test | undefined;
}

/** Compiles the params of the fact `interactions`. */
export function compileQuery(params: JsonObject): InteractionQuery {
  const { event, channel, within, where } = params;
  const withinMs = (typeof within === 'string' ? parseDuration(within) : undefined) ?? Infinity;
  const tests = [typeof channel === 'string' ? testChannel(channel) : undefined, testWhere(where)].filter((test) => test !== undefined);
  const spanIn = (log: InteractionLog, number: number, now: Millis) => spanOf(log, number, { since: now - withinMs, now, tests });
  // Nearly every rule names its event: then there is one span, and no list of them.
  return typeof event === 'string' ? overOne((log, now) => spanIn(log, log.eventNumber(event), now)) : overAll((log, now) => everySpan(log, now, spanIn));
}

function overOne(spanIn: (log: InteractionLog, now: Millis) => Span | undefined): InteractionQuery {
  return {
    count: (log, now) => countIn(spanIn(log, now)),
    first: (log, now) => firstIn(spanIn(log, now)),
    last: (log, now) => lastIn(spanIn(log, now)),
    each: (log, now, visit) => eachIn(spanIn(log, now), visit),
  };
}

function overAll(spansIn: (log: InteractionLog, now: Millis) => Span[]): InteractionQuery {
  return {
    count: (log, now) => spansIn(log, now).reduce((sum, span) => sum + countIn(span), 0),
    first: (log, now) => spansIn(log, now).map(firstIn).reduce((a, b) => (!b || (a && a.row < b.row) ? a : b), undefined),
    last: (log, now) => spansIn(log, now).map(lastIn).reduce((a, b) => (!b || (a && a.row > b.row) ? a : b), undefined),
    each: (log, now, visit) => spansIn(log, now).forEach((span) => eachIn(span, visit)),
  };
}

function everySpan(log: InteractionLog, now: Millis, spanIn: (log: InteractionLog, event: number, now: Millis) => Span | undefined): Span[] {
  return [...log.columns.eventNames.keys()].map((event) => spanIn(log, event, now)).filter((span) => span !== undefined);
}

function spanOf(log: InteractionLog, event: number, { since, now, tests }: { since: Millis; now: Millis; tests: readonly PrepareTest[] }): Span | undefined {
  if (event < 0) return undefined;
  const [from, until] = log.window(event, since, now);
  if (from >= until) return undefined;
  const span = { event, rows: log.rowsOf(event), from, until, test: undefined };
  if (tests.length === 0) return span;
  const prepared = tests.map((test) => test(log, event));
  if (prepared.includes(undefined)) return undefined;
  return { ...span, test: prepared.length === 1 ? prepared[0] : (position, row) => prepared.every((one) => one?.(position, row)) };
}

function countIn(span: Span | undefined): number {
  if (!span) return 0;
  const { rows, from, until, test } = span;
  if (!test) return until - from;
  let count = 0;
  for (let position = from; position < until; position++) if (test(position, rows[position] ?? 0)) count++;
  return count;
}

function firstIn(span: Span | undefined): Place | undefined {
  if (!span) return undefined;
  const { event, rows, from, until, test } = span;
  for (let position = from; position < until; position++) {
    const row = rows[position] ?? 0;
    if (!test || test(position, row)) return { event, position, row };
  }
  return undefined;
}

function lastIn(span: Span | undefined): Place | undefined {
  if (!span) return undefined;
  const { event, rows, from, until, test } = span;
  for (let position = until - 1; position >= from; position--) {
    const row = rows[position] ?? 0;
    if (!test || test(position, row)) return { event, position, row };
  }
  return undefined;
}

function eachIn(span: Span | undefined, visit: (place: Place) => void): void {
  if (!span) return;
  const { event, rows, from, until, test } = span;
  for (let position = from; position < until; position++) {
    const row = rows[position] ?? 0;
    if (!test || test(position, row)) visit({ event, position, row });
  }
}

function testChannel(channel: string): PrepareTest {
  return ({ columns }) => {
    const wanted = columns.channelNames.indexOf(channel);
    return wanted < 0 ? undefined : (_position, row) => columns.channels[row] === wanted;
  };
}

/** `where`: equality of properties, or a condition tree whose facts are the names of properties. */
function testWhere(where: Json | undefined): PrepareTest | undefined {
  if (typeof where !== 'object' || where === null || Array.isArray(where)) return undefined;
  if (isConditionTree(where as JsonObject)) return testTree(where as unknown as Condition);
  const wanted = Object.entries(where as JsonObject);
  return (log, event) => testEqual(log, event, wanted);
}

/** Values are numbered per column, so that a row is tested by comparing small numbers. */
function testEqual({ columns }: InteractionLog, event: number, wanted: readonly (readonly [string, Json])[]): Test | undefined {
  const codes = wanted.map(([name, value]) => {
    const column = columns.property(event, name);
    return { codes: column?.codes, code: (column?.values.indexOf(value) ?? -1) + 1 };
  });
  if (codes.some(({ code }) => code === 0)) return undefined;
  return (position) => codes.every((one) => one.codes?.[position] === one.code);
}

interface PropertyPlace {
  readonly log: InteractionLog;
  readonly event: number;
  readonly position: number;
}

function testTree(where: Condition): PrepareTest {
  const builder = new MatcherBuilder<PropertyPlace>({ findFact: findProperty });
  const condition = builder.add(where);
  const matcher = new Matcher(builder.build(), findProperty);
  return (log, event) => (position) => {
    const run = matcher.run({ log, event, position });
    const holds = run.holds(condition);
    run.end();
    return holds;
  };
}

function findProperty(name: string): FactReader<PropertyPlace> {
  return { read: ({ log, event, position }) => log.value(event, position, name), scoped: false, readsVisitor: false, cost: 1 };
}

/** Whether a `where` is a condition tree rather than names and values. */
export function isConditionTree(where: JsonObject): boolean {
  return ['all', 'any', 'not'].some((word) => typeof where[word] === 'object' && where[word] !== null);
}
