import { readTime } from '../../engine/values/read-time.js';
import { type Millis, parseDuration } from '../../engine/language/millis.js';
import type { Problem } from '../../errors.js';
import { flag } from '../../http/query-fields.js';
import { readFields, Refused, type Field } from '../../http/read-fields.js';
import type { RecordedQuery } from './recorded-lines.js';

/**
 * Reads the part of the address after the question mark: from the first that is recorded, and until now, unless it says
 * otherwise. Throws {@link InvalidRequest} with every problem.
 */
export function readRecordedQuery(query: Readonly<Record<string, unknown>>, now: Millis): RecordedQuery {
  const fields = { since: instantOr(0, now), until: instantOr(now, now), releases: flag };
  return readFields(query, fields, { unknown: 'ask with', together: orderProblems });
}

function instantOr(fallback: Millis, now: Millis): Field<Millis> {
  return (given) => {
    if (given === undefined || given === '') return fallback;
    const instant = typeof given === 'string' ? parseInstant(given, now) : NaN;
    return Number.isNaN(instant)
      ? new Refused('must be an ISO 8601 time such as 2026-11-21T10:00:00Z, or how long ago, such as 7d or 12h')
      : instant;
  };
}

function orderProblems({ since, until }: Partial<RecordedQuery>): Problem[] {
  if (since === undefined || until === undefined || since <= until) return [];
  return [{ path: 'until', message: 'lies before since; nothing can be in between' }];
}

/** A plus sign in an address is a space, unless it was written as %2B: one before a zone is put right. */
const PLUS = / (?=\d\d:?(?:\d\d)?$)(?<=:\d\d(?:\.\d+)? )/;

function parseInstant(text: string, now: Millis): Millis {
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const read = readTime(text.replace(PLUS, '+'));
  return 'at' in read ? read.at : NaN;
}
