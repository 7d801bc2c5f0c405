import type { CountedQuery } from './counted-query.js';
import { ALL_NUMBERS, between, NO_NUMBER, type NumberSet } from './number-set.js';
import { ALL_TEXTS, type TextRange } from './text-range.js';

/** What a value may be. More than it really may be is allowed: then less is claimed. */
export interface Domain {
  readonly missing: boolean;
  readonly nothing: boolean;
  readonly booleans: boolean;
  readonly numbers: NumberSet;
  /** Its numbers are whole. */
  readonly isWhole: boolean;
  readonly texts: 'none' | TextRange | readonly string[];
  readonly lists: boolean;
  readonly objects: boolean;
}

/** Any JSON value, or none. */
export const ANYTHING: Domain = {
  missing: true,
  nothing: true,
  booleans: true,
  numbers: ALL_NUMBERS,
  isWhole: false,
  texts: ALL_TEXTS,
  lists: true,
  objects: true,
};

const NOTHING: Domain = {
  missing: false,
  nothing: false,
  booleans: false,
  numbers: NO_NUMBER,
  isWhole: false,
  texts: 'none',
  lists: false,
  objects: false,
};
const BOOLEAN: Domain = { ...NOTHING, booleans: true };
const TEXT: Domain = { ...NOTHING, texts: ALL_TEXTS };
const NUMBER: Domain = { ...NOTHING, numbers: ALL_NUMBERS };
const AT_LEAST_0: Domain = { ...NOTHING, numbers: between(0, Infinity) };
const COUNT: Domain = { ...AT_LEAST_0, isWhole: true };

/** One of these texts. */
export function oneOfTexts(texts: readonly string[]): Domain {
  return { ...NOTHING, texts };
}

/** What a fact may be, at the end of its path; `names` is undefined for a path that may lead to several values. */
export function domainOf(fact: string, names: readonly string[] | undefined, query: CountedQuery | undefined): Domain {
  if (query) return aggregateDomain(query, names);
  if (!names) return ANYTHING;
  switch (fact) {
    case 'session':
      return sessionDomain(names);
    case 'now':
      return names.length === 1 ? (NOW.get(names[0] ?? '') ?? ANYTHING) : ANYTHING;
    case 'segments':
      return names.length === 0 ? { ...NOTHING, lists: true } : ANYTHING;
    case 'profile':
    case 'context':
      return names.length === 0 ? { ...NOTHING, objects: true } : ANYTHING;
    default:
      return ANYTHING;
  }
}

function aggregateDomain({ aggregate, property }: CountedQuery, names: readonly string[] | undefined): Domain {
  switch (aggregate) {
    case 'count':
    case 'distinct':
      return COUNT;
    case 'sum':
      return NUMBER;
    case 'avg':
    case 'min':
    case 'max':
      return orMissing(NUMBER);
    case 'secondsSinceFirst':
    case 'secondsSinceLast':
      return orMissing(AT_LEAST_0);
    default:
      return property === undefined && names?.length === 0 ? orMissing({ ...NOTHING, objects: true }) : ANYTHING;
  }
}

function sessionDomain(names: readonly string[]): Domain {
  const [name = '', ...more] = names;
  if (name === 'events' && more.length === 1)
    return orMissing({ ...NOTHING, numbers: between(1, Infinity), isWhole: true });
  return more.length === 0 ? (SESSION.get(name) ?? ANYTHING) : ANYTHING;
}

const SESSION: ReadonlyMap<string, Domain> = new Map([
  ['active', BOOLEAN],
  ['interactions', COUNT],
  ['durationSeconds', AT_LEAST_0],
  ['startedAt', orMissing(TEXT)],
  ['channel', orMissing(TEXT)],
]);

const whole = (low: number, high: number): Domain => ({ ...NOTHING, numbers: between(low, high), isWhole: true });

const NOW: ReadonlyMap<string, Domain> = new Map([
  ['date', TEXT],
  ['time', { ...NOTHING, texts: { low: '00:00', lowOpen: false, high: '23:59', highOpen: false } }],
  ['year', whole(-Infinity, Infinity)],
  ['month', whole(1, 12)],
  ['day', whole(1, 31)],
  ['hour', whole(0, 23)],
  ['minute', whole(0, 59)],
  ['weekday', oneOfTexts(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])],
  ['timestamp', TEXT],
]);

function orMissing(domain: Domain): Domain {
  return { ...domain, missing: true };
}
