import type { Address, Proof } from '../logic/proof.js';
import type { LiveOffer, LiveRule, RuleSet } from './rule-set.js';

/**
 * Offers that nothing puts forward, and offers that no rule can bring to win. To be asked when the fates of rules are
 * known.
 */
export function offersInVain(set: RuleSet): Proof[] {
  const byOffer = Map.groupBy(set.rules, (rule) => rule.offer.id);
  const named = Map.groupBy(set.definitions.rules, ([, { event }]) => event.params.offer);
  const fallbacks = new Set([...set.rulebook.placements.values()].map(({ fallback }) => fallback));
  return [...set.offers].flatMap(([id, offer]) => {
    if (fallbacks.has(id)) return [];
    const rules = byOffer.get(id);
    const proof = rules
      ? offerProof(set, offer, rules)
      : unused(
          id,
          (named.get(id) ?? []).map(([rule]) => rule),
        );
    return proof ? [proof] : [];
  });
}

function offerProof(set: RuleSet, { offer, eligible }: LiveOffer, rules: readonly LiveRule[]): Proof | undefined {
  const at = (path: Address['path']): Address => ({ kind: 'offers', id: offer.id, path });
  const others: Address[] = rules.map(({ id }) => ({ kind: 'rules', id, path: [] }));
  if (offer.window.until <= set.now)
    return {
      kind: 'offer-never-wins',
      severity: 'warning',
      at: at(['schedule']),
      others,
      message: 'this offer can no longer win: its schedule is over',
    };
  // That nobody is eligible is reported by itself.
  if (set.solver.isImpossible([eligible])) return undefined;
  const reasons = rules.map((rule) => [rule.id, whyNot(set, rule)] as const);
  if (reasons.some(([, why]) => why === undefined)) return undefined;
  // Where each of the rules was reported already, this only follows from them.
  const severity = rules.every(({ id }) => set.fates.has(id)) ? 'note' : 'warning';
  const listed = reasons.slice(0, MOST_LISTED).map(([id, why]) => `"${id}": ${why}`);
  const more = reasons.length > MOST_LISTED ? `; and ${reasons.length - MOST_LISTED} more` : '';
  return {
    kind: 'offer-never-wins',
    severity,
    at: at([]),
    others,
    message: `this offer can never win, as no rule that puts it forward can: ${listed.join('; ')}${more}`,
  };
}

/** At most this many rules are listed with their reasons. */
const MOST_LISTED = 3;

function whyNot({ fates, now }: RuleSet, { id, window }: LiveRule): string | undefined {
  return fates.get(id) ?? (window.until <= now ? 'its schedule is over' : undefined);
}

/**
 * Rules that would put it forward, were they live and their placements too, were most likely put to rest on purpose.
 */
function unused(offer: string, resting: readonly string[]): Proof {
  const others: Address[] = resting.map((id) => ({ kind: 'rules', id, path: [] }));
  const who =
    resting.length === 0
      ? ''
      : `; not live, or for no live placement: ${resting
          .slice(0, MOST_LISTED)
          .map((id) => `"${id}"`)
          .join(', ')}`;
  return {
    kind: 'offer-unused',
    severity: resting.length === 0 ? 'warning' : 'note',
    at: { kind: 'offers', id: offer, path: [] },
    others,
    message: `no live rule puts this offer forward, and no placement falls back on it${who}`,
  };
}
