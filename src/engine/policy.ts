import { isAllowed } from './visitor/consent.js';
import type { Gate } from './answer.js';
import type { PlacedRun } from './decision-run.js';
import { holdsForSure, isWithin, type Candidate } from './match-rules.js';
import type { Offer } from './rulebook.js';

/** Hears which gate stopped a candidate. */
export interface GateListener {
  stopped(candidate: Candidate, gate: Gate): void;
}

/** Says which gate stops a candidate; undefined lets it through. */
type Check = (candidate: Candidate, run: PlacedRun) => Gate | undefined;

/**
 * The gates in their order: schedule, eligibility, consent, suppression, caps. Each that is built stands in its place.
 */
const CHECKS: readonly Check[] = [
  ({ offer }, run) => (isWithin(offer.window, run.input.now) ? undefined : 'SCHEDULED'),
  ({ offer }, run) => (offer.eligible === undefined || holdsForSure(offer.eligible, run) ? undefined : 'NOT_ELIGIBLE'),
  ({ offer }, run) => consentGate(offer, run),
];

/** The first gate that stops a candidate; undefined when none does. */
export function gateFor(candidate: Candidate, run: PlacedRun): Gate | undefined {
  for (const check of CHECKS) {
    const gate = check(candidate, run);
    if (gate) return gate;
  }
  return undefined;
}

/** `NO_CONSENT` when an offer needs a purpose that the visitor has not consented to. */
export function consentGate({ consent }: Offer, { input }: PlacedRun): 'NO_CONSENT' | undefined {
  return consent === undefined || isAllowed(consent, input) ? undefined : 'NO_CONSENT';
}

/** The candidates that no gate stops, in the order given. */
export function passGates(candidates: readonly Candidate[], run: PlacedRun, heard?: GateListener): Candidate[] {
  return candidates.filter((candidate) => {
    const gate = gateFor(candidate, run);
    if (gate) heard?.stopped(candidate, gate);
    return gate === undefined;
  });
}
