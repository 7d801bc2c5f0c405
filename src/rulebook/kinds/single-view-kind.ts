import { checkSingleView } from '../check/check-single-view.js';
import { POLICIES, SINGLE_VIEW_POLICY } from '../read/rule-file.js';
import { checkSingleViewNames } from './check-names.js';
import type { KindDeclaration } from './kind-declaration.js';

/** The words of support, ratings and mood: `rules/policies/single-view.json`. */
export const singleViewKind: KindDeclaration = {
  name: SINGLE_VIEW_POLICY,
  folder: POLICIES,
  file: SINGLE_VIEW_POLICY,
  one: 'policy',
  type: 'SingleViewDefinition',
  into: 'singleView',
  checks: [checkSingleView, checkSingleViewNames],
  next: ['Write your names of events and properties; what you leave out stays as it is without the file.'],
  hasNoCases: true,
  starting: () => `
# The words in which your events tell of support, ratings and mood. What is left out stays as usual.
name: Our words for support, ratings and mood
support:
  contacted:              # each of the names, followed by each of the words: Support Contacted, Support Called
    - { names: [Support], followedBy: [Contacted, Called] }
  opened:
    - { names: [Case, Ticket], followedBy: [Opened, Reopened] }
  closed:
    - { names: [Case, Ticket], followedBy: [Resolved, Closed] }
  minutes: [minutes]      # the properties that hold the minutes spent
satisfaction:
  rated:
    - { names: [Rated], afterAnyWords: true }     # Service Rated, Product Rated
  scales:
    - { property: score, worst: 0, best: 10 }
sentiment:
  properties: [sentiment]
  words: { negative: -0.5, positive: 0.5 }
`,
};
