import { WrittenNumber } from '../engine/language/written-number.js';
import { countNames, countWrittenNames } from './count-names.js';
import { heldNumber } from './held-number.js';
import { readWithRepeats, type ReadName, type ReadValue } from './read-with-repeats.js';

/**
 * Reads JSON and loses nothing: a number that can't be held to the last digit comes as {@link WrittenNumber}, and what
 * an object gives under one name more than once as `RepeatedName`. Throws what `JSON.parse` throws, and RangeError for
 * what has such a number and is nested thousands deep.
 */
export function exactJson(text: string, nameOf?: ReadName): unknown {
  return readExactly(text, nameOf).value;
}

/**
 * The same, and whether a name was given more than once. Names are as they are written, or as `nameOf` has them: then
 * two that it makes one are one that is given twice.
 */
export function readExactly(text: string, nameOf?: ReadName): ReadValue {
  const value: unknown = SUSPICIOUS.test(text)
    ? (JSON.parse as ParseWithSource)(text, keepDigits)
    : (JSON.parse(text) as unknown);
  const isPlain = nameOf && (isAscii(text) ? isPlainAscii : (name: string) => nameOf(name) === name);
  const isAsWritten =
    countNames(value, text.includes('\\') ? withoutBackslash(isPlain) : isPlain) === countWrittenNames(text);
  return isAsWritten ? { value, repeats: false } : readWithRepeats(text, nameOf);
}

/**
 * V8 may take a name that is written with an escape for one that it read earlier, in another text, which has a
 * backslash in that place: once it has read `{"a":[],"\\":1}`, it reads the name `"` of `{"a":1,"\"":2}` as `\`. So
 * what has a name with a backslash is read again.
 */
function withoutBackslash(isPlain: (name: string) => boolean = () => true): (name: string) => boolean {
  return (name) => isPlain(name) && !name.includes('\\');
}

/** Whether no name can have other letters: by the bytes, which is quicker than to look at each character. */
function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length && !text.includes('\\u');
}

/** Of letters of ASCII only those at the ends matter. */
function isPlainAscii(name: string): boolean {
  return name.charCodeAt(0) > BLANK && name.charCodeAt(name.length - 1) > BLANK;
}

const BLANK = 32;

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
