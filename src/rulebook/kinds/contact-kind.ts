import { checkContactPolicy } from '../limits/check-contact-policy.js';
import { CONTACT_POLICY, POLICIES } from '../read/rule-file.js';
import type { KindDeclaration } from './kind-declaration.js';

/** How often, when and after what people are left alone: `rules/policies/contact.json`. */
export const contactKind: KindDeclaration = {
  name: CONTACT_POLICY,
  folder: POLICIES,
  file: CONTACT_POLICY,
  one: 'policy',
  type: 'ContactPolicyDefinition',
  into: 'contact',
  checks: [checkContactPolicy],
  next: ['Say how often, when and after what people are left alone; offers that are "transactional" are exempt.'],
  hasNoCases: true,
  starting: () => `
# How often, when and after what people are left alone, across offers.
name: When we leave people alone
suppression:              # declined once: not for two weeks
  - { after: dismissed, for: 14d }
  # - { after: dismissed, times: 3, within: 30d, for: 60d, group: 7d }   # three times: the whole group for a week
# quietHours:
#   - { channels: [sms], from: "21:00", until: "08:00" }
limits:                   # across offers; a decision takes a place until the event happens, or its hold is over
  - { event: shown, limit: 20, within: day }
# groups:                 # in place of what stands above, for offers of a group
#   service: { suppression: [] }
`,
};
