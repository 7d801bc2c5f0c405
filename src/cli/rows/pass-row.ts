import type { JsonObject } from '../../engine/language/json.js';
import type { MapRow } from '../../doors/mapping/map-row.js';
import type { RefusedRow, Row } from '../../doors/tables/row.js';

/** Without a mapping, a line of NDJSON is already an event of the Segment API; only a missing `messageId` is added. */
export const passEvent: MapRow = (row, idOfRow) => {
  const event = row.object ?? {};
  const visitorId = textOf(event, 'userId') ?? textOf(event, 'anonymousId');
  if (visitorId === undefined) return refused(row, 'has neither userId nor anonymousId');
  if (textOf(event, 'type') === undefined) return refused(row, 'has no type, such as track or identify');
  const messageId = textOf(event, 'messageId') ?? idOfRow(row);
  return { number: row.number, line: row.line, visitorId, body: { ...event, messageId }, leftOut: [] };
};

/** Without a mapping, a line of NDJSON is already a visitor: `visitorId` and `traits`. */
export const passVisitor: MapRow = (row) => {
  const visitor = row.object ?? {};
  const visitorId = textOf(visitor, 'visitorId');
  if (visitorId === undefined) return refused(row, 'has no visitorId');
  return { number: row.number, line: row.line, visitorId, body: visitor, leftOut: [] };
};

function textOf(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function refused(row: Row, reason: string): RefusedRow {
  return { number: row.number, line: row.line, reason };
}
