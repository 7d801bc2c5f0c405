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
  const found: Candidate[] = [];
  const taken = new Taken();
  const admits = (place: number): boolean =>
    !taken.has(offers[place] as number) &&
    (!windows || (now >= (windows[2 * place] as number) && now < (windows[2 * place + 1] as number)));
  run.match(placement.id, admits, (place) => {
    const rule = rules[place] as Rule;
    const offer = rulebook.offers.get(rule.offer);
    if (!offer || (rule.channels && !rule.channels.has(channel)) || !isKnowable(rule.when, run)) return;
    found.push({ offer, rule });
    taken.add(offers[place] as number);
  });
  return found;
}

/** The numbers of offers: mostly few, for which a set costs more than it saves. */
class Taken {
  private readonly few: number[] = [];
  private many: Set<number> | undefined;

  has(offer: number): boolean {
    return this.many ? this.many.has(offer) : this.few.includes(offer);
  }

  add(offer: number): void {
    if (this.many) this.many.add(offer);
    else if (this.few.push(offer) > FEW) this.many = new Set(this.few);
  }
}

const FEW = 8;

/** What depends on a visitor who could not be read is not known, and so does not hold; nor does its negation. */
export function holdsForSure(condition: number, run: PlacedRun): boolean {
  return isKnowable(condition, run) && run.holds(condition);
}

function isKnowable(condition: number, run: PlacedRun): boolean {
  return run.input.visitorKnown || !run.readsVisitor(condition);
}
