import { decide, type DecideInput } from './decide.js';
import type { ExplainedFallback, ExplainedRule, PlacementExplanation } from './explanation.js';
import { channelOf } from './match-rules.js';
import { compareMisses } from './nearest-miss.js';
import { RuleExplainer, type DecidedPlacement } from './rule-explainer.js';
import type { PlacementDecision, Rule, Rulebook } from './types.js';

/** The most rules of a placement that are told, besides those whose offers were put forward. */
const MAX_RULES = 1_000;

/** A decision with its reasons, for each placement that the rulebook knows, in the order asked. */
export interface ExplainedDecision {
  readonly decisions: PlacementDecision[];
  readonly explanation: readonly PlacementExplanation[];
}

/** Decides as {@link decide} does, and says why: from the very run that decided. Nothing else happens. */
export function explain(input: DecideInput): ExplainedDecision {
  const explanation: PlacementExplanation[] = [];
  const decisions = decide(input, (trace, decision, run) => {
    explanation.push(explainPlacement({ rulebook: input.rulebook, trace, decision, run }));
  });
  return { decisions, explanation };
}

function explainPlacement(decided: DecidedPlacement): PlacementExplanation {
  const { rulebook, decision, run } = decided;
  const all = rulebook.rules.get(decision.placement) ?? [];
  const told = rulesToTell(all, decided);
  const explainer = new RuleExplainer(decided);
  const rules = told.map((rule) => explainer.explain(rule));
  const channel = channelOf(run.input);
  const fallback = explainFallback(decided, rulebook, rules);
  const nearestMiss = nearestOf(rules);
  return {
    placement: decision.placement,
    ...(channel !== undefined && { channel }),
    rules,
    ...(told.length < all.length && { rulesLeftOut: all.length - told.length }),
    ...(fallback && { fallback }),
    ...(nearestMiss && { nearestMiss }),
  };
}

function rulesToTell(rules: readonly Rule[], { trace }: DecidedPlacement): readonly Rule[] {
  if (rules.length <= MAX_RULES) return rules;
  const putForward = new Set(trace.candidates.map(({ rule }) => rule.id));
  return rules.filter(({ id }, place) => place < MAX_RULES || putForward.has(id));
}

function explainFallback({ decision, trace }: DecidedPlacement, rulebook: Rulebook, rules: readonly ExplainedRule[]): ExplainedFallback | undefined {
  const offer = rulebook.placements.get(decision.placement)?.fallback;
  if (offer === undefined) return undefined;
  if (rules.some(({ verdict }) => verdict === 'WON')) return { offer, verdict: 'NOT_NEEDED' };
  const because = whyWanted(rules);
  if (!rulebook.offers.has(offer)) return { offer, verdict: 'NOT_LIVE', because };
  return trace.fallbackGate ? { offer, verdict: 'STOPPED', because, gate: trace.fallbackGate } : { offer, verdict: 'SHOWN', because };
}

function whyWanted(rules: readonly ExplainedRule[]): 'NO_RULES' | 'NONE_MATCHED' | 'ALL_STOPPED' {
  if (rules.length === 0) return 'NO_RULES';
  return rules.some(({ verdict }) => verdict === 'STOPPED') ? 'ALL_STOPPED' : 'NONE_MATCHED';
}

/** Of the rules that would have won: the nearest, then the highest priority, then the id. */
function nearestOf(rules: readonly ExplainedRule[]): PlacementExplanation['nearestMiss'] {
  const [nearest] = rules
    .flatMap(({ rule, offer, priority, nearestMiss }) => (nearestMiss?.wouldWin ? [{ rule, offer, priority, conditions: nearestMiss.conditions }] : []))
    .sort((a, b) => compareMisses(a.conditions, b.conditions) || b.priority - a.priority || (a.rule < b.rule ? -1 : 1));
  return nearest && { rule: nearest.rule, offer: nearest.offer, conditions: nearest.conditions };
}
