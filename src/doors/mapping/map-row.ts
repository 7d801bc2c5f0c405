import type { Json, JsonObject } from '../../engine/language/json.js';
import { readTime } from '../../engine/values/read-time.js';
import type { RefusedRow, Row } from '../tables/row.js';
import { cellText, cellValue, type CellValue } from './cell-value.js';
import type { Source } from './column-source.js';
import { consentValue } from './consent-value.js';
import type { Mapping } from './mapping.js';

/** One event or visitor, ready to be sent. */
export interface Outgoing {
  /** The row of the file it comes from, and the line in which that begins. */
  readonly number: number;
  readonly line: number;
  readonly visitorId: string;
  readonly body: JsonObject;
  /** The cells that were left out, as they are not what the mapping says they are. */
  readonly leftOut: readonly LeftOut[];
}

/** A cell that was left out of what its row became. */
export interface LeftOut {
  /** The same words for every cell that is left out for the same reason; they name the column. */
  readonly reason: string;
  /** The cell as the file has it. */
  readonly example: string;
}

/** Makes one row into what is sent; the id is asked for only where the row does not have its own. */
export type MapRow = (row: Row, idOfRow: (row: Row) => string) => Outgoing | RefusedRow;

/**
 * A row becomes a `track` event of the Segment API. Who, what and when have to be there; a property that is not what
 * the mapping says is left out and told.
 */
export function eventMapper(mapping: Mapping): MapRow {
  return (row, idOfRow) => {
    const visitorId = cellText(row, mapping.visitorId);
    if (visitorId === undefined) return empty(row, mapping.visitorId);
    const event = textOf(row, mapping.event);
    if (event === undefined) return empty(row, mapping.event);
    const timestamp = timestampOf(row, mapping);
    if (timestamp === undefined) return badTime(row, mapping.timestamp);
    const { values, leftOut } = readCells(row, mapping.fields, cellValue);
    const messageId = textOf(row, mapping.messageId) ?? idOfRow(row);
    const channel = textOf(row, mapping.channel);
    const context = channel === undefined ? {} : { context: { channel } };
    const said = { event, timestamp, messageId, properties: values };
    const body = { type: 'track', userId: visitorId, ...said, ...context };
    return { number: row.number, line: row.line, visitorId, body, leftOut };
  };
}

/** A row becomes a visitor with traits and consents; one that is not what the mapping says is left out and told. */
export function visitorMapper(mapping: Mapping): MapRow {
  return (row) => {
    const visitorId = cellText(row, mapping.visitorId);
    if (visitorId === undefined) return empty(row, mapping.visitorId);
    const timestamp = timestampOf(row, mapping);
    if (mapping.timestamp && timestamp === undefined) return badTime(row, mapping.timestamp);
    const traits = readCells(row, mapping.fields, cellValue);
    const consents = readCells(row, mapping.consents ?? [], consentValue);
    const body = {
      ...{ visitorId, traits: traits.values },
      ...(mapping.known === undefined ? {} : { known: mapping.known }),
      ...(mapping.consents ? { consents: consents.values } : {}),
      ...(timestamp === undefined ? {} : { timestamp }),
    };
    const leftOut = [...traits.leftOut, ...consents.leftOut];
    return { number: row.number, line: row.line, visitorId, body, leftOut };
  };
}

type ReadCell = (row: Row, source: Source) => CellValue;

function readCells(
  row: Row,
  fields: Mapping['fields'],
  read: ReadCell,
): { values: JsonObject; leftOut: readonly LeftOut[] } {
  // Without a prototype, so that a column named `__proto__` is a column like any other.
  const values = Object.create(null) as Record<string, Json>;
  const leftOut: LeftOut[] = [];
  for (const [name, source] of fields) {
    const found = read(row, source);
    if (found && 'wrong' in found) leftOut.push({ reason: found.wrong, example: found.example });
    else if (found) values[name] = found.value;
  }
  return { values, leftOut };
}

function textOf(row: Row, source: Source | undefined): string | undefined {
  return source && cellText(row, source);
}

function timestampOf(row: Row, { timestamp, timeZone }: Mapping): string | undefined {
  const text = textOf(row, timestamp);
  const read = text === undefined ? undefined : readTime(text, timeZone);
  return read && 'at' in read ? new Date(read.at).toISOString() : undefined;
}

function badTime(row: Row, source: Source | undefined): RefusedRow {
  const found = source && cellValue(row, source);
  const example = found && 'wrong' in found ? found.example : textOf(row, source);
  if (example === undefined) return empty(row, source);
  const reason = `"${columnOf(source)}" is not a time that can be read for certain`;
  return { number: row.number, line: row.line, column: columnOf(source), reason, example };
}

function empty(row: Row, source: Source | undefined): RefusedRow {
  const column = columnOf(source);
  return { number: row.number, line: row.line, column, reason: `"${column}" is empty` };
}

function columnOf(source: Source | undefined): string {
  return source && 'column' in source ? source.column : '';
}
