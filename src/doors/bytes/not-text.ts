import { MalformedBody } from '../../errors.js';

/** Bytes that are not text in their encoding, from a line on, with the way out. Lines are counted from 1. */
export function notText(line: number, charset: string): Error {
  return new MalformedBody(`Line ${line} ${notTextProblem(charset)}`);
}

/** The same of a line that is named beside it. */
export function notTextProblem(charset: string): string {
  const name = charset.toUpperCase();
  return charset === 'utf-8'
    ? `is not ${name} text. Save it as ${name}, or say what it is written in, such as windows-1252: ${HOW}.`
    : `is not ${name} text, which it is declared or marked to be. Save it as UTF-8, or say what it is: ${HOW}.`;
}

/** What is wrong with text that has a NUL character, which mostly is UTF-16 without a mark. */
export const NUL_PROBLEM =
  'has a NUL character, which no text has. Where it is UTF-16, save it as UTF-8 or say utf-16le: ' +
  'with "charset=" in the content type, with "--encoding" for a command.';

const HOW = 'with "charset=" in the content type, with "--encoding" for a command';
