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
`,
};
