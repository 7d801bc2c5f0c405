import type { Json } from '../../engine/language/json.js';

/** One row of a file, whatever its format. */
export interface Row {
  /** Counted from 1; a CSV's header and empty rows are not counted. */
  readonly number: number;
  /** The line of the file in which it begins, counted from 1. */
  readonly line: number;
  /** What equal rows have in common, whatever their quotes and line endings. */
  readonly identity: string;
  /** The value under a column's name; undefined when the row has none. */
  cell(column: string): Json | undefined;
  /** A value that stands under no column's name; undefined where there is none. */
  readonly unnamed?: string | undefined;
  /** The whole row, where it is an object of its own accord: a line of NDJSON. */
  readonly object?: Readonly<Record<string, Json>>;
}

/** A row that can't be read or used, and why. */
export interface RefusedRow {
  readonly number: number;
  readonly line: number;
  /** The column at fault, where it is one. */
  readonly column?: string;
  /** The same words for every row that is refused for the same reason. */
  readonly reason: string;
  /** The value at fault, as the file has it. */
  readonly example?: string;
}
