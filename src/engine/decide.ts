import { arbitrate } from './arbitrate.js';
import { matchRules } from './match-rules.js';
import { passGates } from './policy.js';
import { renderOffer } from './render.js';
import { Slate } from './slate.js';
import type {
  DecidedItem,
  DecisionFacts,
  DecisionRequest,
  Millis,
  Placement,
  PlacementDecision,
  PlacementRequest,
  Rulebook,
  VisitorView,
} from './types.js';
import type { Run } from './run.js';

/** Everything a decision depends on. */
export interface DecideInput {
  readonly request: DecisionRequest;
  /** Undefined when the visitor could not be read: then only rules that need nothing of the visitor can hold. */
  readonly visitor: VisitorView | undefined;
  readonly rulebook: Rulebook;
  readonly now: Millis;
}

/**
 * Decides every placement of a request, in the order asked. Pure: the same input gives the same answer, and nothing
 * else happens. Placements that the rulebook does not know are answered empty.
 */
export function decide(input: DecideInput): PlacementDecision[] {
  const run = startRun(input);
  const slate = new Slate();
  const decisions = input.request.placements.map((asked) => decidePlacement(asked, input.rulebook, run, slate));
  run.end();
  return decisions;
}

/** A run over the facts of this input, before its first placement. */
export function startRun({ request, visitor, rulebook, now }: DecideInput): Run<DecisionFacts> {
  return rulebook.startRun({
    visitor: visitor ?? STRANGER,
    visitorKnown: visitor !== undefined,
    context: request.context,
    channel: request.channel,
    now,
    segments: rulebook.segments,
    placement: undefined,
  });
}

const STRANGER: VisitorView = { visitorId: '', ids: [], traits: {}, counters: {}, interactions: () => [] };

function decidePlacement(asked: PlacementRequest, rulebook: Rulebook, run: Run<DecisionFacts>, slate: Slate): PlacementDecision {
  const placement = rulebook.placements.get(asked.id);
  if (!placement) return { placement: asked.id, reason: 'DEFAULT', items: [] };
  run.input.placement = placement;
  run.enterScope();
  const matched = matchRules(rulebook, run);
  const ordered = arbitrate(passGates(matched, run));
  const items = slate.fill(placement, asked.count ?? placement.count, ordered, run);
  if (items.length === 0) items.push(...fallback(placement, rulebook, run, slate));
  return { placement: placement.id, reason: items[0]?.reason ?? unmatchedReason(run), items };
}

/** A fallback ignores schedule and eligibility. */
function fallback(placement: Placement, rulebook: Rulebook, run: Run<DecisionFacts>, slate: Slate): DecidedItem[] {
  const offer = placement.fallback === undefined ? undefined : rulebook.offers.get(placement.fallback);
  if (!offer || slate.gateFor(placement, offer)) return [];
  const rendered = renderOffer(offer, run);
  if (!rendered) return [];
  slate.take(placement, offer);
  return [{ offer: offer.id, reason: unmatchedReason(run), ...rendered, score: 0, propensity: 1 }];
}

function unmatchedReason(run: Run<DecisionFacts>): 'DEFAULT' | 'STALE' {
  return run.input.visitorKnown ? 'DEFAULT' : 'STALE';
}
