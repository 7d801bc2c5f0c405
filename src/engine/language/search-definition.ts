/**
 * How the values of a trait are compared. `email`: without a look at capitals. `phone`: by their digits, with or
 * without `+` or `00` before them, spaces, dashes, dots and parentheses. `text`: as they are written.
 */
export type SearchForm = 'email' | 'phone' | 'text';

/**
 * By which traits a desk finds people: `rules/policies/search.json`. Ids find them in any case. Without this file they
 * are found by `email` and `phone`.
 */
export interface SearchDefinition {
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  /** The traits, at most 16, each with the form of its values. */
  readonly traits: { readonly [trait: string]: SearchForm };
}
