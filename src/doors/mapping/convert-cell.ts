import type { Json } from '../../engine/language/json.js';
import { exactJson } from '../exact-json.js';
import { findLost } from '../find-in-json.js';
import { decimalNumber } from './decimal-number.js';
import type { CellType, ColumnSource } from './column-source.js';

/** What a cell means by the type of its column, or what is wrong with it. */
export type Converted = { readonly value: Json } | { readonly wrong: string };

/** Reads a cell that is not empty. */
export function convertCell(raw: Json, source: ColumnSource): Converted {
  const { read, expected } = CONVERSIONS[source.type ?? 'string'];
  const value = read(raw, source);
  if (value === undefined) return { wrong: `is not ${expected(source)}` };
  const lost = findLost(value);
  return lost ? { wrong: `${lost.path === '' ? '' : `has at ${lost.path} what `}${lost.message}` } : { value };
}

interface Conversion {
  readonly read: (raw: Json, source: ColumnSource) => Json | undefined;
  readonly expected: (source: ColumnSource) => string;
}

const CONVERSIONS: Readonly<Record<CellType, Conversion>> = {
  string: { read: textOf, expected: () => 'a text' },
  number: {
    read: (raw, { decimal }) => (typeof raw === 'number' ? raw : decimalNumber(textOf(raw).trim(), decimal)),
    expected: ({ decimal }) => `a number${decimal === undefined ? '' : ` with a decimal "${decimal}"`}`,
  },
  boolean: { read: readBoolean, expected: (source) => `yes or no (${[...wordsOf(source).keys()].join(', ')})` },
  date: {
    read: (raw, { dates = [] }) => firstOf(dates, ({ read }) => read(textOf(raw))),
    expected: ({ dates = [] }) => `a day that there is, as ${dates.map(({ pattern }) => pattern).join(' or ')}`,
  },
  list: { read: readList, expected: () => 'a list' },
  json: { read: (raw) => (typeof raw === 'string' ? parseJson(raw) : raw), expected: () => 'JSON' },
};

function textOf(raw: Json): string {
  return typeof raw === 'string' ? raw : JSON.stringify(raw);
}

function firstOf<T, R>(list: readonly T[], read: (one: T) => R | undefined): R | undefined {
  for (const one of list) {
    const found = read(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'ja', 'wahr', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'nein', 'falsch', '0'].map((word) => [word, false] as const),
]);

function readBoolean(raw: Json, source: ColumnSource): boolean | undefined {
  return wordsOf(source).get(textOf(raw).trim().toLowerCase());
}

function wordsOf({ words }: ColumnSource): ReadonlyMap<string, boolean> {
  return words ?? WORDS;
}

function readList(raw: Json, { separator = '' }: ColumnSource): Json {
  if (Array.isArray(raw)) return raw as readonly Json[];
  const items = textOf(raw).split(separator);
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

function parseJson(text: string): Json | undefined {
  try {
    return exactJson(text) as Json;
  } catch {
    return undefined;
  }
}
