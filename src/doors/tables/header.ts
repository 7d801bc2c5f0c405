import { MalformedBody } from '../../errors.js';
import { readName } from '../read-name.js';

/** The columns of a table. */
export interface Header {
  /** The names as {@link readName} has them, in the order of the file. */
  readonly columns: readonly string[];
  readonly positions: ReadonlyMap<string, number>;
  /** Where columns are that have no name, as at the end of what a spreadsheet once held more in. */
  readonly unnamed: readonly number[];
  /** How many cells it has. */
  readonly width: number;
}

/** Reads the cells of a header. Throws {@link MalformedBody} that names the columns which have the same name. */
export function readHeader(cells: readonly string[]): Header {
  const names = cells.map(readName);
  const columns = names.filter((name) => name !== '');
  const repeated = new Set(columns.filter((name, index) => columns.indexOf(name) !== index));
  if (repeated.size > 0)
    throw new MalformedBody(
      `Two columns have the same name: ${[...repeated].join(', ')}. Rename one of them, so that neither is lost.`,
    );
  const positions = new Map(names.flatMap((name, index) => (name === '' ? [] : [[name, index] as const])));
  const unnamed = names.flatMap((name, index) => (name === '' ? [index] : []));
  return { columns, positions, unnamed, width: names.length };
}
