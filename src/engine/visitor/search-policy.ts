import type { SearchDefinition, SearchForm } from '../language/search-definition.js';

/** By which traits people are found, and how the values of each are compared. */
export type SearchPolicy = ReadonlyMap<string, SearchForm>;

/** So many traits people can be found by at most. */
export const MOST_SEARCH_TRAITS = 16;

/** Where the rule files do not say otherwise. */
export const USUAL_SEARCH: SearchPolicy = new Map([
  ['email', 'email'],
  ['phone', 'phone'],
]);

/** What a definition says; as usual where there is none. */
export function compileSearch(definition: SearchDefinition | undefined): SearchPolicy {
  return definition ? new Map(Object.entries(definition.traits)) : USUAL_SEARCH;
}
