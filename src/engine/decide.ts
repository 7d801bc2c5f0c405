import { arbitrate } from './arbitrate.js';
import { matchRules } from './match-rules.js';
import { consentGate, passGates } from './policy.js';
import { renderOffer } from './render.js';
import { Slate } from './slate.js';
import { Trace, type Listener } from './trace.js';
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
import type { Run } from './match/run.js';
import { visitorView } from './visitor/visitor-view.js';
import { viewWithout, withheldBy } from './visitor/withheld.js';

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
 * else happens. Placements that the rulebook does not know are answered empty. A listener hears how each other one came
 * about, and changes nothing.
 */
export function decide(input: DecideInput, listener?: Listener): PlacementDecision[] {
  const run = startRun(input);
  const deciding = { rulebook: input.rulebook, run, slate: new Slate(), listener };
  const decisions = input.request.placements.map((asked) => decidePlacement(asked, deciding));
  run.end();
  return decisions;
}

/** A run over the facts of this input, less what the visitor has not consented to, before its first placement. */
export function startRun({ request, visitor = STRANGER, rulebook, now }: DecideInput): Run<DecisionFacts> {
  const { consent } = rulebook;
  const visitorKnown = visitor !== STRANGER;
  const withheld = withheldBy({ visitor, visitorKnown, consent, now });
  return rulebook.startRun({
    visitor: viewWithout(withheld, visitor),
    visitorKnown,
    context: request.context,
    channel: request.channel,
    now,
    consent,
    withheld,
    segments: rulebook.segments,
    placement: undefined,
  });
}

const STRANGER: VisitorView = visitorView({ visitorId: '' });

/** What the placements of one decision share. */
interface Deciding {
  readonly rulebook: Rulebook;
  readonly run: Run<DecisionFacts>;
  readonly slate: Slate;
  readonly listener: Listener | undefined;
}

function decidePlacement(asked: PlacementRequest, deciding: Deciding): PlacementDecision {
  const { rulebook, run, slate, listener } = deciding;
  const placement = rulebook.placements.get(asked.id);
  if (!placement) return { placement: asked.id, reason: 'DEFAULT', items: [] };
  run.input.placement = placement;
  run.enterScope();
  const count = asked.count ?? placement.count;
  const trace = listener && new Trace(slate.copy(), count);
  const matched = matchRules(rulebook, run);
  if (trace) trace.candidates = matched;
  const ordered = arbitrate(passGates(matched, run, trace));
  const items = slate.fill({ placement, count, trace }, ordered, run);
  if (items.length === 0) items.push(...fallback(placement, deciding, trace));
  const decision: PlacementDecision = { placement: placement.id, reason: items[0]?.reason ?? unmatchedReason(run), items };
  if (trace) listener?.(trace, decision, run);
  return decision;
}

/** A fallback ignores schedule and eligibility, never consent. */
function fallback(placement: Placement, { rulebook, run, slate }: Deciding, trace: Trace | undefined): DecidedItem[] {
  const offer = placement.fallback === undefined ? undefined : rulebook.offers.get(placement.fallback);
  if (!offer) return [];
  const gate = consentGate(offer, run) ?? slate.gateFor(placement, offer);
  const rendered = gate ? undefined : renderOffer(offer, run);
  if (!rendered) {
    if (trace) trace.fallbackGate = gate ?? 'NO_CONTENT';
    return [];
  }
  slate.take(placement, offer);
  return [{ offer: offer.id, reason: unmatchedReason(run), ...rendered, score: 0, propensity: 1 }];
}

function unmatchedReason(run: Run<DecisionFacts>): 'DEFAULT' | 'STALE' {
  return run.input.visitorKnown ? 'DEFAULT' : 'STALE';
}
