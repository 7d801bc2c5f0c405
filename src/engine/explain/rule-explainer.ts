import { arbitrate } from '../arbitrate.js';
import { consentState } from '../visitor/consent.js';
import type { Condition } from '../language/condition-definition.js';
import type { DecidedPlacement } from './decided-placement.js';
import { ConditionExplainer, withoutRepeats } from './explain-condition.js';
import type {
  ExplainedCondition,
  ExplainedConsent,
  ExplainedRule,
  MissedCondition,
  NearestMiss,
  ScopeReason,
} from './explanation.js';
import { holdsForSure, type Candidate } from '../match-rules.js';
import { NearestMissFinder, type Change } from './nearest-miss.js';
import { DUPLICATE, findGate, NO_CONSENT, type Gate } from '../gates.js';
import { renderOffer, treatmentFor } from '../render.js';
import { type PlacedFacts, channelOf } from '../decision-run.js';
import type { DecisionFacts } from '../facts/decision-facts.js';
import { passedOverBy } from '../facts/facts.js';
import { type Offer, type Rule, type Window, isWithin } from '../rulebook.js';
import { TextBudget } from '../text-budget.js';
import { lastLimit, limitOf } from './explained-limit.js';
import { ScoreExplainer } from './score-explainer.js';
import { arbitrateByScore } from '../score.js';
import { lackingFor } from './lacking-for.js';

/** Why a rule does not have its offer in the answer, or where it stands there. */
type Fate = Omit<
  ExplainedRule,
  'rule' | 'name' | 'offer' | 'priority' | 'scored' | 'outscored' | 'conditions' | 'nearestMiss'
>;

/** Tells what became of each rule of one placement. */
export class RuleExplainer {
  private readonly conditions: ConditionExplainer<PlacedFacts>;
  private readonly misses = new NearestMissFinder();
  private readonly candidates: ReadonlyMap<string, Candidate>;
  private readonly scores: ScoreExplainer;
  private readonly hasContent = new Map<string, boolean>();

  constructor(private readonly decided: DecidedPlacement) {
    const { run, rulebook, trace } = decided;
    this.conditions = new ConditionExplainer(run, {
      visitorKnown: run.input.visitorKnown,
      withheld: (reference) => lackingFor(reference, run.input.withheld),
      passedOver: (reference) => passedOverBy(reference, run.input),
      segment: (id) => rulebook.written.segment(id),
    });
    this.scores = new ScoreExplainer(decided);
    this.candidates = new Map(trace.candidates.map((candidate) => [candidate.offer.id, candidate]));
  }

  explain(rule: Rule): ExplainedRule {
    const tree = this.treeOf(rule);
    const fate = this.fateOf(rule);
    const nearestMiss = this.nearestMiss(rule, tree, fate);
    return { ...this.explained(rule, fate, tree), ...(nearestMiss && { nearestMiss }) };
  }

  /** The same without what would have let it through. */
  explainFate(rule: Rule): ExplainedRule {
    return this.explained(rule, this.fateOf(rule), this.treeOf(rule));
  }

  private explained(rule: Rule, fate: Fate, tree: ExplainedCondition): ExplainedRule {
    const { id, name, offer, priority } = rule;
    const scores = this.scores.of(rule, fate.gate);
    return { rule: id, name, offer, priority, ...fate, ...scores, conditions: withoutRepeats(tree) };
  }

  private treeOf({ id, when }: Rule): ExplainedCondition {
    return this.tree(this.decided.rulebook.written.rule(id), when);
  }

  /**
   * What depends on an unread visitor is not known as a whole, even where the rest would be enough: so decisions see
   * it.
   */
  private tree(written: Condition | undefined, condition: number): ExplainedCondition {
    const tree = this.conditions.explain(written ?? { not: { all: [] } });
    return tree.result === true && !this.isKnowable(condition) ? { ...tree, result: 'unknown' } : tree;
  }

  private isKnowable(condition: number): boolean {
    const { run } = this.decided;
    return run.input.visitorKnown || !run.readsVisitor(condition);
  }

  private fateOf(rule: Rule): Fate {
    const { decision, run } = this.decided;
    const at = decision.items.findIndex((item) => item.rule === rule.id);
    const item = decision.items[at];
    if (item) return { verdict: 'WON', position: at + 1, score: item.score, propensity: item.propensity };
    const outOfScope = this.scopeReasons(rule);
    if (outOfScope.length > 0) return { verdict: 'OUT_OF_SCOPE', outOfScope, ...scopeDetails(rule, outOfScope) };
    return holdsForSure(rule.when, run) ? this.stopped(rule) : { verdict: 'NOT_MATCHED' };
  }

  private scopeReasons({ channels, window, offer }: Rule): ScopeReason[] {
    const { run, rulebook } = this.decided;
    const reasons: ScopeReason[] = [];
    if (channels && !channels.has(channelOf(run.input) ?? '')) reasons.push('CHANNEL');
    if (!isWithin(window, run.input.now)) reasons.push(run.input.now < window.from ? 'TOO_EARLY' : 'TOO_LATE');
    if (!rulebook.offers.has(offer)) reasons.push('OFFER_NOT_LIVE');
    return reasons;
  }

  /** Its conditions hold: what became of its offer, perhaps by a better rule. */
  private stopped(rule: Rule): Fate {
    const { trace } = this.decided;
    const candidate = this.candidates.get(rule.offer);
    if (!candidate) return { verdict: 'STOPPED' };
    const { offer, rule: best } = candidate;
    const gate = trace.gates.get(best.id) ?? DUPLICATE.name;
    return {
      verdict: 'STOPPED',
      gate,
      ...(best !== rule && { betterRule: best.id }),
      ...this.detailsOf(gate, offer),
    };
  }

  private detailsOf(gate: Gate, offer: Offer): Partial<Fate> {
    const { input } = this.decided.run;
    switch (findGate(gate).tells) {
      case 'schedule':
        return { schedule: scheduleOf(offer.window) };
      case 'consent':
        return { consent: consentOf(offer, input) };
      case 'content':
        return treatmentFor(offer, input) ? this.lackOf(offer) : { noContent: 'TREATMENT' };
      case 'eligibility':
        return { eligibility: withoutRepeats(this.eligibility(offer)) };
      case 'limit':
        return limitOf(gate, offer, input, this.decided.trace.limits.get(offer.id));
      default:
        return {};
    }
  }

  /** Rendered once more, to hear why nothing came of it. */
  private lackOf(offer: Offer): Partial<Fate> {
    const why: string[] = [];
    renderOffer(offer, this.decided.run, { budget: new TextBudget(), told: (reason) => why.push(reason) });
    return { noContent: 'VALUE', ...(why[0] !== undefined && { noContentWhy: why[0] }) };
  }

  private eligibility({ id, eligible }: Offer): ExplainedCondition {
    return this.tree(this.decided.rulebook.written.eligibility(id), eligible ?? -1);
  }

  private nearestMiss(rule: Rule, tree: ExplainedCondition, { verdict, gate }: Fate): NearestMiss | undefined {
    const missed = verdict === 'NOT_MATCHED' || (gate !== undefined && findGate(gate).isMissable === true);
    const offer = this.decided.rulebook.offers.get(rule.offer);
    if (!missed || !offer || !this.isKnowable(rule.when)) return undefined;
    if (offer.eligible !== undefined && !this.isKnowable(offer.eligible)) return undefined;
    const own = new Set(this.misses.find(tree)?.map(({ comparison }) => comparison));
    const both = offer.eligible === undefined ? [tree] : [tree, this.eligibility(offer)];
    const all = this.misses.find({ result: false, all: both }) ?? [];
    const consent = NO_CONSENT.stops(offer, this.decided.run) ? offer.consent : undefined;
    if (consent !== undefined && !this.decided.run.input.visitorKnown) return undefined;
    const limit = lastLimit(offer, this.decided.run.input);
    if (consent === undefined && all.length === 0 && limit?.opensAt === undefined) return undefined;
    const conditions = all.map((change) =>
      missedCondition(change, own.has(change.comparison) ? 'CONDITIONS' : 'ELIGIBILITY'),
    );
    const wouldWin = (!limit || limit.opensAt !== undefined) && this.wouldWin(rule, offer);
    return { conditions, ...(consent !== undefined && { consent }), ...(limit && { limit }), wouldWin };
  }

  /**
   * Whether the offer, had its conditions held, its purpose been consented to and its limits left a place, would have
   * passed what comes after them: schedule, order, slate, content.
   */
  private wouldWin(rule: Rule, offer: Offer): boolean {
    const { run, decision, trace } = this.decided;
    const { placement } = run.input;
    if (this.isPutForwardBetter(rule) || !isWithin(offer.window, run.input.now)) return false;
    const winners = trace.candidates.filter((one) => decision.items.some((item) => item.rule === one.rule.id));
    if (winners.some((one) => one.offer === offer)) return false;
    const order = placement.score
      ? arbitrateByScore([...winners, { offer, rule }], run)
      : arbitrate([...winners, { offer, rule }]);
    const ahead = order.slice(
      0,
      order.findIndex((one) => one.rule === rule),
    );
    const slate = trace.before.copy();
    for (const winner of ahead) slate.take(run.input, winner.offer);
    return (
      ahead.length < trace.count &&
      !slate.gateFor(placement, offer) &&
      !slate.limitFor(offer, run.input) &&
      this.canShow(offer)
    );
  }

  /** Whether a rule that comes before it puts the same offer forward. */
  private isPutForwardBetter(rule: Rule): boolean {
    const { rulebook, decision, run } = this.decided;
    const best = this.candidates.get(rule.offer)?.rule;
    if (!best || best === rule) return false;
    if (run.input.placement.score?.weight && best.weight !== rule.weight) return best.weight > rule.weight;
    const rules = rulebook.rules.get(decision.placement) ?? [];
    return rules.indexOf(best) < rules.indexOf(rule);
  }

  private canShow(offer: Offer): boolean {
    const known = this.hasContent.get(offer.id);
    if (known !== undefined) return known;
    const canShow = typeof renderOffer(offer, this.decided.run, { budget: new TextBudget() }) !== 'string';
    this.hasContent.set(offer.id, canShow);
    return canShow;
  }
}

/** What is known of the consent that an offer needs. */
export function consentOf({ consent = '' }: Offer, facts: DecisionFacts): ExplainedConsent {
  return { purpose: consent, state: consentState(consent, facts) };
}

function missedCondition({ comparison, needed, segments }: Change, of: MissedCondition['of']): MissedCondition {
  return { ...comparison, needed, of, ...(segments.length > 0 && { segments }) };
}

function scopeDetails(
  { channels, window }: Rule,
  reasons: readonly ScopeReason[],
): Pick<Fate, 'channels' | 'schedule'> {
  const outOfSchedule = reasons.includes('TOO_EARLY') || reasons.includes('TOO_LATE');
  return {
    ...(reasons.includes('CHANNEL') && channels && { channels: [...channels] }),
    ...(outOfSchedule && { schedule: scheduleOf(window) }),
  };
}

function scheduleOf({ from, until }: Window): { readonly from?: string; readonly until?: string } {
  return {
    ...(Number.isFinite(from) && { from: new Date(from).toISOString() }),
    ...(Number.isFinite(until) && { until: new Date(until).toISOString() }),
  };
}
