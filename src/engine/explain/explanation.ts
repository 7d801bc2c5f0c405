/**
 * Why a decision came out as it did: plain JSON, which the API gives under `explanation`. Values are those the
 * decision was made from; long ones are cut, and say how long they were.
 */
import type { Json, JsonObject } from '../language/json.js';
import type { PassedOver } from '../facts/aggregates.js';
import type { ConsentState } from '../visitor/consent.js';
import type { Gate } from '../gates.js';
import type { Score } from '../score.js';
import type { StoppingCap, StoppingLease, StoppingPolicy } from '../limits/limit-stop.js';

/** Whether something holds; `unknown` where it depends on a visitor who could not be read. */
export type Result = boolean | 'unknown';

/** A condition as it is written, with what came of it. */
export type ExplainedCondition = ExplainedAll | ExplainedAny | ExplainedNot | ExplainedSegment | ExplainedComparison;

/** True when every one of its conditions is. */
export interface ExplainedAll {
  readonly result: Result;
  readonly all: readonly ExplainedCondition[];
}

/** True when one of its conditions is, or there are none. */
export interface ExplainedAny {
  readonly result: Result;
  readonly any: readonly ExplainedCondition[];
}

/** True when its condition is not. */
export interface ExplainedNot {
  readonly result: Result;
  readonly not: ExplainedCondition;
}

/** A segment named by a condition. */
export interface ExplainedSegment {
  readonly result: Result;
  readonly condition: string;
  /** The segment's own conditions; absent where they stand already, at an earlier mention in the same tree. */
  readonly conditions?: ExplainedCondition;
}

/** A comparison of one fact, in json-rules-engine's words. */
export interface ExplainedComparison {
  readonly result: Result;
  readonly fact: string;
  readonly params?: JsonObject;
  readonly path?: string;
  readonly operator: string;
  /** What the fact is compared with: a value, or `{ "fact": … }`. */
  readonly value: Json;
  /** The fact's value; absent when there is none, or it is not known. */
  readonly factResult?: Json;
  /**
   * The value of the other fact, where `value` names one; of an operator on time `from` when `to` when, both included,
   * and by the clocks of which `timeZone`.
   */
  readonly valueResult?: Json;
  /** What the fact's value, or one in its list, is not, `date` or `version`, so that the operator never holds of it. */
  readonly unread?: string;
  /** What an aggregate of numbers did without. */
  readonly passedOver?: PassedOver;
  /** The same of the other fact, where `value` names one. */
  readonly valuePassedOver?: PassedOver;
  /** The purposes for lack of consent to which the facts, or parts of them, are as if they were not there. */
  readonly withheld?: readonly string[];
}

/** A purpose, and what is known of the visitor's consent to it. */
export interface ExplainedConsent {
  readonly purpose: string;
  readonly state: ConsentState;
}

/**
 * What the decision did without, for want of consent: `profile`, `interactions`, or single traits such as
 * `profile.interests`.
 */
export interface WithheldFacts extends ExplainedConsent {
  readonly facts: readonly string[];
}

/** A comparison that came out otherwise than was needed. */
export interface MissedCondition extends ExplainedComparison {
  /** What its `result` would have had to be; false under a `not`. */
  readonly needed: boolean;
  /** Whose condition it is: the rule's, or the eligibility of its offer. */
  readonly of: 'CONDITIONS' | 'ELIGIBILITY';
  /** The segments through which it is reached, the outermost first. */
  readonly segments?: readonly string[];
}

/** Which limit stopped an offer, and when it opens again; only with the gates of limits. */
export interface ExplainedLimit {
  /** The cap of the offer. */
  readonly cap?: StoppingCap;
  /** The part of the contact policy, and where it stands in `policies/contact.json`: `suppression.0`. */
  readonly policy?: StoppingPolicy;
  /** Who keeps the offer to themselves. */
  readonly lease?: StoppingLease;
  /** It could not be known, and what can't be known is not offered. */
  readonly notKnown?: true;
  /** When the offer may be made again, as far as is known now: an ISO 8601 instant; absent where nobody can tell. */
  readonly opensAt?: string;
}

/** The fewest things that, had they been otherwise, would have let a rule through. */
export interface NearestMiss {
  readonly conditions: readonly MissedCondition[];
  /** The purpose that the visitor would have had to consent to, besides. */
  readonly consent?: string;
  /** The limit that would have had to leave a place, besides, and when it will. */
  readonly limit?: { readonly gate: Gate } & ExplainedLimit;
  /** Whether the rule would then have brought its offer into the answer, all else being as it was. */
  readonly wouldWin: boolean;
}

/**
 * What became of a rule. `WON`: its offer is in the answer. `STOPPED`: its conditions hold, and a gate stopped its
 * offer.
 * `NOT_MATCHED`: its conditions do not hold, or it can't be known. `OUT_OF_SCOPE`: it does not speak here and now.
 */
export type Verdict = 'WON' | 'STOPPED' | 'NOT_MATCHED' | 'OUT_OF_SCOPE';

/**
 * Why a rule does not speak: `CHANNEL`, not for this channel; `TOO_EARLY` and `TOO_LATE`, its schedule;
 * `OFFER_NOT_LIVE`, its offer is paused, a draft or gone.
 */
export type ScopeReason = 'CHANNEL' | 'TOO_EARLY' | 'TOO_LATE' | 'OFFER_NOT_LIVE';

/** How far an offer was from the last one in the answer, where the placement goes by scores. */
export interface Outscored {
  /** The last offer in the answer. */
  readonly by: string;
  /** How many places lower it stands. */
  readonly places: number;
  /** What its score lacks; absent where tiers tell them apart. */
  readonly score?: number;
  /** What its tier lacks; absent where both have the same. */
  readonly tier?: number;
}

/** A rule of the placement. */
export interface ExplainedRule extends ExplainedLimit {
  readonly rule: string;
  readonly name: string;
  readonly offer: string;
  readonly priority: number;
  readonly verdict: Verdict;
  /** Why it does not speak; only with `OUT_OF_SCOPE`. */
  readonly outOfScope?: readonly ScopeReason[];
  /** The only channels it speaks for, where that is why it does not. */
  readonly channels?: readonly string[];
  /** The schedule, of the rule or of its offer, that keeps it out: ISO 8601 instants. */
  readonly schedule?: { readonly from?: string; readonly until?: string };
  /** What stopped its offer; only with `STOPPED`. */
  readonly gate?: Gate;
  /** A better rule puts the same offer forward, and the gate is what became of that. */
  readonly betterRule?: string;
  /** The consent that its offer lacks; only with the gate `NO_CONSENT`. */
  readonly consent?: ExplainedConsent;
  /**
   * What was lacking where the gate is `NO_CONTENT`: a treatment for this placement and channel, or a value in its
   * texts.
   */
  readonly noContent?: 'TREATMENT' | 'VALUE';
  /** Which value that is, or what is wrong with it, in plain words; only with `VALUE`. */
  readonly noContentWhy?: string;
  /** What its offer scores, where the placement goes by scores and this rule put it forward. */
  readonly scored?: Score;
  /** What came before it; only with the gate `OUTRANKED` where the placement goes by scores. */
  readonly outscored?: Outscored;
  /** From 1: where its offer stands in the answer; with `score` and `propensity`, only with `WON`. */
  readonly position?: number;
  readonly score?: number;
  readonly propensity?: number;
  readonly conditions: ExplainedCondition;
  /** The eligibility of its offer, where the gate is `NOT_ELIGIBLE`. */
  readonly eligibility?: ExplainedCondition;
  /** Absent where conditions are not what kept it out, or nothing known of the visitor can say. */
  readonly nearestMiss?: NearestMiss;
}

/**
 * The placement's fallback. `because` says why it was wanted: no live rule speaks for the placement, none of them
 * matched, or gates stopped all that did. `STOPPED` comes with the gate.
 */
export interface ExplainedFallback extends ExplainedLimit {
  readonly offer: string;
  readonly verdict: 'SHOWN' | 'NOT_NEEDED' | 'STOPPED' | 'NOT_LIVE';
  readonly because?: 'NO_RULES' | 'NONE_MATCHED' | 'ALL_STOPPED';
  readonly gate?: Gate;
  /** The consent that it lacks; only with the gate `NO_CONSENT`. */
  readonly consent?: ExplainedConsent;
}

/** What became of the rules of single offers in a placement. */
export type OfferFates = Pick<PlacementExplanation, 'placement' | 'channel' | 'rules'>;

/** Why a placement is answered so. */
export interface PlacementExplanation {
  readonly placement: string;
  /** The channel that rules and treatments went by. */
  readonly channel?: string;
  /** How its candidates were ordered; absent for by priority. */
  readonly arbitration?: 'score';
  /** Every live rule of the placement, the highest priority first. */
  readonly rules: readonly ExplainedRule[];
  /** How many rules are left out, beyond the first 1,000 and those whose offers were put forward; absent for none. */
  readonly rulesLeftOut?: number;
  /** What was not looked at for want of consent; absent where nothing was withheld. */
  readonly withheld?: readonly WithheldFacts[];
  /** Absent where the placement has none. */
  readonly fallback?: ExplainedFallback;
  /**
   * The rule that came nearest to bringing its offer into the answer: the fewest conditions, then the smallest gaps
   * between numbers (2 of 3 is nearer than 0 of 60), then the limit that opens soonest, then the highest priority. A
   * consent that was lacking counts as one more condition, and so does a limit that opens again. Where the placement
   * goes by scores and an offer was outscored, it is the next in order, without conditions.
   */
  readonly nearestMiss?: { readonly rule: string; readonly offer: string; readonly outscored?: Outscored } & Omit<
    NearestMiss,
    'wouldWin'
  >;
}
