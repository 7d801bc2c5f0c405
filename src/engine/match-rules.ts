import { channelOf, type PlacedRun } from './decision-run.js';
import type { Offer, Rule, Rulebook } from './rulebook.js';

/** An offer that a rule puts forward. */
export interface Candidate {
  readonly offer: Offer;
  readonly rule: Rule;
}

/**
 * The offers put forward for the placement of the run, each by the best of its rules: in scope, in schedule, conditions
 * true; the highest priority first, equal ones by the rule's id.
 */
export function matchRules(rulebook: Rulebook, run: PlacedRun): Candidate[] {
  const { placement, now } = run.input;
  const rules = rulebook.rules.get(placement.id);
  if (!rules) return [];
  const channel = channelOf(run.input) ?? '';
  const { offers, windows } = rulebook.admissions(placement.id);
  const candidates = new Map<number, Candidate>();
  const admits = (place: number): boolean =>
    !candidates.has(offers[place] as number) &&
    (!windows || (now >= (windows[2 * place] as number) && now < (windows[2 * place + 1] as number)));
  run.match(placement.id, admits, (place) => {
    const rule = rules[place] as Rule;
    const offer = rulebook.offers.get(rule.offer);
    if (offer && (!rule.channels || rule.channels.has(channel)) && isKnowable(rule.when, run))
      candidates.set(offers[place] as number, { offer, rule });
  });
  return [...candidates.values()];
}

/** What depends on a visitor who could not be read is not known, and so does not hold; nor does its negation. */
export function holdsForSure(condition: number, run: PlacedRun): boolean {
  return isKnowable(condition, run) && run.holds(condition);
}

function isKnowable(condition: number, run: PlacedRun): boolean {
  return run.input.visitorKnown || !run.readsVisitor(condition);
}
