import type { Scored } from './arbitrate.js';
import { channelOf, type PlacedFacts, type PlacedRun } from './decision-run.js';
import { contactsAgainst } from './limits/limit-facts.js';
import { renderOffer } from './render.js';
import type { GateListener } from './policy.js';
import type { DecidedItem } from './answer.js';
import { DUPLICATE, limitGates, OUTRANKED, type Gate } from './gates.js';
import type { Offer, Placement } from './rulebook.js';
import type { TextBudget } from './text-budget.js';
import type { Contact } from './visitor/contacts.js';

/** What is wanted of a placement. */
export interface Wanted {
  /** The decision, in that placement. */
  readonly run: PlacedRun;
  readonly count: number;
  /** What the texts of the decision may cost. */
  readonly budget: TextBudget;
  /** Hears what became of each candidate, where somebody asks. */
  readonly trace?: GateListener | undefined;
}

/**
 * What has been taken so far in one call: it keeps placements from repeating each other, and two items from taking the
 * last place of a limit both.
 */
export class Slate {
  // Made when something is first taken: few placements keep others from repeating them.
  private takenIn: Map<string, Set<string>> | undefined;
  /** How many of each group, by the id of the placement. */
  private groupsIn: Map<string, Map<string, number>> | undefined;
  /** The offers taken that something limits, as the decisions that they will be. */
  private limited: readonly Contact[] = NONE;

  /** A slate on which the same is taken, and that is filled apart from this one. */
  copy(): Slate {
    const copy = new Slate();
    copy.takenIn = this.takenIn && new Map([...this.takenIn].map(([word, offers]) => [word, new Set(offers)]));
    copy.limited = this.limited;
    copy.groupsIn = this.groupsIn && new Map([...this.groupsIn].map(([id, counts]) => [id, new Map(counts)]));
    return copy;
  }

  /**
   * Adds to the items the best of the candidates that have content, are not shown yet, and leave room in their group,
   * until there are `count`.
   */
  fill(wanted: Wanted, ordered: readonly Scored[], items: DecidedItem[]): void {
    const { count, trace } = wanted;
    for (const candidate of ordered) {
      if (items.length >= count && !trace) break;
      const item = items.length < count ? this.place(candidate, wanted) : OUTRANKED.name;
      if (typeof item === 'string') trace?.stopped(candidate, item);
      else items.push(item);
    }
  }

  private place({ offer, rule, score, propensity }: Scored, { run, budget, trace }: Wanted): DecidedItem | Gate {
    const gate = this.gateFor(run.input.placement, offer) ?? this.limitFor(offer, run.input, trace);
    if (gate) return gate;
    const rendered = renderOffer(offer, run, { budget });
    if (typeof rendered === 'string') return rendered;
    this.take(run.input, offer);
    const { content, actions, as } = rendered;
    return as
      ? { offer: offer.id, rule: rule.id, reason: 'TARGETING_MATCH', content, actions, as, score, propensity }
      : { offer: offer.id, rule: rule.id, reason: 'TARGETING_MATCH', content, actions, score, propensity };
  }

  /** `DUPLICATE` when the offer, or enough of its group, is already in the answer. */
  gateFor(placement: Placement, offer: Offer): Gate | undefined {
    if (placement.dedupe !== undefined && this.takenIn?.get(placement.dedupe)?.has(offer.id)) return DUPLICATE.name;
    if (placement.maxPerGroup === undefined || offer.group === undefined) return undefined;
    const count = this.groupsIn?.get(placement.id)?.get(offer.group) ?? 0;
    return count < placement.maxPerGroup ? undefined : DUPLICATE.name;
  }

  /** The gate of a limit that what is taken already has used up. */
  limitFor(offer: Offer, facts: PlacedFacts, heard?: GateListener): Gate | undefined {
    const { limited } = this;
    if (!offer.limits || limited.length === 0) return undefined;
    for (const { name, judge } of limitGates) {
      const stop = judge(offer.limits, facts, () => contactsAgainst(facts, limited));
      if (stop) heard?.limited(offer, stop);
      if (stop) return name;
    }
    return undefined;
  }

  take(facts: PlacedFacts, offer: Offer): void {
    const { placement } = facts;
    if (offer.limits) this.limited = [...this.limited, takenNow(offer, facts, this.limited.length)];
    if (placement.dedupe !== undefined) {
      this.takenIn ??= new Map();
      const taken = this.takenIn.get(placement.dedupe);
      if (taken) taken.add(offer.id);
      else this.takenIn.set(placement.dedupe, new Set([offer.id]));
    }
    if (placement.maxPerGroup === undefined || offer.group === undefined) return;
    this.groupsIn ??= new Map();
    const counts = this.groupsIn.get(placement.id);
    if (counts) counts.set(offer.group, (counts.get(offer.group) ?? 0) + 1);
    else this.groupsIn.set(placement.id, new Map([[offer.group, 1]]));
  }
}

const NONE: readonly Contact[] = [];

/** An item of this call as a contact: it takes a place of every limit. */
function takenNow({ id }: Offer, facts: PlacedFacts, place: number): Contact {
  const { now, placement } = facts;
  const channel = channelOf(facts);
  return {
    event: 'decided',
    offer: id,
    at: now,
    // No contact that is remembered has a number below 0.
    ref: -1 - place,
    placement: placement.id,
    ...(channel !== undefined && { channel }),
    heldUntil: Infinity,
    ...(placement.leaseMs !== undefined && { leasedUntil: now + placement.leaseMs }),
  };
}
