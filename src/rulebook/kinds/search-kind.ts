import { checkSearch } from '../check/check-search.js';
import { POLICIES, SEARCH_POLICY } from '../read/rule-file.js';
import { checkTraitNames } from './check-names.js';
import type { KindDeclaration } from './kind-declaration.js';

/** By which traits a desk finds people: `rules/policies/search.json`. */
export const searchKind: KindDeclaration = {
  name: SEARCH_POLICY,
  folder: POLICIES,
  file: SEARCH_POLICY,
  one: 'policy',
  type: 'SearchDefinition',
  into: SEARCH_POLICY,
  checks: [checkSearch, checkTraitNames],
  next: ['Name the traits; people who are known already are found by a new one once the index was gone through.'],
  hasNoCases: true,
  starting: () => `
# By which traits the desk finds people, besides their ids. Each value must be given whole.
name: What the desk finds people by
traits:
  email: email        # capitals do not matter
  phone: phone        # by its digits
# memberNumber: text  # as it is written
`,
};
