import type { TotalCap } from '../engine/limits/offer-limits.js';
import type { Offer } from '../engine/rulebook.js';
import type { ServingRulebooks } from '../serving/serving-rulebooks.js';
import { totalsOf } from './offer-standing.js';

/** The offer in each rulebook that answers anybody and has it, the live one first; empty where none does. */
export function offersIn({ answering }: ServingRulebooks, id: string): readonly Offer[] {
  return answering.flatMap(({ offers }) => offers.get(id) ?? []);
}

/** The limits in total of an offer, whichever rulebook has them: each counter once, as the first of them has it. */
export function totalsIn(offers: readonly Offer[]): readonly TotalCap[] {
  const byKey = new Map<string, TotalCap>();
  for (const cap of offers.flatMap(totalsOf)) if (!byKey.has(cap.key)) byKey.set(cap.key, cap);
  return [...byKey.values()];
}

/** Why the stock of an offer can't be told: how its message goes on; undefined where it can. */
export function stockProblem(offers: readonly Offer[], id: string): string | undefined {
  if (totalsIn(offers).some(({ limit }) => limit === 'stock')) return undefined;
  return `is "${id}", which has no stock; write "stock": {} into its file and publish it`;
}
