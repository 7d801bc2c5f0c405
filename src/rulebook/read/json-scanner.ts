import { heldNumber } from '../../doors/held-number.js';
import { lostDigits } from './lost-digits.js';
import { SyntaxProblem } from './parsed-text.js';

/**
 * Reads the smallest parts of JSON: blanks, texts, numbers and words, with a plain word for each thing that is not
 * JSON.
 */
export class JsonScanner {
  offset = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    return this.offset >= this.text.length;
  }

  /** The next character; empty at the end. */
  peek(): string {
    return this.text[this.offset] ?? '';
  }

  /** Passes one character and tells where it was. */
  take(): number {
    return this.offset++;
  }

  skipBlank(): void {
    while (BLANK.has(this.peek())) this.offset++;
    const next = this.peek();
    if (next === '#' || this.text.startsWith('//', this.offset) || this.text.startsWith('/*', this.offset)) {
      this.fail('JSON has no comments; put it in "description", or make this a .yaml file');
    }
    if (next !== '' && /\s/u.test(next))
      this.fail(
        'this is a special blank that JSON does not know, copied perhaps from a web page; replace it with a space',
      );
  }

  /** The name of a property. */
  name(): string {
    const next = this.peek();
    if (next === '"') return this.string();
    const word = this.word();
    if (word !== '') this.fail(`put the name ${word} between double quotes: "${word}"`);
    this.wrongQuote(next);
    return this.fail('the name of a property is wanted here, between double quotes');
  }

  /** A text, a number, true, false or null. */
  scalar(): string | number | boolean | null {
    const next = this.peek();
    if (next === '"') return this.string();
    if (next !== '' && '-+.0123456789'.includes(next)) return this.number();
    const word = this.word();
    if (word === 'true' || word === 'false' || word === 'null') {
      this.offset += word.length;
      return word === 'null' ? null : word === 'true';
    }
    if (word !== '') this.fail(wordRemedy(word));
    this.wrongQuote(next);
    return this.fail(
      next === '' ? 'a value is missing here; the file ends too early' : `a value is wanted here, not ${next}`,
    );
  }

  private string(): string {
    const start = this.offset;
    for (let at = start + 1; at < this.text.length; at++) {
      const char = this.text[at] ?? '';
      if (char === '\\') at++;
      else if (char === '"') return this.decode(start, at + 1);
      else if (char === '\n' || char === '\r') break;
    }
    return this.fail('this text has no closing double quote on its line');
  }

  private decode(start: number, end: number): string {
    const raw = this.text.slice(start, end);
    this.offset = end;
    for (const { 0: found, index } of raw.matchAll(ESCAPE_OR_CONTROL)) {
      if (found.startsWith('\\')) {
        if (!ESCAPE.test(found)) this.failAt(start + index, escapeRemedy(found));
      } else this.failAt(start + index, controlRemedy(found));
    }
    return JSON.parse(raw) as string;
  }

  private number(): number {
    const raw = NUMBER_LIKE.exec(this.text.slice(this.offset, this.offset + MOST_DIGITS))?.[0] ?? '';
    if (!NUMBER.test(raw)) this.fail(numberRemedy(raw));
    const value = heldNumber(raw);
    if (value === undefined) this.fail(lostDigits(raw));
    this.offset += raw.length;
    return value;
  }

  private word(): string {
    return WORD.exec(this.text.slice(this.offset, this.offset + 60))?.[0] ?? '';
  }

  private wrongQuote(next: string): void {
    if (next === "'" || next === '`') this.fail(`use double quotes ("), not ${next}`);
    if ('“”„‘’«»'.includes(next) && next !== '') this.fail(`use straight double quotes ("), not ${next}`);
  }

  private fail(message: string): never {
    return this.failAt(this.offset, message);
  }

  private failAt(offset: number, message: string): never {
    throw new SyntaxProblem(offset, message);
  }
}

const BLANK: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r']);
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
/** Of a number; with more it is cut, and then lost anyway. */
const MOST_DIGITS = 400;
const NUMBER_LIKE = /^[-+.\w]+/;
const WORD = /^[\p{L}_$@][\p{L}\p{N}_$.@-]*/u;
// From the left, each escape whole, so that the backslash which one ends with begins no other.
const ESCAPE_OR_CONTROL = /\\(?:u[0-9a-fA-F]{0,4}|[^])|[\u0000-\u001f]/g;
const ESCAPE = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})$/;

function wordRemedy(word: string): string {
  const small = word.toLowerCase();
  if (['true', 'false', 'null'].includes(small)) return `write ${small} in small letters`;
  if (['none', 'nil', 'undefined'].includes(small)) return `write null instead of ${word}`;
  if (['nan', 'infinity', 'inf'].includes(small)) return `${word} is not a number that JSON knows`;
  return `put text between double quotes: "${word}"`;
}

function numberRemedy(raw: string): string {
  if (raw.startsWith('+')) return `write the number without +: ${raw.slice(1)}`;
  if (/^-?0\d/.test(raw))
    return `a number does not begin with 0; write it without, or put text between double quotes: "${raw}"`;
  if (/^-?\./.test(raw)) return `a number needs a digit before its point: ${raw.replace('.', '0.')}`;
  if (/^-?\d+\.$/.test(raw)) return `a number needs a digit after its point: ${raw}0`;
  return `"${raw}" is not a number; put text between double quotes`;
}

function escapeRemedy(escape: string): string {
  if (escape.startsWith('\\u')) return '\\u needs four hexadecimal digits, such as \\u00e9';
  return `JSON does not know ${escape}; write \\\\ for a backslash`;
}

function controlRemedy(char: string): string {
  return char === '\t'
    ? 'write \\t for a tab inside a text'
    : "this text holds a character that can't be seen; remove it";
}
