import { MAX_ID_LENGTH, readId } from '../doors/read-id.js';
import { nameIn } from '../doors/read-name.js';
import { once } from '../http/query-fields.js';
import { readFields, Refused } from '../http/read-fields.js';

/** For whom it is asked how limits stand, and in which channel. */
export interface VisitorAsked {
  readonly visitorId?: string | undefined;
  readonly channel?: string | undefined;
}

/**
 * Reads the query of `GET /v1/offers/:id/limits`; `problemOf` says what is wrong with an id that is nobody's. Whoever
 * asks for a visitor names one: to leave the id empty would be answered as if nobody had been asked for. Throws
 * `InvalidRequest` with every problem.
 */
export function readVisitorAsked(
  query: Readonly<Record<string, unknown>>,
  problemOf: (visitorId: string) => string | undefined,
): VisitorAsked {
  const named = once((text) => readVisitorId(text, problemOf), 4 * MAX_ID_LENGTH);
  const fields = {
    visitorId: (given: unknown) => (given === '' ? NOBODY_NAMED : named(given)),
    channel: once((text) => nameIn(text), MAX_ID_LENGTH),
  };
  return readFields(query, fields, { unknown: 'ask with' });
}

const NOBODY_NAMED = new Refused('must name a visitor; leave visitorId out to ask what is left for all');

function readVisitorId(text: string, problemOf: (visitorId: string) => string | undefined): string | Refused {
  const read = readId(text);
  if (!read) return NOBODY_NAMED;
  if ('wrong' in read) return new Refused(read.wrong);
  const problem = problemOf(read.id);
  return problem === undefined ? read.id : new Refused(problem);
}
