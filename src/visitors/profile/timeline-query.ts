import type { Millis } from '../../engine/language/millis.js';
import { once, wholeNumber } from '../../http/query-fields.js';
import { readFields, Refused } from '../../http/read-fields.js';
import { MAX_ID_LENGTH } from '../../doors/read-id.js';
import { readName } from '../../doors/read-name.js';
import { readTime } from '../../engine/values/read-time.js';

/** A place in a timeline. */
export interface Position {
  readonly timestamp: Millis;
  readonly arrival: number;
  readonly messageId: string;
}

/** What is asked of a timeline. */
export interface TimelineQuery {
  readonly before: Position | undefined;
  readonly limit: number;
  readonly channel: string | undefined;
  readonly event: string | undefined;
}

/** A cursor holds a message id, whose characters may be of several bytes each. */
const MAX_CURSOR_LENGTH = 16 * MAX_ID_LENGTH;

const name = once(readName, MAX_CURSOR_LENGTH);

const FIELDS = {
  before: once(readBefore, MAX_CURSOR_LENGTH),
  limit: wholeNumber({ min: 1, max: 500, fallback: 50 }),
  channel: name,
  event: name,
};

/** Reads the part of the address after the question mark. Throws {@link InvalidRequest} with every problem. */
export function readTimelineQuery(query: Readonly<Record<string, unknown>>): TimelineQuery {
  return readFields(query, FIELDS, { unknown: 'ask with' });
}

/** Where the next page begins: opaque, and good however much happens meanwhile. */
export function writeCursor({ timestamp, arrival, messageId }: Position): string {
  return Buffer.from(JSON.stringify([timestamp, arrival, messageId])).toString('base64url');
}

function readBefore(text: string): Position | Refused {
  const read = readTime(text);
  if ('at' in read) return { timestamp: read.at, arrival: -Infinity, messageId: '' };
  return (
    readCursor(text) ??
    new Refused('must be the `next` of another page, or an ISO 8601 time such as 2026-11-21T10:00:00Z')
  );
}

function readCursor(text: string): Position | undefined {
  try {
    const [timestamp, arrival, messageId] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (typeof timestamp !== 'number' || typeof arrival !== 'number' || typeof messageId !== 'string') return undefined;
    return { timestamp, arrival, messageId };
  } catch {
    return undefined;
  }
}
