import { WrittenNumber } from '../engine/language/written-number.js';
import { heldNumber } from './held-number.js';

/**
 * Reads JSON and rounds nothing: a number that can't be held to the last digit comes as {@link WrittenNumber}. Throws
 * what `JSON.parse` throws, and RangeError for what has such a number and is nested thousands deep.
 */
export function exactJson(text: string): unknown {
  return SUSPICIOUS.test(text) ? (JSON.parse as ParseWithSource)(text, keepDigits) : JSON.parse(text);
}

/**
 * A cheap look that misses nothing: where a value may begin, a number of 16 digits or more, with an exponent,
 * or -0.
 */
const SUSPICIOUS = /(?:^|[:,[\s])(?:-0(?![.\d])|-?(?:[\d.]{16}|[\d.]+[eE]))/;

/** As ECMAScript has it since JSON.parse hands on the source of each value. */
type ParseWithSource = (text: string, reviver: typeof keepDigits) => unknown;

function keepDigits(_name: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  return heldNumber(source) ?? new WrittenNumber(source);
}
