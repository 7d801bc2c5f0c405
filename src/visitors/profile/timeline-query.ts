import type { Millis } from '../../engine/language/millis.js';
import { InvalidRequest, type Problem } from '../../errors.js';
import { MAX_ID_LENGTH } from '../intake/incoming-event.js';
import { parseTime } from '../intake/parse-time.js';

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

const NAMES = ['before', 'limit', 'channel', 'event'] as const;
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** Reads the part of the address after the question mark. Throws {@link InvalidRequest} with every problem. */
export function readTimelineQuery(query: Readonly<Record<string, unknown>>): TimelineQuery {
  const problems: Problem[] = [];
  for (const name of Object.keys(query))
    if (!NAMES.some((known) => known === name))
      problems.push({ path: name, message: `is not known here; ask with ${NAMES.join(', ')}` });
  const text = (name: (typeof NAMES)[number]): string | undefined => {
    const value = query[name];
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string' && value.length <= MAX_CURSOR_LENGTH) return value;
    problems.push({
      path: name,
      message: typeof value === 'string' ? 'is longer than it can be' : 'must be said once',
    });
    return undefined;
  };
  const read: TimelineQuery = {
    before: readBefore(text('before'), problems),
    limit: readLimit(text('limit'), problems),
    channel: text('channel'),
    event: text('event'),
  };
  if (problems.length > 0) throw new InvalidRequest(problems);
  return read;
}

/** Where the next page begins: opaque, and good however much happens meanwhile. */
export function writeCursor({ timestamp, arrival, messageId }: Position): string {
  return Buffer.from(JSON.stringify([timestamp, arrival, messageId])).toString('base64url');
}

/** A cursor holds a message id, whose characters may be of several bytes each. */
const MAX_CURSOR_LENGTH = 16 * MAX_ID_LENGTH;

function readBefore(text: string | undefined, problems: Problem[]): Position | undefined {
  if (text === undefined) return undefined;
  const timestamp = parseTime(text);
  if (!Number.isNaN(timestamp)) return { timestamp, arrival: -Infinity, messageId: '' };
  const position = readCursor(text);
  if (!position)
    problems.push({
      path: 'before',
      message: 'must be the `next` of another page, or an ISO 8601 time such as 2026-11-21T10:00:00Z',
    });
  return position;
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

function readLimit(text: string | undefined, problems: Problem[]): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  problems.push({ path: 'limit', message: `must be a whole number from 1 to ${MAX_LIMIT}` });
  return DEFAULT_LIMIT;
}
