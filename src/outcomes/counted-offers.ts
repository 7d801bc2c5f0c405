import type { TotalCap } from '../engine/limits/offer-limits.js';
import type { Goal } from '../engine/visitor/happened.js';
import type { Offer, Rulebook } from '../engine/rulebook.js';
import { totalsOf } from '../limits/offer-standing.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';

/** What the offers of a rulebook count, looked up by what happens. */
interface Lookup {
  /** The offers by the event that is their goal. */
  readonly byGoal: ReadonlyMap<string, readonly Offer[]>;
}

const lookups = new WeakMap<Rulebook, Lookup>();

/** The offers whose goal an event is, of any rulebook that answers. */
export function offersWithGoal(serving: ServingRulebooks, event: string): readonly Offer[] {
  return serving.answering.flatMap((rulebook) => lookupOf(rulebook).byGoal.get(event) ?? []);
}

/** The goals of an offer that is limited in total in what is accepted, in any placement; none of one that is not. */
export function countedGoals(serving: ServingRulebooks, id: string): readonly Goal[] {
  const offers = serving.answering.flatMap((rulebook) => rulebook.offers.get(id) ?? []);
  const isCounted = offers.some((offer) => totalsOf(offer).some(({ event }) => event === 'accepted'));
  return isCounted ? offers.flatMap(({ goal }) => goal ?? []) : [];
}

/** The limits in total of an offer that count an event in a placement; each counter once. */
export function capsOn(
  serving: ServingRulebooks,
  offer: string,
  { event, placement }: { readonly event?: string; readonly placement?: string | undefined },
): readonly TotalCap[] {
  const caps = serving.answering.flatMap((rulebook) => {
    const found = rulebook.offers.get(offer);
    return found ? totalsOf(found) : [];
  });
  const counted = caps.filter(
    (cap) =>
      (event === undefined || cap.event === event) && (cap.placement === undefined || cap.placement === placement),
  );
  return [...new Map(counted.map((cap) => [cap.key, cap])).values()];
}

function lookupOf(rulebook: Rulebook): Lookup {
  const known = lookups.get(rulebook);
  if (known) return known;
  const withGoal = [...rulebook.offers.values()].filter(({ goal }) => goal !== undefined);
  const lookup = { byGoal: Map.groupBy(withGoal, ({ goal }) => goal?.event ?? '') };
  lookups.set(rulebook, lookup);
  return lookup;
}
