/** What a replay came to: plain JSON. Shares are from 0 to 1. */
export interface ReplayReport {
  /** When the first and the last of these decisions were made, ISO 8601; absent where there were none. */
  readonly from?: string;
  readonly to?: string;
  /** How many were decided again. */
  readonly decisions: number;
  /** By version, how many each release had decided. */
  readonly releases: Readonly<Record<string, number>>;
  /** Those that could not be decided again, by why. */
  readonly leftOut: LeftOut;
  /** Decided again by the release that made them, these come out otherwise than they did: there must be none. */
  readonly different: number;
  /** The first ten of them. */
  readonly differences: readonly Difference[];
  /** Absent where nothing was compared with. */
  readonly against?: Changes;
  readonly seconds: number;
}

/**
 * Why decisions were left out: their release or the visitor's document is no longer kept, or this Usher finds problems
 * in the release.
 */
export interface LeftOut {
  readonly releaseGone: number;
  readonly releaseUnfit: number;
  readonly documentGone: number;
}

/** A decision that does not come out as it did. */
export interface Difference {
  readonly decisionId: string;
  /** ISO 8601. */
  readonly decidedAt: string;
  readonly release: number;
  /** What it comes out as. */
  readonly now: readonly Shown[];
}

/** What other rules change. */
export interface Changes {
  /** The folder, and the digest of its rules. */
  readonly folder: string;
  readonly digest: string;
  /** Decisions in which something else is shown. */
  readonly changed: number;
  readonly changedShare: number;
  /** Those of them with other offers, or in another order; the others only have other content. */
  readonly otherOffers: number;
  /** Not among them: all that is shown is the same, by another rule or score. */
  readonly otherReasons: number;
  /** Those where most changes first. */
  readonly placements: readonly PlacementCount[];
  readonly offers: readonly OfferCount[];
  readonly visitors: VisitorCount;
  /** Ten at most, as different from each other as can be. */
  readonly examples: readonly Example[];
}

/** One placement, in how many of its decisions what happens. */
export interface PlacementCount {
  readonly placement: string;
  readonly decisions: number;
  readonly changed: number;
  readonly otherOffers: number;
  /** Rules put nothing forward any more. */
  readonly emptied: number;
  /** Rules put something forward where they did not. */
  readonly filled: number;
}

/** One offer, in how many answers of placements it stands; fallbacks count. */
export interface OfferCount {
  readonly offer: string;
  readonly before: number;
  readonly after: number;
  readonly gained: number;
  readonly lost: number;
}

/** How many people there were, and what happens to them over all of their decisions. */
export interface VisitorCount {
  readonly visitors: number;
  readonly changed: number;
  /** Rules put something forward for them, and put nothing forward any more, in no placement. */
  readonly loseOnlyOffer: number;
  /** Rules put something forward for them for the first time. */
  readonly gainFirstOffer: number;
}

/** An offer of an answer; no rule for a fallback. */
export interface Shown {
  readonly placement: string;
  readonly offer: string;
  readonly rule?: string;
}

/** A decision that changes, and why. */
export interface Example {
  readonly decisionId: string;
  /** ISO 8601. */
  readonly decidedAt: string;
  readonly visitorId: string;
  readonly release: number;
  readonly placement: string;
  readonly change: 'offers' | 'content';
  readonly before: readonly Shown[];
  readonly after: readonly Shown[];
  /** How many decisions change in the same way, this one included. */
  readonly alike: number;
  readonly why: readonly Why[];
}

/** A reason, as a sentence. */
export interface Why {
  readonly text: string;
  /** The same with what the rules were told of this visitor. */
  readonly withValues: string;
}
