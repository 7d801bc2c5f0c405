import { Findings } from '../read/findings.js';
import { CONTACT_POLICY, isLive, RULE_KINDS } from '../read/rule-file.js';
import { textsOf, type RuleIndex } from '../read/rule-index.js';
import type { RuleProblem } from '../read/rule-problem.js';
import { alwaysQuiet } from './always-quiet.js';
import { capsInVain } from './caps-in-vain.js';
import { fallbacksHeldBack } from './fallbacks-held-back.js';
import { leasesUnseen } from './leases-unseen.js';
import { policyOfOffer } from './policy-of-offer.js';
import { suppressedForGood } from './suppressed-for-good.js';

/**
 * Limits that do other than they say: a cap that another limit always comes before, a cap in a placement where nothing
 * makes the offer, an offer that stays away for good, hours that are always quiet, fallbacks that the contact policy
 * may hold back, leases that another placement does not see.
 */
export function limitsInVain(index: RuleIndex): RuleProblem[] {
  if (!index.isComplete) return [];
  const warnings = new Findings();
  const [policy] = index.files(CONTACT_POLICY);
  const placementsOf = placementsByOffer(index);
  const groups = Map.groupBy(index.files('offers').filter(isLive), ({ root }) => root?.get('group')?.text);
  for (const offer of index.files('offers')) {
    const { limits: contactLimits, suppression } = policyOfOffer(policy?.root, offer);
    capsInVain(offer, { placements: placementsOf.get(offer.id) ?? new Set(), contactLimits }, warnings);
    const group = offer.root?.get('group')?.text;
    const isInCompany = group !== undefined && (groups.get(group)?.length ?? 0) > 1;
    if (policy && isLive(offer)) suppressedForGood({ offer, suppression, isInCompany, policy }, warnings);
  }
  if (policy) alwaysQuiet(policy, warnings);
  if (policy) fallbacksHeldBack(policy, index, warnings);
  leasesUnseen(index, warnings);
  return warnings.sorted();
}

/** Where rules put each offer forward, or it is the fallback. */
function placementsByOffer(index: RuleIndex): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add = (offer: string | undefined, placements: readonly string[]) => {
    if (offer === undefined) return;
    const known = found.get(offer) ?? new Set<string>();
    for (const one of placements) known.add(one);
    found.set(offer, known);
  };
  for (const { root } of index.files(...RULE_KINDS))
    add(root?.get('event', 'params', 'offer')?.text, [...textsOf(root?.get('placements'))]);
  for (const { id, root } of index.files('placements')) add(root?.get('fallback')?.text, [id]);
  return found;
}
