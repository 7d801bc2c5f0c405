import type { JsonObject } from '../../engine/language/json.js';
import { findLost } from '../../doors/find-in-json.js';
import type { MapRow } from '../../doors/mapping/map-row.js';
import { readId } from '../../doors/read-id.js';
import type { RefusedRow, Row } from '../../doors/tables/row.js';

/** Without a mapping, a line of NDJSON is already an event of the Segment API; only a missing `messageId` is added. */
export const passEvent: MapRow = (row, idOfRow) => {
  const event = row.object ?? {};
  const visitorId = idOf(event, 'userId') ?? idOf(event, 'anonymousId');
  if (visitorId === undefined) return refused(row, 'has neither userId nor anonymousId');
  if (idOf(event, 'type') === undefined) return refused(row, 'has no type, such as track or identify');
  const lost = findLost({ properties: event['properties'], traits: event['traits'], context: event['context'] });
  if (lost) return refused(row, `${lost.path}: ${lost.message}`);
  const messageId = idOf(event, 'messageId') ?? idOfRow(row);
  return { number: row.number, line: row.line, visitorId, body: { ...event, messageId }, leftOut: [] };
};

/** Without a mapping, a line of NDJSON is already a visitor: `visitorId` and `traits`. */
export const passVisitor: MapRow = (row) => {
  const visitor = row.object ?? {};
  const visitorId = idOf(visitor, 'visitorId');
  if (visitorId === undefined) return refused(row, 'has no visitorId');
  return { number: row.number, line: row.line, visitorId, body: visitor, leftOut: [] };
};

/** An id as the service reads it, so that equal ones count once; what is wrong with it the service says. */
function idOf(object: JsonObject, name: string): string | undefined {
  const read = readId(object[name]);
  return read && ('id' in read ? read.id : read.wrong);
}

function refused(row: Row, reason: string): RefusedRow {
  return { number: row.number, line: row.line, reason };
}
