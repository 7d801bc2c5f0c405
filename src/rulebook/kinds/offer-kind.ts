import { checkConditionsAt } from '../check/check-conditions.js';
import { checkDates } from '../schedules/check-dates.js';
import { checkOffer } from '../check/check-offer.js';
import { checkOfferConsent } from '../check/check-consent.js';
import { checkTemplates } from '../check/check-templates.js';
import { checkPropensity } from '../arbitration/check-propensity.js';
import { checkOfferLimits } from '../limits/check-offer-limits.js';
import { checkNamesAt } from './check-names.js';
import { DRAFT } from './rule-kinds.js';
import type { KindDeclaration } from './kind-declaration.js';
import { scalar, title, wordsOf } from './starting-words.js';

/** What can be shown or done: `rules/offers/`. */
export const offerKind: KindDeclaration = {
  name: 'offers',
  folder: 'offers',
  one: 'offer',
  type: 'OfferDefinition',
  into: 'offers',
  conditionsAt: 'eligibility',
  checks: [
    checkDates,
    checkConditionsAt('eligibility'),
    checkNamesAt('eligibility'),
    checkOffer,
    checkOfferLimits,
    checkPropensity,
    checkOfferConsent,
    checkTemplates,
  ],
  next: ['Write what it says under "treatments"; a rule puts it forward: usher new contextual NAME.', DRAFT],
  starting: ({ id, segment = 'pet-lovers', purpose = 'personalisation', today }) => `
# An offer: something to show or to do. Its id is the name of this file.
name: ${title(id)}
status: draft             # left out of decisions; take this line away when it is ready
# group: ${wordsOf(id)[0] ?? 'offers'}           # offers of one group stand for the same thing

# How it looks: looked up by placement, then by channel, then "*". The names inside content are yours.
# Texts are Liquid; give a value that may be missing a default, or the offer is dropped rather than shown with a hole.
treatments:
  "*":
    content:
      title: "{{ profile.firstName | default: 'Hello' }}, have a look"
    # actions:
    #   - { type: link, label: See more, url: /more }

# Who may get it at all, whatever a rule says:
# eligibility: { not: { condition: ${scalar(segment)} } }
# schedule: { from: "${today}" }     # until is the first moment after it
# consent: ${scalar(purpose)}      # the purpose without whose consent it is never made
# transactional: true     # a service message rather than marketing: the contact policy does not hold it back

# How often: a decision takes a place until the event happens, or its hold is over.
# caps:
#   - { event: shown, limit: 3, within: 7d }     # for each visitor
#   - { event: accepted, limit: 100, per: total, within: month, timeZone: UTC, hold: 2d }   # for all together
# stock: { event: accepted, hold: 1h }     # as many as PUT /v1/offers/${id}/stock tells; before that nobody gets it
# goal: { event: Order Completed, within: 14d }     # the event that says it worked: it counts as accepted

# What it is worth, where a placement has "arbitration: score":
# value: 20               # to the business, when it is accepted
# propensity: { segments: { ${scalar(segment)}: 0.03 }, otherwise: 0.01 }   # how probable that is; or one number
# tier: 1                 # before every offer of a lower tier, whatever the score
`,
};
