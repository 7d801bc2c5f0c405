import type { Millis } from '../../engine/language/millis.js';
import { instantOf } from '../../engine/values/wall-clock.js';

/**
 * The instant that a value of a template tells: a number of seconds since 1970 (or milli-, micro- or nanoseconds, told
 * apart by their size), or a text in ISO 8601. A text that names no zone is read in `timeZone`. Undefined for anything
 * else: `03/04/2026` may be two days, and is not guessed.
 */
export function readMoment(value: unknown, timeZone: string): Millis | undefined {
  if (typeof value === 'number') return inRange(fromNumber(value));
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return inRange(/^-?\d{9,19}$/.test(text) ? fromNumber(Number(text)) : fromText(text, timeZone));
}

const SHAPE =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([Zz]|[+-]\d{2}(?::?\d{2})?))?)?$/;

function fromText(text: string, timeZone: string): Millis | undefined {
  const parts = SHAPE.exec(text);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map((one) => +(one ?? 0));
  const wall = new Date(0).setUTCFullYear(year, month - 1, day) + ((hour * 60 + minute) * 60 + second) * 1_000;
  const isReal = new Date(wall).getUTCDate() === day && month >= 1 && month <= 12;
  if (!isReal || hour > 23 || minute > 59 || second > 59) return undefined;
  const zone = parts[8];
  const at = zone === undefined ? instantOf(wall, timeZone) : wall - offsetOf(zone);
  return at + Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
}

function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
}

/** Seconds reach the year 5138 below the first bound, and so do the others below theirs. */
function fromNumber(value: number): Millis {
  const size = Math.abs(value);
  if (size < 1e11) return value * 1_000;
  if (size < 1e14) return value;
  return size < 1e17 ? value / 1e3 : value / 1e6;
}

/** Years of four digits: others are mistakes, and calendars differ about them. */
function inRange(at: Millis | undefined): Millis | undefined {
  return at !== undefined && at >= -62_135_596_800_000 && at < 253_402_300_800_000 ? Math.floor(at) : undefined;
}
