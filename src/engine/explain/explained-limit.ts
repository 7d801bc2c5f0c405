import { findGate, limitGates, type Gate } from '../gates.js';
import { iso } from '../language/millis.js';
import { contactsAgainst, type LimitFacts } from '../limits/limit-facts.js';
import type { LimitStop } from '../limits/limit-stop.js';
import type { Offer } from '../rulebook.js';
import type { ExplainedLimit } from './explanation.js';

/** What a limit that stopped an offer says: found once more, unless the call itself had used it up by then. */
export function limitOf(gate: Gate, offer: Offer, facts: LimitFacts, usedUp: LimitStop | undefined): ExplainedLimit {
  const { judge } = findGate(gate);
  const stop = offer.limits && judge?.(offer.limits, facts, () => contactsAgainst(facts));
  const found = stop ?? usedUp;
  return found ? explainedLimit(found) : {};
}

/** Of the limits that stop an offer now the one that opens last, those that never do first; undefined for none. */
export function lastLimit(offer: Offer, facts: LimitFacts): ({ readonly gate: Gate } & ExplainedLimit) | undefined {
  const { limits } = offer;
  if (!limits) return undefined;
  const found = limitGates.flatMap(({ name, judge }) => {
    const stop = judge(limits, facts, () => contactsAgainst(facts));
    return stop ? [{ gate: name, stop, at: stop.opensAt() ?? Infinity }] : [];
  });
  const last = found.reduce<(typeof found)[0] | undefined>((a, b) => (a && a.at >= b.at ? a : b), undefined);
  return last && { gate: last.gate, ...explainedLimit(last.stop) };
}

/** What a stop tells. */
export function explainedLimit({ cap, policy, lease, isUnknown, opensAt }: LimitStop): ExplainedLimit {
  const at = opensAt();
  return {
    ...(cap && { cap }),
    ...(policy && { policy }),
    ...(lease && { lease }),
    ...(isUnknown && { notKnown: true }),
    ...(at !== undefined && { opensAt: iso(at) }),
  };
}
