import type { Problem } from '../../errors.js';
import { once, wholeNumber } from '../../http/query-fields.js';
import { readFields } from '../../http/read-fields.js';
import { MOST_SEARCH_LENGTH } from './search-forms.js';

/** What is searched for. */
export interface SearchQuery {
  readonly search: string;
  readonly limit: number;
}

const FIELDS = {
  search: once((text) => text, MOST_SEARCH_LENGTH),
  limit: wholeNumber({ min: 1, max: 50, fallback: 20 }),
};

/** Reads the part of the address after the question mark. Throws `InvalidRequest` with every problem. */
export function readSearchQuery(query: Readonly<Record<string, unknown>>): SearchQuery {
  const { search = '', limit } = readFields(query, FIELDS, {
    unknown: 'ask with',
    together: ({ search }) => isSaid(search, query),
  });
  return { search, limit };
}

function isSaid(search: string | undefined, query: Readonly<Record<string, unknown>>): Problem[] {
  const isRefused = typeof query['search'] === 'string' && query['search'].length > MOST_SEARCH_LENGTH;
  if (isRefused || Array.isArray(query['search']) || (search ?? '').trim() !== '') return [];
  return [{ path: 'search', message: 'is missing; send a whole id, e-mail address or telephone number' }];
}
