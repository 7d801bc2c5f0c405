import type { Json } from '../language/json.js';
import { TimeFrame } from '../values/time-frame.js';

const MAX_TEXT = 200;
const MAX_ENTRIES = 10;
const MAX_DEPTH = 4;

/**
 * A value as an explanation shows it: JSON of a bounded size, that says how much was cut; undefined for what is not
 * there.
 */
export function shownValue(value: unknown, depth = 0): Json | undefined {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}… (${value.length} characters)` : value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : shownObject(value, depth);
    default:
      return undefined;
  }
}

function shownObject(value: object, depth: number): Json {
  if (value instanceof TimeFrame) return shownFrame(value);
  if (Array.isArray(value)) return depth < MAX_DEPTH ? shownList(value, depth) : `… (a list of ${value.length})`;
  const entries = Object.entries(value);
  if (depth >= MAX_DEPTH) return `… (an object of ${entries.length})`;
  const shown = entries.slice(0, MAX_ENTRIES).map(([name, one]) => [name, shownValue(one, depth + 1)] as const);
  const more = entries.length > MAX_ENTRIES ? [['…', `(${entries.length} names)`] as const] : [];
  return Object.fromEntries([...shown.filter((entry): entry is [string, Json] => entry[1] !== undefined), ...more]);
}

/** A year that ISO 8601 can't write has no end to be shown. */
function shownFrame({ first, last, timeZone }: TimeFrame): Json {
  const iso = (at: number) => (Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : null);
  return { from: iso(first), to: iso(last), timeZone };
}

function shownList(list: readonly unknown[], depth: number): Json {
  const shown = list.slice(0, MAX_ENTRIES).map((one) => shownValue(one, depth + 1) ?? null);
  return list.length > MAX_ENTRIES ? [...shown, `… (${list.length} in all)`] : shown;
}
