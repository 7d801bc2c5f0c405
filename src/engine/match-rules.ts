import { channelOf, type PlacedRun } from './decision-run.js';
import type { Millis } from './language/millis.js';
import type { Matches } from './match/run.js';
import type { Admissions, Offer, Rule, Rulebook } from './rulebook.js';

/** An offer that a rule puts forward. */
export interface Candidate {
  readonly offer: Offer;
  readonly rule: Rule;
}

/** Takes candidates, those of one priority at a time, the highest first. */
export interface Taker {
  /** Gives false where it wants no more. */
  take(equals: readonly Candidate[]): boolean;
}

/**
 * The offers put forward for the placement of the run, each by the best of its rules: in scope, in schedule, conditions
 * true; the highest priority first, equal ones by the rule's id.
 */
export function matchRules(rulebook: Rulebook, run: PlacedRun): Candidate[] {
  const found: Candidate[] = [];
  const take = (equals: readonly Candidate[]) => {
    for (const one of equals) found.push(one);
    return true;
  };
  matchInTurn(rulebook, run, { take });
  return found;
}

/** The same, handed over before any rule of a lower priority is asked: what wants no more has none of them asked. */
export function matchInTurn(rulebook: Rulebook, run: PlacedRun, taker: Taker): void {
  const { id } = run.input.placement;
  const rules = rulebook.rules.get(id);
  if (!rules) return;
  const matching = new Matching(rulebook, rules, run, taker);
  run.match(id, matching);
  matching.end();
}

/** The matching of the rules of a placement. */
class Matching implements Matches {
  private readonly admissions: Admissions;
  private readonly channel: string;
  private readonly now: Millis;
  private equals: Candidate[] = NONE;
  /** The numbers of the offers put forward: mostly few, for which a set costs more than it saves. */
  private few: number[] | undefined;
  private many: Set<number> | undefined;
  private isEnough = false;

  constructor(
    private readonly rulebook: Rulebook,
    private readonly rules: readonly Rule[],
    private readonly run: PlacedRun,
    private readonly taker: Taker,
  ) {
    const { input } = run;
    this.admissions = rulebook.admissions(input.placement.id);
    this.channel = channelOf(input) ?? '';
    this.now = input.now;
  }

  admits(place: number): boolean | 'no more' {
    const first = this.equals[0];
    if (first && first.rule.priority > (this.rules[place] as Rule).priority) {
      this.handOver();
      if (this.isEnough) return 'no more';
    }
    const { offers, windows } = this.admissions;
    if (this.isTaken(offers[place] as number)) return false;
    const { now } = this;
    return !windows || (now >= (windows[2 * place] as number) && now < (windows[2 * place + 1] as number));
  }

  visit(place: number): void {
    const rule = this.rules[place] as Rule;
    const offer = this.rulebook.offers.get(rule.offer);
    if (!offer || (rule.channels && !rule.channels.has(this.channel)) || !isKnowable(rule.when, this.run)) return;
    if (this.equals === NONE) this.equals = [{ offer, rule }];
    else this.equals.push({ offer, rule });
    this.add(this.admissions.offers[place] as number);
  }

  end(): void {
    if (!this.isEnough && this.equals !== NONE) this.handOver();
  }

  private handOver(): void {
    const { equals } = this;
    this.equals = NONE;
    this.isEnough = !this.taker.take(equals);
  }

  private isTaken(offer: number): boolean {
    return this.many ? this.many.has(offer) : (this.few?.includes(offer) ?? false);
  }

  private add(offer: number): void {
    if (this.many) this.many.add(offer);
    else if (!this.few) this.few = [offer];
    else if (this.few.push(offer) > FEW) this.many = new Set(this.few);
  }
}

const NONE: Candidate[] = [];
const FEW = 8;

/** What depends on a visitor who could not be read is not known, and so does not hold; nor does its negation. */
export function holdsForSure(condition: number, run: PlacedRun): boolean {
  return isKnowable(condition, run) && run.holds(condition);
}

/** Whether a condition can be answered: not where it depends on a visitor who could not be read. */
export function isKnowable(condition: number, run: PlacedRun): boolean {
  return run.input.visitorKnown || !run.readsVisitor(condition);
}
