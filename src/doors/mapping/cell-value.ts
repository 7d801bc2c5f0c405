import type { Json } from '../../engine/language/json.js';
import type { Row } from '../tables/row.js';
import { convertCell } from './convert-cell.js';
import type { ColumnSource, Source } from './column-source.js';

/** A value that is there, one that is not, or one that is not what the mapping says it is. */
export type CellValue = { readonly value: Json } | { readonly wrong: string; readonly example: string } | undefined;

/** The value that a source of the mapping gives for a row; undefined where the cell is empty. */
export function cellValue(row: Row, source: Source): CellValue {
  if ('value' in source) return source;
  const raw = source.column === '#row' ? String(row.number) : row.cell(source.column);
  if (raw === undefined || raw === null || raw === '') return undefined;
  // Spaces say nothing of a number or a day; a text may begin with some.
  if (source.type !== undefined && source.type !== 'string' && typeof raw === 'string' && raw.trim() === '')
    return undefined;
  const named = renamed(raw, source);
  return source.type ? converted(named, source) : { value: named };
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

function converted(raw: Json, source: ColumnSource): CellValue {
  const found = convertCell(raw, source);
  if ('value' in found) return found;
  const example = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return { wrong: `"${source.column}" ${found.wrong}`, example };
}
