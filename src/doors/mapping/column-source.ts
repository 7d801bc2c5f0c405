import type { Json } from '../../engine/language/json.js';
import type { ReadDate } from './date-format.js';
import type { DecimalMark } from './decimal-number.js';

/** The types a cell may have. */
export const CELL_TYPES = ['string', 'number', 'boolean', 'date', 'list', 'json'] as const;
/** What the text of a cell stands for. */
export type CellType = (typeof CELL_TYPES)[number];

/** Where a value comes from: a column of the file, or the same value for every row. */
export type Source = ColumnSource | { readonly value: Json };

/** A column, and what its cells stand for. */
export interface ColumnSource {
  /** A column's name, a dotted path into an NDJSON line, or `#row` for the row's number. */
  readonly column: string;
  readonly type?: CellType;
  /** What a value of the file is called in Usher; a value that is not named here keeps its own. */
  readonly names?: Readonly<Record<string, string>>;
  /** What stands before the fraction of a number. */
  readonly decimal?: DecimalMark;
  /** The patterns of a date, tried in this order. */
  readonly dates?: readonly { readonly pattern: string; readonly read: ReadDate }[];
  /** What stands between the items of a list. */
  readonly separator?: string;
  /** What is written for yes and no, in small letters. */
  readonly words?: ReadonlyMap<string, boolean>;
}
