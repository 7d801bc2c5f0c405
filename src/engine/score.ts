/**
 * Arbitration by score: the highest tier first, then the highest `propensity x weight x value x lever`. What a
 * placement switches off counts as 1.
 */
import type { Scored } from './arbitrate.js';
import type { PlacedRun } from './decision-run.js';
import { holdsForSure, type Candidate } from './match-rules.js';
import { isWithin, type Lever, type Offer, type PlacementScore } from './rulebook.js';

/**
 * Where a propensity comes from, the most exact first. `VISITOR`: uploaded for this very visitor. `UPLOADED`: uploaded
 * for a segment that they are in. `SEGMENT`: the offer's own table. `OFFER`: the offer's own number. `MEAN`: the mean
 * of the placement's offers. `NEUTRAL`: nothing is known of any of them.
 */
export type PropensitySource = 'VISITOR' | 'UPLOADED' | 'SEGMENT' | 'OFFER' | 'MEAN' | 'NEUTRAL';

/** How probable it is that an offer is taken, and how that is known. */
export interface KnownPropensity {
  readonly value: number;
  readonly from: PropensitySource;
  /** The segment by which it is, where it is by one. */
  readonly segment?: string;
}

/** What the levers do. */
export interface PulledLevers {
  /** All their factors multiplied. */
  readonly value: number;
  readonly names: readonly string[];
}

/** What a score is made of; what the placement switches off is absent. */
export interface ScoreFactors {
  readonly propensity?: KnownPropensity;
  /** The weight of the rule. */
  readonly weight?: number;
  /** The value of the offer. */
  readonly value?: number;
  readonly lever?: PulledLevers;
}

/** A score with all that it is made of. */
export interface Score {
  /** Comes before the score: the higher wins. */
  readonly tier: number;
  readonly score: number;
  readonly factors: ScoreFactors;
}

/** A candidate of a placement by score. */
export interface ScoredInTier extends Scored {
  readonly tier: number;
}

/** Puts candidates into one order, the best first. The choice is certain, and ties break by offer id. */
export function arbitrateByScore(candidates: readonly Candidate[], run: PlacedRun): ScoredInTier[] {
  const scored = candidates.map((candidate): ScoredInTier => {
    const { tier, score } = scoreOf(candidate, run);
    return { offer: candidate.offer, rule: candidate.rule, tier, score, propensity: 1 };
  });
  return scored.sort((a, b) => b.tier - a.tier || b.score - a.score || (a.offer.id < b.offer.id ? -1 : 1));
}

/** What a candidate scores in the placement of the run, which must be one by score. */
export function scoreOf({ offer, rule }: Candidate, run: PlacedRun): Score {
  const on = run.input.placement.score ?? EVERYTHING;
  const pulled = on.lever ? offer.levers.filter((lever) => isPulled(lever, run)) : NONE;
  const factors = {
    ...(on.propensity && { propensity: propensityOf(offer, run, on) }),
    ...(on.weight && { weight: rule.weight }),
    ...(on.value && { value: offer.value }),
    ...(on.lever && { lever: leverOf(pulled) }),
  };
  const { propensity, weight = 1, value = 1, lever } = factors;
  return {
    tier: pulled.reduce((highest, { tier = highest }) => Math.max(highest, tier), offer.tier),
    score: (propensity?.value ?? 1) * weight * value * (lever?.value ?? 1),
    factors,
  };
}

const EVERYTHING: PlacementScore = { propensity: true, weight: true, value: true, lever: true, mean: undefined };
const NONE: readonly Lever[] = [];

function isPulled({ placements, window }: Lever, { input }: PlacedRun): boolean {
  return isWithin(window, input.now) && (!placements || placements.has(input.placement.id));
}

function leverOf(pulled: readonly Lever[]): PulledLevers {
  return {
    value: pulled.reduce((product, { factor }) => product * factor, 1),
    names: pulled.map(({ name }) => name),
  };
}

/** The name of the trait in which a visitor's own propensity for an offer stands. */
export function propensityTrait(offer: string): string {
  return `propensity:${offer}`;
}

function propensityOf({ id, propensity }: Offer, run: PlacedRun, { mean }: PlacementScore): KnownPropensity {
  const own = ownOf(run.input.visitor.traits, propensityTrait(id));
  if (isProbability(own)) return { value: own, from: 'VISITOR' };
  const listed = propensity?.segments ?? [];
  const uploaded = uploadedFor(id, listed, run);
  if (uploaded) return uploaded;
  for (const [segment, value] of listed) if (isIn(segment, run)) return { value, from: 'SEGMENT', segment };
  if (propensity?.otherwise !== undefined) return { value: propensity.otherwise, from: 'OFFER' };
  return mean === undefined ? { value: 1, from: 'NEUTRAL' } : { value: mean, from: 'MEAN' };
}

/** By the first of the offer's own segments that they are in, else by the first of the others in order of their ids. */
function uploadedFor(
  offer: string,
  listed: readonly (readonly [segment: string, propensity: number])[],
  run: PlacedRun,
): KnownPropensity | undefined {
  const { propensities } = run.input;
  const row = propensities && ownOf(propensities, offer);
  if (!row) return undefined;
  for (const segment of new Set([...listed.map(([id]) => id), ...Object.keys(row).sort()])) {
    const value = ownOf(row, segment);
    if (isProbability(value) && isIn(segment, run)) return { value, from: 'UPLOADED', segment };
  }
  return undefined;
}

function isIn(segment: string, run: PlacedRun): boolean {
  const condition = run.input.segments.get(segment);
  return condition !== undefined && holdsForSure(condition, run);
}

/** Whether a value is a number from 0 to 1. */
export function isProbability(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function ownOf<T>(object: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
