import type { DecideInput } from '../decision-run.js';
import { limitGates, type Gate } from '../gates.js';
import { iso } from '../language/millis.js';
import { cappedBy, shownCap, takenOfCap } from '../limits/judge-caps.js';
import { contactLimitBy, shownLimit, takenOfLimit } from '../limits/judge-policy.js';
import type { Judge, StoppingCap, StoppingContactLimit } from '../limits/limit-stop.js';
import { opensAt, type PlacesTaken } from '../limits/places-taken.js';
import { factsOf } from '../limits/reservations.js';
import { explainedLimit } from './explained-limit.js';
import type { ExplainedLimit } from './explanation.js';

/** How many places of a limit are left. */
export interface PlacesLeft {
  /** How many places are taken; those that are held are among them. */
  readonly taken: number;
  /** How many of them are held for what may happen yet. */
  readonly held: number;
  readonly left: number;
  /** Where none is left: when one comes back at the earliest; absent where none does by itself. */
  readonly opensAt?: string;
}

/** A cap of an offer for each visitor, or a limit across offers with where it stands in the contact policy (`at`). */
export type OwnLimit = (StoppingCap | ({ readonly at: string } & StoppingContactLimit)) & PlacesLeft;

/** How the limits of an offer stand for a visitor. */
export interface VisitorStanding {
  readonly limits: readonly OwnLimit[];
  /** What else keeps it from them now: a suppression, quiet hours, a lease. */
  readonly stoppedBy: readonly ({ readonly gate: Gate } & ExplainedLimit)[];
}

/**
 * How the limits of an offer that go by the visitor stand now, whatever the placement: quiet hours and leases as they
 * are for the channel that is asked for, calendars by the clocks of the visitor where a limit names none.
 */
export function visitorStanding(offer: string, input: Omit<DecideInput, 'limits' | 'decisionId'>): VisitorStanding {
  const limits = input.rulebook.offers.get(offer)?.limits;
  if (!limits) return { limits: [], stoppedBy: [] };
  const facts = factsOf(input);
  const contacts = facts.visitor.contacts();
  const caps = limits.caps.map((cap) => ({
    ...shownCap(cap, 'visitor', facts),
    ...placesLeft(takenOfCap(cap, limits, facts, contacts), cap.limit),
  }));
  const across = limits.contactLimits.map((limit) => ({
    ...shownLimit(limit, facts),
    ...placesLeft(takenOfLimit(limit, limits.known, facts, contacts), limit.limit),
  }));
  const stoppedBy = limitGates
    .filter(({ judge }) => !COUNTED.includes(judge))
    .flatMap(({ name, judge }) => {
      const stop = judge(limits, facts, () => contacts);
      return stop ? [{ gate: name, ...explainedLimit(stop) }] : [];
    });
  return { limits: [...caps, ...across], stoppedBy };
}

/** These are told one by one, with what is left. */
const COUNTED: readonly Judge[] = [cappedBy, contactLimitBy];

function placesLeft(taken: PlacesTaken, limit: number): PlacesLeft {
  const count = taken.leave.length;
  const opens = count < limit ? undefined : opensAt(taken, limit);
  return {
    taken: count,
    held: taken.held,
    left: Math.max(0, limit - count),
    ...(opens !== undefined && { opensAt: iso(opens) }),
  };
}
