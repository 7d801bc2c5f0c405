/**
 * The glossary of a decision. A *placement* asks; *rules* put *offers* forward; *gates* let them through or not;
 * *arbitration* orders what is left; a *treatment* says how an offer looks where it is shown.
 */
import type { ConsentPolicy, Guard } from './visitor/consent.js';
import type { InteractionLog } from './visitor/interaction-log.js';
import type { Run } from './match/run.js';
import type { Condition, Json, JsonObject, Schedule, Status } from './language/definitions.js';

/** Milliseconds since the epoch. */
export type Millis = number;

/** Something a person did, in any channel. */
export interface Interaction {
  readonly event: string;
  readonly timestamp: Millis;
  readonly channel: string;
  readonly properties: JsonObject;
  readonly messageId: string;
}

/** How often an event happened over a whole life, and when first and last; kept when the interactions are not. */
export interface Counter {
  readonly count: number;
  readonly first: Millis;
  readonly last: Millis;
}

/** What a person said about a purpose. */
export interface Consent {
  readonly granted: boolean;
  /** From then on it says nothing any more; undefined for good. */
  readonly until: Millis | undefined;
}

/** What a decision may know of a visitor. */
export interface VisitorView {
  readonly visitorId: string;
  /** Every id this person is known by. */
  readonly ids: readonly string[];
  readonly traits: JsonObject;
  readonly counters: Readonly<Record<string, Counter>>;
  /** The last word about a purpose, expired or not; undefined when they never said any. */
  consents(purpose: string): Consent | undefined;
  /** The retained interactions in order of timestamp, equal ones in order of arrival. Called only when a rule asks. */
  interactions(): InteractionLog;
}

/** What is asked of one placement. */
export interface PlacementRequest {
  readonly id: string;
  /** How many offers; the placement's own `count` when absent. */
  readonly count?: number;
}

/** What is asked. */
export interface DecisionRequest {
  readonly placements: readonly PlacementRequest[];
  readonly channel?: string;
  readonly context: JsonObject;
}

/**
 * Why an item, or an empty answer, is what it is. `TARGETING_MATCH`: a rule held. `DEFAULT`: the placement's fallback,
 * or nothing. `STALE`: decided without the visitor, who could not be read in time. `ERROR`: nothing could be decided.
 */
export type Reason = 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT' | 'HELD_OUT' | 'STALE' | 'ERROR';

/** The gate that stopped a candidate. `NO_CONTENT`: no treatment fits, or a template lacked a value. */
export type Gate =
  | 'SCHEDULED'
  | 'NOT_ELIGIBLE'
  | 'NO_CONSENT'
  | 'SUPPRESSED'
  | 'CAPPED'
  | 'OUTRANKED'
  | 'DUPLICATE'
  | 'HELD_OUT'
  | 'NO_CONTENT';

/** What a client shows. */
export interface RenderedTreatment {
  readonly content: JsonObject;
  readonly actions: readonly JsonObject[];
}

/** One offer decided for a placement. */
export interface DecidedItem extends RenderedTreatment {
  readonly offer: string;
  /** The rule that put it forward; absent for a fallback. */
  readonly rule?: string;
  readonly reason: Reason;
  readonly score: number;
  readonly propensity: number;
}

/** The answer for one placement. */
export interface PlacementDecision {
  readonly placement: string;
  /** Why it is answered so: the first item's reason, or `DEFAULT` for an empty answer. */
  readonly reason: Reason;
  readonly items: readonly DecidedItem[];
}

/** A placement, ready to be asked. */
export interface Placement {
  readonly id: string;
  readonly channel: string | undefined;
  readonly count: number;
  readonly fallback: string | undefined;
  readonly dedupe: string | undefined;
  readonly maxPerGroup: number | undefined;
  readonly timeZone: string | undefined;
}

/** The window in which a definition is in force, as instants: `from` included, `until` not. */
export interface Window {
  readonly from: Millis;
  readonly until: Millis;
}

/** Where the values of a template come from. */
export interface TemplateScope {
  readonly profile: JsonObject;
  readonly context: JsonObject;
  /** What happened under this event name: how often, and the first and the last of it; undefined for never. */
  interactions(event: string): { count: number; first: JsonObject; last: JsonObject } | undefined;
  readonly now: Millis;
}

/** Renders one treatment; undefined when a value is missing and has no default. */
export type Renderer = (scope: TemplateScope) => RenderedTreatment | undefined;

/** What the facts of one decision are computed from. */
export interface DecisionFacts {
  /** Without what they have not consented to. */
  readonly visitor: VisitorView;
  /** False when the visitor could not be read: nothing that depends on them can be said. */
  readonly visitorKnown: boolean;
  readonly context: JsonObject;
  readonly channel: string | undefined;
  readonly now: Millis;
  readonly consent: ConsentPolicy;
  /** What the view of the visitor lacks for want of consent. */
  readonly withheld: readonly Guard[];
  /** By id, the number of the segment's condition. */
  readonly segments: ReadonlyMap<string, number>;
  /** The placement being decided; undefined before the first. */
  placement: Placement | undefined;
}

/** An offer, ready to be decided on. */
export interface Offer {
  readonly id: string;
  readonly group: string | undefined;
  readonly value: number;
  readonly window: Window;
  /** The number of the condition; undefined when everybody is eligible. */
  readonly eligible: number | undefined;
  /** The purpose that it needs; undefined when none. */
  readonly consent: string | undefined;
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

/** What the rules of a placement are asked before their conditions: numbers side by side, as rules lie all over the memory. */
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
  readonly segments: ReadonlyMap<string, number>;
  readonly consent: ConsentPolicy;
  /** The live rules of each placement, the highest priority first, equal ones by id: the scope of the same id. */
  readonly rules: ReadonlyMap<string, readonly Rule[]>;
  /** What those rules are asked first, in their order. */
  readonly admissions: (placement: string) => Admissions;
  readonly written: WrittenConditions;
  /** Starts the evaluation of one decision. */
  startRun(facts: DecisionFacts): Run<DecisionFacts>;
}

export type { Json, JsonObject, Schedule, Status };
