import { MAX_ID_LENGTH, readId } from '../doors/read-id.js';
import { once } from '../http/query-fields.js';
import { readFields, Refused } from '../http/read-fields.js';

/** For whom it is asked how limits stand, and in which channel. */
export interface VisitorAsked {
  readonly visitorId?: string | undefined;
  readonly channel?: string | undefined;
}

/** Reads the query of `GET /v1/offers/:id/limits`. Throws `InvalidRequest` with every problem. */
export function readVisitorAsked(query: Readonly<Record<string, unknown>>): VisitorAsked {
  const fields = { visitorId: once(readVisitorId, 4 * MAX_ID_LENGTH), channel: once((text) => text, MAX_ID_LENGTH) };
  return readFields(query, fields, { unknown: 'ask with' });
}

function readVisitorId(text: string): string | Refused {
  const read = readId(text);
  if (!read) return new Refused('must name a visitor');
  return 'id' in read ? read.id : new Refused(read.wrong);
}
