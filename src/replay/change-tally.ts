import { hash } from 'node:crypto';
import type { PlacementDecision } from '../engine/answer.js';
import type { Rulebook } from '../engine/rulebook.js';
import { compareDecisions, offersByRules, type PlacementChange } from './compare-decisions.js';
import type { Compared } from './compared.js';
import { ExampleGroups } from './example-groups.js';
import type { Changes, OfferCount, PlacementCount, VisitorCount } from './replay-report.js';

type Counting<T> = { -readonly [K in keyof T]: T[K] };

/** What is known of a visitor, as bits of a number. */
const [CHANGED, HAD, HAS] = [1, 2, 4];

/** Counts what changes with other rules. */
export class ChangeTally {
  private decisions = 0;
  private changed = 0;
  private otherOffers = 0;
  private otherReasons = 0;
  private readonly placements = new Map<string, Counting<PlacementCount>>();
  private readonly offers = new Map<string, Counting<OfferCount>>();
  private readonly people = new Map<string, number>();
  private readonly groups: ExampleGroups;

  /** The other rules. */
  constructor(readonly rulebook: Rulebook) {
    this.groups = new ExampleGroups(rulebook);
  }

  take(compared: Compared): void {
    const { before, after, isSame } = compared;
    const changes = isSame ? [] : compareDecisions(before, after);
    const kinds = changes.map((change) => change?.kind);
    const isChanged = kinds.includes('offers') || kinds.includes('content');
    this.decisions++;
    if (isChanged) this.changed++;
    if (kinds.includes('offers')) this.otherOffers++;
    if (!isChanged && kinds.includes('reasons')) this.otherReasons++;
    for (const [at, decision] of before.entries()) this.takePlacement(decision, after[at] ?? decision, changes[at]);
    this.takePerson(compared, isChanged);
    for (const change of changes) if (change) this.groups.add(compared, change);
  }

  changes(): Omit<Changes, 'folder' | 'digest'> {
    const { decisions, changed, otherOffers, otherReasons } = this;
    return {
      ...{ changed, changedShare: decisions === 0 ? 0 : changed / decisions, otherOffers, otherReasons },
      placements: [...this.placements.values()].sort(
        (a, b) => b.changed - a.changed || b.decisions - a.decisions || (a.placement < b.placement ? -1 : 1),
      ),
      offers: [...this.offers.values()].sort(
        (a, b) => b.gained + b.lost - a.gained - a.lost || b.before - a.before || (a.offer < b.offer ? -1 : 1),
      ),
      visitors: this.visitors(),
      examples: this.groups.examples(),
    };
  }

  private takePlacement(
    before: PlacementDecision,
    after: PlacementDecision,
    change: PlacementChange | undefined,
  ): void {
    const count = this.placement(before.placement);
    count.decisions++;
    if (change && change.kind !== 'reasons') count.changed++;
    if (change?.kind === 'offers') count.otherOffers++;
    if (change) {
      const [had, has] = [offersByRules(before).length > 0, offersByRules(after).length > 0];
      if (had && !has) count.emptied++;
      if (has && !had) count.filled++;
    }
    this.takeOffers(before, after);
  }

  private takeOffers(before: PlacementDecision, after: PlacementDecision): void {
    const isIn = ({ items }: PlacementDecision, wanted: string) => items.some(({ offer }) => offer === wanted);
    for (const { offer } of before.items) {
      const count = this.offer(offer);
      count.before++;
      if (!isIn(after, offer)) count.lost++;
    }
    for (const { offer } of after.items) {
      const count = this.offer(offer);
      count.after++;
      if (!isIn(before, offer)) count.gained++;
    }
  }

  private takePerson({ person, before, after }: Compared, isChanged: boolean): void {
    const isOffered = (decisions: readonly PlacementDecision[]) =>
      decisions.some((decision) => offersByRules(decision).length > 0);
    // Not the id itself, which may be long, and of which there are many.
    const key = hash('sha256', person, 'base64').slice(0, 12);
    this.people.set(
      key,
      (this.people.get(key) ?? 0) |
        (isChanged ? CHANGED : 0) |
        (isOffered(before) ? HAD : 0) |
        (isOffered(after) ? HAS : 0),
    );
  }

  private visitors(): VisitorCount {
    const counts = { visitors: this.people.size, changed: 0, loseOnlyOffer: 0, gainFirstOffer: 0 };
    for (const known of this.people.values()) {
      if (known & CHANGED) counts.changed++;
      if (known & HAD && !(known & HAS)) counts.loseOnlyOffer++;
      if (known & HAS && !(known & HAD)) counts.gainFirstOffer++;
    }
    return counts;
  }

  private placement(placement: string): Counting<PlacementCount> {
    const count = this.placements.get(placement) ?? {
      placement,
      decisions: 0,
      changed: 0,
      otherOffers: 0,
      emptied: 0,
      filled: 0,
    };
    this.placements.set(placement, count);
    return count;
  }

  private offer(offer: string): Counting<OfferCount> {
    const count = this.offers.get(offer) ?? { offer, before: 0, after: 0, gained: 0, lost: 0 };
    this.offers.set(offer, count);
    return count;
  }
}
