import { checkConsentPolicy } from '../check/check-consent.js';
import { checkDates } from '../schedules/check-dates.js';
import { CONSENT_POLICY, POLICIES } from '../read/rule-file.js';
import { checkTraitNames } from './check-names.js';
import type { KindDeclaration } from './kind-declaration.js';

/** What visitors decide about: `rules/policies/consent.json`. */
export const consentKind: KindDeclaration = {
  name: POLICIES,
  folder: POLICIES,
  file: CONSENT_POLICY,
  one: 'policy',
  type: 'ConsentPolicyDefinition',
  into: CONSENT_POLICY,
  checks: [checkDates, checkConsentPolicy, checkTraitNames],
  next: ['Name the purposes; offers name theirs under "consent".'],
  hasNoCases: true,
  starting: () => `
# What visitors decide about, and what may only be used with their consent.
name: What visitors decide about
purposes:
  personalisation:
    description: To choose what we show by what we know of you
    unknown: denied       # what counts while a visitor has said nothing
# The purpose that a whole fact needs, and all that is made from it:
# facts: { interactions: personalisation }
# The purpose that single traits need:
# traits: { partnerInterests: personalisation }
`,
};
