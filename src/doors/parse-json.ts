import { InvalidRequest, MalformedBody, type UsherError } from '../errors.js';
import { readExactly } from './exact-json.js';
import { findPoison, findRepeated } from './find-in-json.js';
import { readName } from './read-name.js';
import type { ReadValue } from './read-with-repeats.js';

/** What of a body is judged by whoever takes it in, event by event: all of it, or the list of this name in it. */
export type EventsIn = 'body' | 'batch' | 'events';

/**
 * Parses JSON from outside, names by {@link readName}, and loses nothing; see {@link readExactly}. Throws
 * {@link MalformedBody} for what is not JSON and for poisoned prototypes, {@link InvalidRequest} for a name that is
 * given more than once; those in `events` are left for whoever takes these in.
 */
export function parseJson(text: string, what: 'body' | 'line', events?: EventsIn): unknown {
  const { value, repeats } = parse(text, what);
  if (events === 'body' || !(isSuspicious(text) || repeats)) return value;
  const repeated = repeats ? findRepeated(withoutEvents(value, events)) : undefined;
  if (repeated) throw new InvalidRequest([repeated]);
  const poison = findPoison(withoutEvents(value, events));
  if (poison !== undefined) throw poisoned(what, poison);
  return value;
}

/** Whether a text may have a poisoned prototype: then it is looked at. */
export function isSuspicious(text: string): boolean {
  return SUSPICIOUS.test(text);
}

/** The error for a poisoned prototype at a path. */
export function poisoned(what: string, path: string): UsherError {
  return new MalformedBody(`The ${what} has a "${path}" member, which is not accepted. Rename it.`);
}

/** The error for what no reader can follow. */
export function tooDeep(what: string): UsherError {
  return new MalformedBody(`The ${what} is nested too deep to be read. Send lists and objects that are flatter.`);
}

/** A cheap look that misses nothing: names may be written with escapes. */
const SUSPICIOUS = /__proto__|constructor|\\u00/;

function parse(text: string, what: string): ReadValue {
  try {
    return readExactly(text, readName);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(what);
    throw new MalformedBody(`The ${what} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** A body without the list of its events, if it has a list of that name: who takes them judges each by itself. */
export function withoutEvents(value: unknown, events: string | undefined): unknown {
  if (events === undefined || typeof value !== 'object' || value === null) return value;
  if (!Object.hasOwn(value, events) || !Array.isArray(value[events as never])) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== events));
}
