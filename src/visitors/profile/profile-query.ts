import { wholeNumber } from '../../http/query-fields.js';
import { readFields } from '../../http/read-fields.js';

/** How many decisions a profile tells. */
export interface ProfileQuery {
  readonly limit: number;
}

const FIELDS = { limit: wholeNumber({ min: 0, max: 200, fallback: 10 }) };

/** Reads the part of the address after the question mark; other names are ignored. Throws `InvalidRequest`. */
export function readProfileQuery(query: Readonly<Record<string, unknown>>): ProfileQuery {
  return readFields(query, FIELDS);
}
