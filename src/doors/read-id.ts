import { WrittenNumber } from '../engine/language/written-number.js';
import { PLAIN, withoutBlanks } from './read-name.js';

/** An id, why it is none, or undefined where none is said: nothing, null, or nothing but blanks. */
export type ReadId = { readonly id: string } | { readonly wrong: string } | undefined;

/** The most that ids and names may have, in characters: Unicode code points, as they are kept. */
export const MAX_ID_LENGTH = 256;
/** Half a surrogate pair would become another character in the store, and two people one. */
export const BROKEN_TEXT = 'has half a surrogate pair, which is not text; send whole characters';

/**
 * The one rule of ids, at every door. A text is kept without the blanks and invisible characters around it and in
 * Unicode's composed form (NFC), capitals as they are. A whole number is the text of its digits, however many it has.
 */
export function readId(said: unknown): ReadId {
  if (said === undefined || said === null) return undefined;
  if (typeof said === 'number' || said instanceof WrittenNumber) return digitsOf(said);
  if (typeof said !== 'string') return { wrong: 'must be a text' };
  return PLAIN.test(said) && said.length <= MAX_ID_LENGTH ? { id: said } : readText(said);
}

function digitsOf(said: number | WrittenNumber): ReadId {
  const digits = said instanceof WrittenNumber ? WHOLE.exec(said.source)?.[0] : wholeDigits(said);
  if (digits === undefined) return { wrong: 'must be a text; a number is taken as an id only where it is a whole one' };
  return readText(digits);
}

const WHOLE = /^-?\d+$/;

function wholeDigits(value: number): string | undefined {
  return Number.isInteger(value) ? BigInt(value).toString() : undefined;
}

function readText(said: string): ReadId {
  if (!said.isWellFormed()) return { wrong: BROKEN_TEXT };
  const id = withoutBlanks(said).normalize('NFC');
  if (id === '') return undefined;
  const control = CONTROL.exec(id)?.[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  if (control !== undefined) return { wrong: `has the control character U+${control}; send the id without it` };
  const length = lengthOf(id);
  return length > MAX_ID_LENGTH ? { wrong: `is ${length} characters long; the limit is ${MAX_ID_LENGTH}` } : { id };
}

const CONTROL = /\p{Cc}/u;

function lengthOf(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) length++;
  return length;
}
