import { consentState, GUARDED } from '../visitor/consent.js';
import { decide } from '../decide.js';
import { type DecideInput, channelOf } from '../decision-run.js';
import type {
  ExplainedFallback,
  ExplainedRule,
  NearestMiss,
  OfferFates,
  PlacementExplanation,
  WithheldFacts,
} from './explanation.js';
import { limitOf } from './explained-limit.js';
import { findGate } from '../gates.js';
import { compareMisses } from './nearest-miss.js';
import type { DecidedPlacement } from './decided-placement.js';
import { consentOf, RuleExplainer } from './rule-explainer.js';
import type { PlacementDecision } from '../answer.js';
import type { DecisionFacts } from '../facts/decision-facts.js';
import type { Rule, Rulebook } from '../rulebook.js';
import type { TextBudget } from '../text-budget.js';

/** The most rules of a placement that are explained, besides those whose offers were put forward. */
const MAX_RULES = 1_000;

/** A decision with its reasons, for each placement that the rulebook knows, in the order asked. */
export interface ExplainedDecision {
  readonly decisions: PlacementDecision[];
  readonly explanation: readonly PlacementExplanation[];
}

/** Decides as {@link decide} does, and says why: from the very run that decided. Nothing else happens. */
export function explain(input: DecideInput, budget?: TextBudget): ExplainedDecision {
  const explanation: PlacementExplanation[] = [];
  const decisions = decide(
    input,
    (trace, decision, run) => {
      explanation.push(explainPlacement({ rulebook: input.rulebook, trace, decision, run }));
    },
    budget,
  );
  return { decisions, explanation };
}

/**
 * What became of every live rule of these offers, for each placement that the rulebook knows, in the order asked:
 * without nearest misses, which are most of the work. `OUT_OF_SCOPE` means what it means in {@link explain}.
 */
export function explainOffers(input: DecideInput, offers: ReadonlySet<string>): OfferFates[] {
  const fates: OfferFates[] = [];
  decide(input, (trace, decision, run) => {
    const explainer = new RuleExplainer({ rulebook: input.rulebook, trace, decision, run });
    const rules = input.rulebook.rules.get(decision.placement) ?? [];
    const channel = channelOf(run.input);
    fates.push({
      placement: decision.placement,
      ...(channel !== undefined && { channel }),
      rules: rules.filter(({ offer }) => offers.has(offer)).map((rule) => explainer.explainFate(rule)),
    });
  });
  return fates;
}

function explainPlacement(decided: DecidedPlacement): PlacementExplanation {
  const { rulebook, decision, run } = decided;
  const all = rulebook.rules.get(decision.placement) ?? [];
  const shown = rulesToShow(all, decided);
  const explainer = new RuleExplainer(decided);
  const rules = shown.map((rule) => explainer.explain(rule));
  const channel = channelOf(run.input);
  const fallback = explainFallback(decided, rulebook, rules);
  const nearestMiss = nearestOf(rules);
  const withheld = withheldFrom(run.input);
  return {
    placement: decision.placement,
    ...(channel !== undefined && { channel }),
    ...(run.input.placement.score && { arbitration: 'score' as const }),
    rules,
    ...(shown.length < all.length && { rulesLeftOut: all.length - shown.length }),
    ...(withheld.length > 0 && { withheld }),
    ...(fallback && { fallback }),
    ...(nearestMiss && { nearestMiss }),
  };
}

function rulesToShow(rules: readonly Rule[], { trace }: DecidedPlacement): readonly Rule[] {
  if (rules.length <= MAX_RULES) return rules;
  const putForward = new Set(trace.candidates.map(({ rule }) => rule.id));
  return rules.filter(({ id }, place) => place < MAX_RULES || putForward.has(id));
}

function withheldFrom(facts: DecisionFacts): WithheldFacts[] {
  return facts.withheld.map((guard) => ({
    purpose: guard.purpose,
    state: consentState(guard.purpose, facts),
    facts: [...guard.facts, ...guard.traits.map((trait) => `${GUARDED.traits}.${trait}`)],
  }));
}

function explainFallback(
  { decision, trace, run }: DecidedPlacement,
  rulebook: Rulebook,
  rules: readonly ExplainedRule[],
): ExplainedFallback | undefined {
  const offer = rulebook.placements.get(decision.placement)?.fallback;
  if (offer === undefined) return undefined;
  if (rules.some(({ verdict }) => verdict === 'WON')) return { offer, verdict: 'NOT_NEEDED' };
  const because = whyWanted(rules);
  const found = rulebook.offers.get(offer);
  if (!found) return { offer, verdict: 'NOT_LIVE', because };
  const gate = trace.fallbackGate;
  if (!gate) return { offer, verdict: 'SHOWN', because };
  return {
    offer,
    verdict: 'STOPPED',
    because,
    gate,
    ...(findGate(gate).tells === 'consent' && { consent: consentOf(found, run.input) }),
    ...(findGate(gate).tells === 'limit' && limitOf(gate, found, run.input, trace.limits.get(offer))),
  };
}

function whyWanted(rules: readonly ExplainedRule[]): 'NO_RULES' | 'NONE_MATCHED' | 'ALL_STOPPED' {
  if (rules.length === 0) return 'NO_RULES';
  return rules.some(({ verdict }) => verdict === 'STOPPED') ? 'ALL_STOPPED' : 'NONE_MATCHED';
}

/**
 * What scored next best. Where there is no such thing, of the rules that would have won: the nearest, then the highest
 * priority, then the id.
 */
function nearestOf(rules: readonly ExplainedRule[]): PlacementExplanation['nearestMiss'] {
  const next = rules.find(({ outscored }) => outscored?.places === 1);
  if (next?.outscored) return { rule: next.rule, offer: next.offer, conditions: [], outscored: next.outscored };
  const [nearest] = rules
    .flatMap(({ rule, offer, priority, nearestMiss }) =>
      nearestMiss?.wouldWin ? [{ rule, offer, priority, missed: missedBy(nearestMiss) }] : [],
    )
    .sort((a, b) => compareMisses(a.missed, b.missed) || b.priority - a.priority || (a.rule < b.rule ? -1 : 1));
  return nearest && { rule: nearest.rule, offer: nearest.offer, ...nearest.missed };
}

function missedBy({ conditions, consent, limit }: NearestMiss): Omit<NearestMiss, 'wouldWin'> {
  return { conditions, ...(consent !== undefined && { consent }), ...(limit && { limit }) };
}
