import { parseDuration } from '../language/millis.js';
import type { Json, JsonObject } from '../language/json.js';
import { findCalendarWindow } from '../values/calendar-window.js';
import { findAggregate, type Tells } from './aggregates.js';

/** Which interactions a fact is about, and what the fact says of them. */
export interface CountedQuery {
  readonly event: Json | undefined;
  readonly channel: Json | undefined;
  readonly where: Json | undefined;
  /** The window of the calendar that it is limited to. */
  readonly during: Json | undefined;
  /** Milliseconds, which `during` may limit further; infinite for all that is retained. */
  readonly withinMs: number;
  /** What is no longer retained counts too. */
  readonly isLifetime: boolean;
  readonly aggregate: string;
  readonly tells: Tells | undefined;
  /** What it is of no interactions. */
  readonly ofNone: 0 | undefined;
  readonly property: Json | undefined;
}

/** Reads params, which have no problems, as a query; what changes nothing about it is left out. */
export function countedQuery({ event, channel, where, within, during, aggregate, property }: JsonObject): CountedQuery {
  const duration = typeof within === 'string' ? parseDuration(within) : undefined;
  const found = findAggregate(aggregate);
  return {
    event,
    channel,
    where: isNarrowing(where) ? where : undefined,
    during,
    withinMs: Math.min(duration ?? Infinity, findCalendarWindow(during)?.longestAgoMs ?? Infinity),
    isLifetime: within === 'lifetime',
    aggregate: found?.name ?? '',
    tells: found?.tells,
    ofNone: found?.ofNone,
    property: found?.tells === 'how-many' ? undefined : property,
  };
}

/** An empty `where` narrows nothing. */
function isNarrowing(where: Json | undefined): boolean {
  return typeof where === 'object' && where !== null && Object.keys(where).length > 0;
}
