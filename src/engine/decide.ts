/**
 * Read this first. A *placement* asks; *rules* put *offers* forward; *gates* let them through or not; *arbitration*
 * orders what is left; a *treatment* says how an offer looks where it is shown.
 */
import type { DecidedItem, PlacementDecision } from './answer.js';
import { arbitrate } from './arbitrate.js';
import { startRun, type DecideInput, type DecisionRun, type PlacedRun, type PlacementRequest } from './decision-run.js';
import { matchByWeight } from './match-by-weight.js';
import { matchInTurn, matchRules, type Candidate, type Taker } from './match-rules.js';
import { fallbackGate, passGates } from './policy.js';
import { renderOffer } from './render.js';
import type { Rulebook } from './rulebook.js';
import { arbitrateByScore } from './score.js';
import { Slate, type Wanted } from './slate.js';
import { TextBudget } from './text-budget.js';
import { Trace, type Listener } from './trace.js';

/**
 * Decides every placement of a request, in the order asked. Pure: the same input gives the same answer, and nothing
 * else happens. Placements that the rulebook does not know are answered empty. A listener hears how each other one came
 * about, and changes nothing. Whoever hands in a budget, a fresh one, sees afterwards which texts were too costly.
 */
export function decide(input: DecideInput, listener?: Listener, budget = new TextBudget()): PlacementDecision[] {
  const run = startRun(input);
  const deciding = { rulebook: input.rulebook, run, slate: new Slate(), listener, budget };
  const decisions = input.request.placements.map((asked) => decidePlacement(asked, deciding));
  run.end();
  return decisions;
}

/** The fallbacks of a request's placements, whatever the rules say: for when there is no time to ask them. */
export function decideFallbacks(input: DecideInput): PlacementDecision[] {
  const { rulebook, request } = input;
  const run = startRun(input);
  const deciding = { rulebook, run, slate: new Slate(), listener: undefined, budget: new TextBudget() };
  const decisions = request.placements.map(({ id }): PlacementDecision => {
    const placement = rulebook.placements.get(id);
    if (!placement) return { placement: id, reason: 'DEFAULT', items: [] };
    return run.in(placement, (placed) => {
      const items = fallback(placed, deciding, undefined);
      return { placement: id, reason: items[0]?.reason ?? unmatchedReason(placed), items };
    });
  });
  run.end();
  return decisions;
}

/** What the placements of one decision share. */
interface Deciding {
  readonly rulebook: Rulebook;
  readonly run: DecisionRun;
  readonly slate: Slate;
  readonly listener: Listener | undefined;
  readonly budget: TextBudget;
}

function decidePlacement(asked: PlacementRequest, deciding: Deciding): PlacementDecision {
  const placement = deciding.rulebook.placements.get(asked.id);
  if (!placement) return { placement: asked.id, reason: 'DEFAULT', items: [] };
  return deciding.run.in(placement, (run) => decideIn(run, asked.count ?? placement.count, deciding));
}

function decideIn(run: PlacedRun, count: number, deciding: Deciding): PlacementDecision {
  const { rulebook, slate, listener, budget } = deciding;
  const { placement } = run.input;
  const trace = listener && new Trace(slate.copy(), count);
  const wanted = { run, count, trace, budget };
  const items: DecidedItem[] = [];
  if (placement.score) fillByScore(wanted, deciding, items, trace);
  else if (trace) {
    trace.candidates = matchRules(rulebook, run);
    trace.ordered = arbitrate(passGates(trace.candidates, run, trace));
    slate.fill(wanted, trace.ordered, items);
  } else matchInTurn(rulebook, run, new Filling(slate, wanted, items));
  if (items.length === 0) items.push(...fallback(run, deciding, trace));
  const decision = { placement: placement.id, reason: items[0]?.reason ?? unmatchedReason(run), items };
  if (trace) listener?.(trace, decision, run);
  return decision;
}

/** Every rule is asked: one of a low priority may put forward what scores highest. */
function fillByScore(
  wanted: Wanted,
  { rulebook, slate }: Deciding,
  items: DecidedItem[],
  trace: Trace | undefined,
): void {
  const { run } = wanted;
  const candidates = matchByWeight(rulebook, run);
  const ordered = arbitrateByScore(passGates(candidates, run, trace), run);
  if (trace) {
    trace.candidates = candidates;
    trace.ordered = ordered;
  }
  slate.fill(wanted, ordered, items);
}

/** Fills the answer of a placement. Arbitration is by priority: when it is full, no rule of a lower one can matter. */
class Filling implements Taker {
  constructor(
    private readonly slate: Slate,
    private readonly wanted: Wanted,
    private readonly items: DecidedItem[],
  ) {}

  take(equals: readonly Candidate[]): boolean {
    const { slate, wanted, items } = this;
    slate.fill(wanted, arbitrate(passGates(equals, wanted.run)), items);
    return items.length < wanted.count;
  }
}

/** A fallback ignores schedule and eligibility, never consent, a cap or the contact policy. */
function fallback(run: PlacedRun, { rulebook, slate, budget }: Deciding, trace: Trace | undefined): DecidedItem[] {
  const { placement } = run.input;
  const offer = placement.fallback === undefined ? undefined : rulebook.offers.get(placement.fallback);
  if (!offer) return [];
  const gate = fallbackGate(offer, run) ?? slate.gateFor(placement, offer) ?? slate.limitFor(offer, run.input, trace);
  const rendered = gate ?? renderOffer(offer, run, { budget });
  if (typeof rendered === 'string') {
    if (trace) trace.fallbackGate = rendered;
    return [];
  }
  slate.take(run.input, offer);
  return [{ offer: offer.id, reason: unmatchedReason(run), ...rendered, score: 0, propensity: 1 }];
}

function unmatchedReason(run: PlacedRun): 'DEFAULT' | 'STALE' {
  return run.input.visitorKnown ? 'DEFAULT' : 'STALE';
}
