import type { RenderedTreatment } from './answer.js';
import type { AskedPlacement, DecisionFacts } from './facts/decision-facts.js';
import type { Condition } from './language/condition-definition.js';
import type { Json, JsonObject } from './language/json.js';
import type { Millis } from './language/millis.js';
import type { OfferLimits } from './limits/offer-limits.js';
import type { Run } from './match/run.js';
import type { TextBudget } from './text-budget.js';
import type { ConsentPolicy } from './visitor/consent.js';
import type { Goal, KnownOffers } from './visitor/happened.js';
import type { SearchPolicy } from './visitor/search-policy.js';
import type { SingleViewPolicy } from './visitor/single-view-policy.js';

/** A placement, ready to be asked. */
export interface Placement extends AskedPlacement {
  readonly count: number;
  readonly fallback: string | undefined;
  readonly dedupe: string | undefined;
  readonly maxPerGroup: number | undefined;
  /** How long its channel keeps to itself what it offers; undefined where it does not. */
  readonly leaseMs: Millis | undefined;
  /** What its candidates are ordered by; undefined where that is the priority of their rules. */
  readonly score: PlacementScore | undefined;
}

/** What the score of a placement is made of. */
export interface PlacementScore {
  readonly propensity: boolean;
  readonly weight: boolean;
  readonly value: boolean;
  readonly lever: boolean;
  /** The mean of the propensities known of the offers proposed there; undefined where none is. */
  readonly mean: number | undefined;
}

/** The window in which a definition is in force, as instants: `from` included, `until` not. */
export interface Window {
  readonly from: Millis;
  readonly until: Millis;
}

/** Whether an instant lies in a window. */
export function isWithin({ from, until }: Window, now: Millis): boolean {
  return now >= from && now < until;
}

/** What happened under an event name: how often, and the first and the last of it. */
export interface EventScope {
  readonly count: number;
  readonly first: JsonObject;
  readonly last: JsonObject;
  /** A property of the first, or of the last, without a look at the rest of it; absent where all is at hand. */
  ofFirst?(property: string): Json | undefined;
  ofLast?(property: string): Json | undefined;
}

/** Where the values of a template come from. */
export interface TemplateScope {
  readonly profile: JsonObject;
  readonly context: JsonObject;
  /** What happened under this event name; undefined for never. */
  interactions(event: string): EventScope | undefined;
  readonly now: Millis;
  /** What its texts may cost, together with all others of the decision; as much as one has where it is not said. */
  readonly budget?: TextBudget | undefined;
  /** The placement it is rendered for. */
  readonly placement?: Pick<AskedPlacement, 'timeZone' | 'locale'> | undefined;
}

/**
 * Renders one treatment; undefined when a value is missing and has no default, or the budget is over, and `told` hears
 * which.
 */
export type Renderer = (scope: TemplateScope, told?: (why: string) => void) => RenderedTreatment | undefined;

/** How probable an offer's file says it is that the offer is taken. */
export interface OfferPropensities {
  /** By id of the segment, as they are written. */
  readonly segments: readonly (readonly [segment: string, propensity: number])[];
  /** Of whoever is in none of them; undefined where it is not said. */
  readonly otherwise: number | undefined;
}

/** What the business does to the score of an offer. */
export interface Lever {
  readonly name: string;
  /** The only placements in which it does; undefined for all. */
  readonly placements: ReadonlySet<string> | undefined;
  /** What the score is multiplied by. */
  readonly factor: number;
  /** A level that comes before every score; undefined where it leaves that alone. */
  readonly tier: number | undefined;
  readonly window: Window;
}

/** An offer, ready to be decided on. */
export interface Offer {
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  readonly group: string | undefined;
  /** What it is worth to the business. */
  readonly value: number;
  /** Undefined where its file says nothing of it. */
  readonly propensity: OfferPropensities | undefined;
  /** The higher comes before every score. */
  readonly tier: number;
  readonly levers: readonly Lever[];
  readonly window: Window;
  /** The number of the condition; undefined when everybody is eligible. */
  readonly eligible: number | undefined;
  /** The purpose that it needs; undefined when none. */
  readonly consent: string | undefined;
  /** How often, when and after what it may be made; undefined where nothing limits it. */
  readonly limits: OfferLimits | undefined;
  /** The event that says it worked; undefined where its file names none. */
  readonly goal: Goal | undefined;
  /** What it asks for and decisions do not go by yet, by name. */
  /** By placement id, then by channel, then `*`. */
  readonly treatments: ReadonlyMap<string, Renderer>;
}

/** A rule, ready to be matched. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly weight: number;
  readonly offer: string;
  readonly channels: ReadonlySet<string> | undefined;
  readonly window: Window;
  /** The number of its conditions. */
  readonly when: number;
}

/** Conditions as the rule files write them. Only explaining asks for them. */
export interface WrittenConditions {
  rule(id: string): Condition | undefined;
  eligibility(offer: string): Condition | undefined;
  segment(id: string): Condition | undefined;
}

/**
 * What the rules of a placement are asked before their conditions: numbers side by side, as rules lie all over the
 * memory.
 */
export interface Admissions {
  /** Per rule, a number that rules of the same offer share. */
  readonly offers: Int32Array;
  /** Per rule `from` and `until`; undefined where all are always in schedule. */
  readonly windows: Float64Array | undefined;
}

/** Every rule file of a release, checked and compiled. Immutable. */
export interface Rulebook {
  readonly version: number;
  /** `sha256:` and the digest of the files it was made from. */
  readonly digest: string;
  readonly placements: ReadonlyMap<string, Placement>;
  readonly offers: ReadonlyMap<string, Offer>;
  /** What contacts with its offers are counted by. */
  readonly known: KnownOffers;
  readonly segments: ReadonlyMap<string, number>;
  readonly consent: ConsentPolicy;
  /** How events tell of support, ratings and mood. */
  readonly singleView: SingleViewPolicy;
  /** By which traits people are found. */
  readonly search: SearchPolicy;
  /** The live rules of each placement, the highest priority first, equal ones by id: the scope of the same id. */
  readonly rules: ReadonlyMap<string, readonly Rule[]>;
  /** What those rules are asked first, in their order. */
  readonly admissions: (placement: string) => Admissions;
  readonly written: WrittenConditions;
  /** Whether a condition's answer may depend on what is remembered of the visitor. */
  readsVisitor(condition: number): boolean;
  /** Starts the evaluation of one decision. */
  startRun(facts: DecisionFacts): Run<DecisionFacts>;
}
