import type { Json } from '../../engine/language/json.js';
import { findInfinite } from '../find-in-json.js';
import type { CellType, ColumnSource, Source } from './mapping.js';
import type { Row } from '../tables/row.js';

/** A value that is there, one that is not, or one that is not what the mapping says it is. */
export type CellValue = { readonly value: Json } | { readonly wrong: string; readonly example: string } | undefined;

/** The value that a source of the mapping gives for a row; undefined where the cell is empty. */
export function cellValue(row: Row, source: Source): CellValue {
  if ('value' in source) return source;
  const raw = source.column === '#row' ? String(row.number) : row.cell(source.column);
  if (raw === undefined || raw === null || raw === '') return undefined;
  return source.type ? converted(raw, source.column, source.type) : { value: renamed(raw, source) };
}

/** The same as text, for ids and names; undefined where it is empty or blank. */
export function cellText(row: Row, source: Source): string | undefined {
  const found = cellValue(row, source);
  if (!found || !('value' in found)) return undefined;
  const text = typeof found.value === 'string' ? found.value : JSON.stringify(found.value);
  return text.trim() || undefined;
}

function renamed(raw: Json, { names }: ColumnSource): Json {
  if (!names || typeof raw === 'object') return raw;
  const name = String(raw);
  return Object.hasOwn(names, name) ? (names[name] ?? raw) : raw;
}

function converted(raw: Json, column: string, type: CellType): CellValue {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  const value = CONVERSIONS[type](text.trim(), text);
  return value === undefined ? { wrong: `"${column}" is not ${NAMES[type]}`, example: text } : { value };
}

const NAMES: Readonly<Record<CellType, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'yes or no (true, false, yes, no, 1, 0)',
  json: 'JSON',
};

const CONVERSIONS: Readonly<Record<CellType, (trimmed: string, text: string) => Json | undefined>> = {
  string: (_, text) => text,
  number: (trimmed) => (NUMBER.test(trimmed) ? finite(Number(trimmed)) : undefined),
  boolean: (trimmed) => BOOLEANS.get(trimmed.toLowerCase()),
  json: parseJson,
};

/** Stricter than `Number()`, which reads '' as 0 and understands '0x10' and 'Infinity'. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

/** What JSON can't say, such as 1e999, would be sent as null. */
function finite<T extends Json>(value: T): T | undefined {
  return findInfinite(value) === undefined ? value : undefined;
}

function parseJson(text: string): Json | undefined {
  try {
    return finite(JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}
