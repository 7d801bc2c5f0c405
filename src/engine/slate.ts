import type { Scored } from './arbitrate.js';
import type { Run } from './run.js';
import { renderOffer } from './render.js';
import type { DecidedItem, DecisionFacts, Gate, Offer, Placement } from './types.js';

/** What has been taken so far in one call: it keeps placements from repeating each other. */
export class Slate {
  private readonly takenIn = new Map<string, Set<string>>();
  private readonly groupCounts = new Map<string, number>();

  /** Takes the best `count` of the candidates that have content, are not shown yet, and leave room in their group. */
  fill(placement: Placement, count: number, ordered: readonly Scored[], run: Run<DecisionFacts>): DecidedItem[] {
    const items: DecidedItem[] = [];
    for (const { offer, rule, score, propensity } of ordered) {
      if (items.length >= count) break;
      if (this.gateFor(placement, offer)) continue;
      const rendered = renderOffer(offer, run);
      if (!rendered) continue;
      this.take(placement, offer);
      items.push({ offer: offer.id, rule: rule.id, reason: 'TARGETING_MATCH', ...rendered, score, propensity });
    }
    return items;
  }

  /** `DUPLICATE` when the offer, or enough of its group, is already in the answer. */
  gateFor(placement: Placement, offer: Offer): Gate | undefined {
    if (placement.dedupe !== undefined && this.takenIn.get(placement.dedupe)?.has(offer.id)) return 'DUPLICATE';
    if (placement.maxPerGroup === undefined || offer.group === undefined) return undefined;
    return (this.groupCounts.get(groupKey(placement, offer.group)) ?? 0) < placement.maxPerGroup ? undefined : 'DUPLICATE';
  }

  take(placement: Placement, offer: Offer): void {
    if (placement.dedupe !== undefined) {
      const taken = this.takenIn.get(placement.dedupe) ?? new Set();
      this.takenIn.set(placement.dedupe, taken.add(offer.id));
    }
    if (placement.maxPerGroup === undefined || offer.group === undefined) return;
    const key = groupKey(placement, offer.group);
    this.groupCounts.set(key, (this.groupCounts.get(key) ?? 0) + 1);
  }
}

function groupKey(placement: Placement, group: string): string {
  return `${placement.id}\n${group}`;
}
