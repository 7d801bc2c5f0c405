import { checkLevers } from '../arbitration/check-levers.js';
import { LEVERS_POLICY, POLICIES } from '../read/rule-file.js';
import type { KindDeclaration } from './kind-declaration.js';
import { scalar } from './starting-words.js';

/** What the business wants more or less of for a while: `rules/policies/levers.json`. */
export const leversKind: KindDeclaration = {
  name: LEVERS_POLICY,
  folder: POLICIES,
  file: LEVERS_POLICY,
  one: 'policy',
  type: 'LeversDefinition',
  into: 'levers',
  checks: [checkLevers],
  next: [
    'Name the offers or groups that you want more or less of; levers move placements with "arbitration": "score".',
  ],
  hasNoCases: true,
  starting: ({ offer, placement, today }) => `
# What the business wants more or less of for a while. Levers move what placements by score show, and no other.
name: What we push
levers: []
# - name: Christmas push
#   offers: [${scalar(offer)}]        # or groups: [shop]
#   placements: [${scalar(placement)}]    # in all of them when absent
#   factor: 1.5               # the score times this; several multiply
#   tier: 1                   # or before every lower tier, whatever the score
#   schedule: { from: "${today}" }    # until is the first moment after it
`,
};
