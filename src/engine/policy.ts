import type { PlacedRun } from './decision-run.js';
import { gates, type Gate } from './gates.js';
import type { Candidate } from './match-rules.js';
import type { LimitStop } from './limits/limit-stop.js';
import type { Offer } from './rulebook.js';

/** Hears which gate stopped a candidate. */
export interface GateListener {
  stopped(candidate: Candidate, gate: Gate): void;
  /** Hears what the call has taken already leaves no place for. */
  limited(offer: Offer, stop: LimitStop): void;
}

const TRIED = gates.flatMap(({ name, stops }) => (stops ? [{ name, stops }] : []));
const TRIED_FOR_FALLBACK = gates.flatMap(({ name, stops, stopsFallback }) =>
  stops && stopsFallback ? [{ name, stops }] : [],
);

/** The candidates that no gate stops, in the order given: the same list where that is all of them. */
export function passGates(
  candidates: readonly Candidate[],
  run: PlacedRun,
  heard?: GateListener,
): readonly Candidate[] {
  let passed: Candidate[] | undefined;
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at] as Candidate;
    const gate = firstOf(TRIED, candidate.offer, run);
    if (gate) heard?.stopped(candidate, gate);
    if (gate && !passed) passed = candidates.slice(0, at);
    else if (!gate) passed?.push(candidate);
  }
  return passed ?? candidates;
}

/** The gate that stops an offer as a fallback; undefined when none does. */
export function fallbackGate(offer: Offer, run: PlacedRun): Gate | undefined {
  return firstOf(TRIED_FOR_FALLBACK, offer, run);
}

function firstOf(tried: typeof TRIED, offer: Offer, run: PlacedRun): Gate | undefined {
  for (const { name, stops } of tried) if (stops(offer, run)) return name;
  return undefined;
}
