import type { Json } from '../../engine/language/json.js';
import type { SearchForm } from '../../engine/language/search-definition.js';

/** A value longer than that is no address, number or name of anybody; in characters as JavaScript counts. */
export const MOST_SEARCH_LENGTH = 512;
/** Of a list of values, such as several addresses, so many find the person: the first. */
const MOST_VALUES = 10;
/** The fewest digits of a telephone number, and the most of E.164. */
const [FEWEST_DIGITS, MOST_DIGITS] = [5, 15];

/** One value as it is compared; undefined for what is none of its form. `docs/desks.md` says each rule. */
export function formed(value: Json | undefined, form: SearchForm): string | undefined {
  const text = textOf(value);
  if (text === undefined || text.length > MOST_SEARCH_LENGTH || !text.isWellFormed()) return undefined;
  return FORMS[form](text);
}

function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** All values of a trait that a person is found by: the trait, or each member of its list, once. */
export function allFormed(value: Json | undefined, form: SearchForm): readonly string[] {
  const values: readonly (Json | undefined)[] = Array.isArray(value) ? value.slice(0, MOST_VALUES) : [value];
  return [...new Set(values.map((one) => formed(one, form)).filter((one) => one !== undefined))];
}

const FORMS: Readonly<Record<SearchForm, (text: string) => string | undefined>> = {
  email: (text) => {
    const address = text.trim().normalize('NFC').toLowerCase();
    return /^[^\s@]+@[^\s@]+$/.test(address) ? address : undefined;
  },
  phone: (text) => {
    const written = text.normalize('NFKC').trim();
    // What is dialled only within a country stands in parentheses behind the number of the country.
    const plain = written.replace(/^(\+|00)([\d\s]+)\(0\)/, '$1$2').replaceAll(/[\s\p{Pd}./()]/gu, '');
    const digits = plain.replace(/^(\+|(00)+)/, '');
    const isNumber = /^\d+$/.test(digits) && digits.length >= FEWEST_DIGITS && digits.length <= MOST_DIGITS;
    return isNumber ? digits : undefined;
  },
  text: (text) => text.trim().normalize('NFC') || undefined,
};
