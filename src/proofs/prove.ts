import { neverHolding } from './claims/never-holds.js';
import { offersInVain } from './claims/offers-in-vain.js';
import { onlyFallback } from './claims/only-fallback.js';
import { overlaps } from './claims/overlaps.js';
import type { Proof } from './logic/proof.js';
import { readRuleSet, type ProofInput, type RuleSet } from './claims/rule-set.js';
import { shadowedRules } from './claims/shadowed.js';
import { nearNames } from './claims/near-names.js';
import { numberTexts } from './claims/number-texts.js';
import { unseenFacts } from './claims/unseen-facts.js';
import { ungrantedConsent } from './claims/ungranted-consent.js';
import { untoldStock } from './claims/untold-stock.js';

/** In this order, as the later ones ask what the earlier ones found of rules. */
const PROVERS: readonly ((set: RuleSet) => Proof[])[] = [
  neverHolding,
  shadowedRules,
  offersInVain,
  onlyFallback,
  overlaps,
  numberTexts,
  nearNames,
  unseenFacts,
  ungrantedConsent,
  untoldStock,
];

/**
 * What can be proved of a rule set whose files have no problems. What is claimed to be impossible is impossible, for
 * every visitor whose data is JSON; what is claimed of a visitor was decided for them. What can't be proved, or would
 * take too long, is not claimed.
 */
export function prove(input: ProofInput): Proof[] {
  const set = readRuleSet(input);
  const proofs = PROVERS.flatMap((prover) => prover(set));
  return set.budget.isSpent ? [...proofs, unfinished(set)] : proofs;
}

function unfinished({ placed }: RuleSet): Proof {
  const [id = ''] = [...placed].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  return {
    kind: 'budget',
    severity: 'note',
    at: { kind: 'placements', id, path: [] },
    message:
      'the rules are too many for all of them to be held against each other: ' +
      'more may be wrong with them than is said here',
  };
}
