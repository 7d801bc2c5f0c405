import { checkConditionsAt } from '../check/check-conditions.js';
import { checkDates } from '../schedules/check-dates.js';
import { checkRule } from '../check/check-rule.js';
import { checkChannelNames, checkNamesAt } from './check-names.js';
import { RULE_KINDS } from '../read/rule-file.js';
import type { KindDeclaration, StartingNames } from './kind-declaration.js';
import { scalar, title } from './starting-words.js';

/** What to do with a new file that is a draft. */
export const DRAFT = 'It is a draft: take the line "status: draft" away when it is ready.';

const [PROACTIVE, CONTEXTUAL] = RULE_KINDS;

const RULE = {
  one: 'rule',
  type: 'RuleDefinition',
  into: 'rules',
  conditionsAt: 'conditions',
  checks: [checkDates, checkConditionsAt('conditions'), checkRule, checkNamesAt('conditions'), checkChannelNames],
  next: [
    'Change the conditions, and the offer that it puts forward.',
    DRAFT,
    'Tell a story about it, too: usher new cases NAME.',
  ],
} as const satisfies Partial<KindDeclaration>;

/** Rules from what is known of a person: `rules/proactive/`. */
export const proactiveKind: KindDeclaration = {
  ...RULE,
  name: PROACTIVE,
  folder: PROACTIVE,
  starting: (names) => `
# A proactive rule: from what is known of a person, who should hear of what. Its id is the name of this file.
${ruleHead(names)}
conditions:
  all:
    - { fact: profile, path: $.city, operator: equal, value: Ghent }
    # - { condition: ${scalar(names.segment ?? 'pet-lovers')} }                        # a segment
    # - { not: { fact: profile, path: $.owns, operator: contains, value: camera } }
    # - { fact: now, path: $.weekday, operator: in, value: [saturday, sunday] }
${ruleTail(names)}
`,
};

/** Rules from what a person did: `rules/contextual/`. */
export const contextualKind: KindDeclaration = {
  ...RULE,
  name: CONTEXTUAL,
  folder: CONTEXTUAL,
  starting: (names) => `
# A contextual rule: from what a person did, when is the moment for what. Its id is the name of this file.
${ruleHead(names)}
conditions:
  all:
    - fact: interactions
      params: { event: Product Viewed, within: 7d, aggregate: count }
      operator: greaterThanInclusive
      value: 2
    # - { fact: session, path: $.durationSeconds, operator: greaterThan, value: 120 }  # the visit under way
    # - { fact: context, path: $.device, operator: equal, value: mobile }              # what the request says
    # - { not: { condition: ${scalar(names.segment ?? 'pet-lovers')} } }               # a segment
${ruleTail(names)}
`,
};

function ruleHead({ id, placement }: StartingNames): string {
  return `name: ${title(id)}
status: draft             # left out of decisions; take this line away when it is ready
placements: [${scalar(placement)}]
# channels: [web]         # only in these; all of them when absent`;
}

function ruleTail({ offer, today }: StartingNames): string {
  return `event:
  type: offer
  params: { offer: ${scalar(offer)} }
priority: 10              # the higher wins
# schedule: { from: "${today}" }    # until is the first moment after it`;
}
