import type { Json } from '../../engine/language/json.js';
import { CommandFailed } from '../../errors.js';
import type { RowFile } from '../rows/open-rows.js';
import type { RefusedRow, Row } from '../../doors/tables/row.js';

/** What a row asks for, or why it can't be asked. */
export type RowRequest = {
  /** The row's, counted from 1; a CSV's header and empty lines are not counted. */
  readonly number: number;
  readonly visitorId: string | undefined;
} & ({ readonly text: string } | { readonly refused: string });

/** What all rows ask for that do not say it themselves. */
export interface RowDefaults {
  readonly placements: readonly string[];
  /** The column of visitor ids in a CSV. */
  readonly id: string | undefined;
  /** Members of every request, such as `channel`. */
  readonly [member: string]: Json | readonly string[] | undefined;
}

/**
 * How the rows of a file become requests: a line of NDJSON is one already and gets what it does not say, a row of a CSV
 * gives the visitor alone. Throws `CommandFailed` where the file can't be meant.
 */
export function requestMaker(
  file: RowFile,
  { placements, id = 'visitorId', ...members }: RowDefaults,
): (row: Row | RefusedRow) => RowRequest {
  const defaults = { ...members, ...(placements.length > 0 && { placements: placements.map(placementOf) }) };
  if (file.format === 'csv') checkTable(file, id, placements);
  return (row) => {
    const { number } = row;
    if ('reason' in row) return { number, visitorId: undefined, refused: row.reason };
    const visitorId = row.cell(file.format === 'csv' ? id : 'visitorId');
    const named = typeof visitorId === 'string' && visitorId !== '' ? visitorId : undefined;
    if (file.format === 'ndjson')
      return { number, visitorId: named, text: JSON.stringify({ ...defaults, ...row.object }) };
    if (named === undefined) return { number, visitorId: named, refused: `has no id in the column ${id}` };
    return { number, visitorId: named, text: JSON.stringify({ visitorId: named, ...defaults }) };
  };
}

/** `home.cards:3` asks for three offers. */
export function placementOf(text: string): Json {
  const [, id, count] = /^(.+):(\d+)$/.exec(text) ?? [];
  return id === undefined ? text : { id, count: Number(count) };
}

function checkTable({ columns }: RowFile, id: string, placements: readonly string[]): void {
  if (!columns.includes(id))
    throw new CommandFailed(
      `There is no column ${id}; the columns are ${columns.join(', ')}. Say which has the visitor ids with --id.`,
    );
  if (placements.length === 0)
    throw new CommandFailed('A CSV names visitors alone. Say what is asked with --placement, such as home.hero.');
}
