import type { Json, JsonObject } from '../../engine/language/json.js';
import { cellText, cellValue } from './cell-value.js';
import type { ColumnSource, Mapping, Source } from './mapping.js';
import { parseTimestamp } from './parse-timestamp.js';
import type { RefusedRow, Row } from '../tables/row.js';

/** One event or visitor, ready to be sent. */
export interface Outgoing {
  /** The row of the file it comes from. */
  readonly number: number;
  readonly visitorId: string;
  readonly body: JsonObject;
}

/** Makes one row into what is sent; the id is asked for only where the row does not have its own. */
export type MapRow = (row: Row, idOfRow: (row: Row) => string) => Outgoing | RefusedRow;

/** A row becomes a `track` event of the Segment API. */
export function eventMapper(mapping: Mapping): MapRow {
  return (row, idOfRow) => {
    const visitorId = cellText(row, mapping.visitorId);
    if (visitorId === undefined) return empty(row, mapping.visitorId);
    const event = textOf(row, mapping.event);
    if (event === undefined) return empty(row, mapping.event);
    const timestamp = timestampOf(row, mapping.timestamp);
    if (timestamp === undefined) return badTime(row, mapping.timestamp);
    const fields = fieldsOf(row, mapping);
    if ('reason' in fields) return fields;
    const messageId = textOf(row, mapping.messageId) ?? idOfRow(row);
    const channel = textOf(row, mapping.channel);
    const context = channel === undefined ? {} : { context: { channel } };
    const body = {
      type: 'track',
      userId: visitorId,
      event,
      timestamp,
      messageId,
      properties: fields.values,
      ...context,
    };
    return { number: row.number, visitorId, body };
  };
}

/** A row becomes a visitor with traits. */
export function visitorMapper(mapping: Mapping): MapRow {
  return (row) => {
    const visitorId = cellText(row, mapping.visitorId);
    if (visitorId === undefined) return empty(row, mapping.visitorId);
    const timestamp = timestampOf(row, mapping.timestamp);
    if (mapping.timestamp && timestamp === undefined) return badTime(row, mapping.timestamp);
    const fields = fieldsOf(row, mapping);
    if ('reason' in fields) return fields;
    const body = { visitorId, traits: fields.values, ...(timestamp === undefined ? {} : { timestamp }) };
    return { number: row.number, visitorId, body };
  };
}

function fieldsOf(row: Row, { fields }: Mapping): { values: JsonObject } | RefusedRow {
  // Without a prototype, so that a column named `__proto__` is a column like any other.
  const values = Object.create(null) as Record<string, Json>;
  for (const [name, source] of fields) {
    const found = cellValue(row, source);
    if (found && 'wrong' in found) return { number: row.number, reason: found.wrong, example: found.example };
    if (found) values[name] = found.value;
  }
  return { values };
}

function textOf(row: Row, source: Source | undefined): string | undefined {
  return source && cellText(row, source);
}

function timestampOf(row: Row, source: Source | undefined): string | undefined {
  const text = textOf(row, source);
  return text === undefined ? undefined : parseTimestamp(text);
}

function badTime(row: Row, source: Source | undefined): RefusedRow {
  const example = textOf(row, source);
  if (example === undefined) return empty(row, source);
  return { number: row.number, reason: `"${columnOf(source)}" is not a time that can be read for certain`, example };
}

function empty(row: Row, source: ColumnSource | Source | undefined): RefusedRow {
  return { number: row.number, reason: `"${columnOf(source)}" is empty` };
}

function columnOf(source: Source | undefined): string {
  return source && 'column' in source ? source.column : '';
}
