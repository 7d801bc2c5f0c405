import { channelOf, type PlacedRun } from './decision-run.js';
import { isKnowable, type Candidate } from './match-rules.js';
import type { Matches } from './match/run.js';
import { isWithin, type Rule, type Rulebook } from './rulebook.js';

/**
 * The offers put forward for the placement of the run, each by the one of its rules that weighs most: in scope, in
 * schedule, conditions true. Of equal weights the highest priority counts, then the rule's id; where the placement does
 * not go by weights they are all equal.
 */
export function matchByWeight(rulebook: Rulebook, run: PlacedRun): Candidate[] {
  const { placement } = run.input;
  const rules = rulebook.rules.get(placement.id);
  if (!rules) return [];
  const matching = new MatchingByWeight(rulebook, rules, run);
  run.match(placement.id, matching);
  return [...matching.best.values()];
}

/** The rules come by priority, equal ones by id: of equal weights the first stands. */
class MatchingByWeight implements Matches {
  /** By offer. */
  readonly best = new Map<string, Candidate>();
  private readonly channel: string;
  private readonly byWeight: boolean;

  constructor(
    private readonly rulebook: Rulebook,
    private readonly rules: readonly Rule[],
    private readonly run: PlacedRun,
  ) {
    this.channel = channelOf(run.input) ?? '';
    this.byWeight = run.input.placement.score?.weight === true;
  }

  admits(place: number): boolean {
    const rule = this.rules[place] as Rule;
    const before = this.best.get(rule.offer);
    if (before && (!this.byWeight || before.rule.weight >= rule.weight)) return false;
    return isWithin(rule.window, this.run.input.now) && (!rule.channels || rule.channels.has(this.channel));
  }

  visit(place: number): void {
    const rule = this.rules[place] as Rule;
    const offer = this.rulebook.offers.get(rule.offer);
    if (offer && isKnowable(rule.when, this.run)) this.best.set(rule.offer, { offer, rule });
  }
}
