import type { Json } from '../../engine/language/json.js';

/** What a column seems to hold, as a mapping says it; nothing where the texts are better kept as they are. */
export type GuessedType = Readonly<Record<string, string>>;

/**
 * Guesses by the values of the first rows. Nothing is guessed that could lose something: a leading zero, a plus or more
 * than 15 digits make a code, as some names of columns do, and `1.234` is a thousand to some and not to others.
 */
export function guessType(column: string, values: readonly Json[]): GuessedType | undefined {
  const texts = values.map((value) => (typeof value === 'string' ? value.trim() : undefined));
  const filled = texts.filter((text) => text !== '');
  if (filled.length === 0) return undefined;
  const all = (shape: RegExp): boolean => filled.every((text) => text !== undefined && shape.test(text));
  const digits = Math.max(...filled.map((text = '') => text.replace(/\D/g, '').length));
  if (all(/^(\d\d)\.(\d\d)\.\d{4}$/)) return { type: 'date', format: 'dd.mm.yyyy' };
  if (all(/^(ja|nein|yes|no|true|false|wahr|falsch)$/i)) return { type: 'boolean' };
  if (digits > MOST_DIGITS || CODES.test(column) || filled.every((text = '') => GROUP.test(text))) return undefined;
  if (all(PLAIN)) return { type: 'number' };
  if (all(WITH_COMMA) && filled.some((text = '') => text.includes(','))) return { type: 'number', decimal: ',' };
  return undefined;
}

const MOST_DIGITS = 15;
/** A name that says that its digits are no number to reckon with. */
const CODES =
  /id$|code|zip|postal|plz|phone|tel|fax|mobil|handy|nummer|number|iban|bic|(^|[^a-z])(nr|no|num)([^a-z]|$)|ean|isbn|sku|artikel$|article$|serial|serien|version/i;
const PLAIN = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const WITH_COMMA = /^-?(0|[1-9]\d*|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?$/;
const GROUP = /^-?\d{1,3}[.,]\d{3}$/;
