import { checkConditionsAt } from '../check/check-conditions.js';
import { checkDates } from '../schedules/check-dates.js';
import { checkNamesAt } from './check-names.js';
import type { KindDeclaration } from './kind-declaration.js';
import { scalar, title, wordsOf } from './starting-words.js';

/** Named conditions: `rules/segments/`. */
export const segmentKind: KindDeclaration = {
  name: 'segments',
  folder: 'segments',
  one: 'segment',
  type: 'SegmentDefinition',
  into: 'segments',
  conditionsAt: 'conditions',
  checks: [checkDates, checkConditionsAt('conditions', { inSegment: true }), checkNamesAt('conditions')],
  next: ['Change the conditions; rules name it as { "condition": … }.'],
  starting: ({ id }) => `
# A segment: a named condition, used elsewhere as { condition: ${id} }. Its id is the name of this file.
name: ${title(id)}
conditions:
  any:                    # one of these is enough; "all" asks for every one, "not" for the opposite
    # What is known of the person:
    - { fact: profile, path: $.interests, operator: contains, value: ${scalar(wordsOf(id)[0] ?? 'pets')} }
    # What the person did:
    - fact: interactions
      params: { event: Product Viewed, where: { category: ${scalar(wordsOf(id)[0] ?? 'pets')} }, within: 30d, aggregate: count }
      operator: greaterThanInclusive
      value: 3
`,
};
