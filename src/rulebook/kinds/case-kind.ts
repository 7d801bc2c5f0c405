import { checkCase } from '../check/check-case.js';
import { checkCaseConsent } from '../check/check-consent.js';
import { checkCaseLimits } from '../limits/check-case-limits.js';
import { checkCaseDates } from '../schedules/check-dates.js';
import { checkCaseNames } from './check-names.js';
import type { KindDeclaration } from './kind-declaration.js';
import { scalar, title } from './starting-words.js';

/** Tests of the rules: `rules/cases/`. */
export const caseKind: KindDeclaration = {
  name: 'cases',
  folder: 'cases',
  one: 'case',
  type: 'CaseDefinition',
  into: 'cases',
  checks: [checkCaseDates, checkCase, checkCaseConsent, checkCaseLimits, checkCaseNames],
  next: ['Tell who it is and what they did, and change what is expected.'],
  starting: ({ id, placement, offer, purpose = 'personalisation', today, shown }) => `
# A case: a visitor, a request, a time, and the decision expected. "usher test" holds the rules to it.
name: ${title(id)}
visitor:
  traits: {}              # what is known of them, such as { firstName: Ada, interests: [pets] }
  # interactions:         # what they did
  #   - { event: Product Viewed, timestamp: "${today}T08:00:00Z", channel: web, properties: { category: pets } }
  # contacts:             # what became of offers: decided, shown, clicked, accepted, dismissed or rated
  #   - { offer: ${scalar(offer)}, event: dismissed, timestamp: "${today}T08:00:00Z", placement: ${scalar(placement)} }
  # consents: { ${scalar(purpose)}: granted }
request:
  placements: [${scalar(placement)}]
  # channel: web
  # context: { device: mobile }
now: "${today}T09:00:00Z"   # the time of the decision: it makes the story true for ever
expect:
  ${scalar(placement)}: [${shown.map(scalar).join(', ')}]   # the offers in order; this is what the rules decide today
# limits: { spent: [${scalar(offer)}] }   # whose caps in total or stock are used up; or { unknown: true }
# expectGates:            # what stops an offer that a rule puts forward
#   ${scalar(placement)}: { ${scalar(offer)}: CAPPED }
# expectContent:
#   ${scalar(placement)}: { title: "Hello" }   # only the names given are compared
`,
};
