/** What the service takes and answers. Made from its schemas, by `npm run schemas`: do not edit it. */

/** What became of a batch. */
export interface BatchReceipt {
  readonly success: true;
  /** Taken in now. */
  readonly accepted: number;
  /** Of those, how many are older than what is retained: they count, and can't be seen. Absent when none is. */
  readonly notRetained?: number;
  /** Taken in before, by their message ids. */
  readonly duplicates: number;
  readonly refused: readonly RefusedEvent[];
  /**
   * The places of events that said a time to come and stand at the time of receipt; absent when there are
   * none.
   */
  readonly clamped?: readonly number[];
  /** The places of events that stand without an id that clients send by mistake; absent when there are none. */
  readonly guarded?: readonly number[];
  /**
   * The message ids that were made for events with neither a `messageId` nor a time: sent again with it,
   * such an event is known; without, it counts once more. Absent when there are none.
   */
  readonly messageIds?: readonly NewMessageId[];
  /**
   * The places of events whose anonymousId stays with whom it was: it is somebody else's, or no browser's
   * word is enough to join it. They are their userId's. Absent when there are none.
   */
  readonly notJoined?: readonly number[];
  /**
   * Outcomes that are stored and do not count, by their places; absent when there are none. See
   * `docs/outcomes.md`.
   */
  readonly uncounted?: readonly Uncounted[];
}

/** Where something happens, such as `web`, `email` or `call-centre`. */
export type ChannelName = string;

/** The last word on a purpose. One that has expired says nothing any more; `said` is what it said. */
export interface ConsentProfile {
  readonly status: 'granted' | 'denied' | 'expired';
  readonly said?: 'granted' | 'denied';
  readonly at: string;
  readonly until?: string;
}

/**
 * What is known about a purpose at an instant. `EXPIRED`: what they said no longer counts, which comes to
 * the same as `UNKNOWN`. `UNREAD`: the visitor could not be read, so that nobody can tell.
 */
export type ConsentState = 'GRANTED' | 'DENIED' | 'UNKNOWN' | 'EXPIRED' | 'UNREAD';

/** What of an offer is counted: that it was decided, shown, clicked or accepted. */
export type CountedEvent = 'decided' | 'shown' | 'clicked' | 'accepted';

/** How often an event happened, and when first and last. */
export interface CounterProfile {
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

/** One offer decided for a placement. */
export interface DecidedItem {
  readonly content: JsonObject;
  readonly actions: readonly JsonObject[];
  /** Only where its texts are HTML; otherwise they are plain and have to be inserted as text. */
  readonly as?: 'html';
  readonly offer: string;
  /** The rule that put it forward; absent for a fallback. */
  readonly rule?: string;
  readonly reason: Reason;
  readonly score: number;
  readonly propensity: number;
  /**
   * Proves, with the key of a page, that it was decided for this person: to be sent with what becomes of it.
   * Added by whoever answers, so that the same decision made again is the same.
   */
  readonly token?: string;
}

/** The answer to a decision request. */
export interface DecisionAnswer {
  readonly decisionId: string;
  readonly visitorId: string;
  /** Where clients send this id by mistake: decided as for a stranger, and nothing is remembered. */
  readonly guarded?: true;
  readonly rulebook: { readonly version: number; readonly digest: string };
  readonly served: Served;
  /**
   * Where not all of the visitor was used, as whoever asks has the key of a page: `browser`, what browsers
   * said of them alone; `stranger`, nothing. See `docs/identity.md`.
   */
  readonly seenAs?: SeenAs;
  /**
   * Only where events came with the request: `unconfirmed` events must be sent again, which never applies
   * them twice. `stored` says that all are, now or before; `partly-stored` and `refused` that some or all of
   * them are refused.
   */
  readonly events?: 'stored' | 'partly-stored' | 'refused' | 'unconfirmed' | 'dry-run';
  /** Only where events came with the request: what became of each, in the same order. */
  readonly eventOutcomes?: readonly EventOutcome[];
  readonly decisions: readonly PlacementDecision[];
  /** Only where it was asked for: why each placement is answered so, in the same order. */
  readonly explanation?: readonly PlacementExplanation[];
  readonly elapsedMs: number;
}

/** One decision. */
export interface DecisionProfile {
  readonly decisionId: string;
  readonly at: string;
  /** The id of the person that was asked for. */
  readonly visitorId: string;
  /** The number of the release that decided. */
  readonly release: number;
  readonly placements: readonly PlacementProfile[];
}

/** The body of `POST /v1/decisions`, and of each line of `POST /v1/decisions/batch`. */
export interface DecisionRequest {
  /** Any id of the person, anonymous or known. */
  readonly visitorId: string;
  readonly placements: readonly (string | PlacementAsk)[];
  readonly channel?: string;
  readonly context?: JsonObject;
  /** Applied before deciding, so that one call can report and decide; each in the form of the tracking API. */
  readonly events?: readonly JsonObject[];
  /** Decide as if it were this time; only with `dryRun`. */
  readonly now?: string;
  /** Decide without changing anything anywhere. */
  readonly dryRun?: boolean;
  /**
   * How long places of limited offers are held for what becomes of this decision, such as `2d` for a letter;
   * as the offers' caps say where it is absent.
   */
  readonly hold?: string;
  /**
   * Add `explanation`: for each placement what became of every rule and every condition, and the nearest
   * miss.
   */
  readonly explain?: boolean;
}

/** What became of an event. */
export interface EventOutcome {
  readonly outcome: 'accepted' | 'duplicate' | 'refused' | 'unconfirmed' | 'dry-run';
  /** Of an accepted one: it is older than what is retained, and only counts. */
  readonly notRetained?: true;
  /** Of one that said a time to come: it stands at that of its receipt. */
  readonly clamped?: true;
  /** Of one that stands without an id that clients send by mistake. */
  readonly guarded?: true;
  /** Of one whose anonymousId stays with whom it was; it is its userId's. */
  readonly notJoined?: true;
  /**
   * Of one that came without: the message id that it got here. Sent again with it, it counts once; sent
   * again without, it is a new event, unless it says its time.
   */
  readonly messageId?: string;
  /** Of a refused one: all that is wrong with it, by paths within the event. */
  readonly problems?: readonly Problem[];
}

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
   * The value of the other fact, where `value` names one; of an operator on time `from` when `to` when, both
   * included, and by the clocks of which `timeZone`.
   */
  readonly valueResult?: Json;
  /**
   * What the fact's value, or one in its list, is not, `date` or `version`, so that the operator never holds
   * of it.
   */
  readonly unread?: string;
  /** What an aggregate of numbers did without. */
  readonly passedOver?: PassedOver;
  /** The same of the other fact, where `value` names one. */
  readonly valuePassedOver?: PassedOver;
  /** The purposes for lack of consent to which the facts, or parts of them, are as if they were not there. */
  readonly withheld?: readonly string[];
}

/** A condition as it is written, with what came of it. */
export type ExplainedCondition = ExplainedAll | ExplainedAny | ExplainedNot | ExplainedSegment | ExplainedComparison;

/** A purpose, and what is known of the visitor's consent to it. */
export interface ExplainedConsent {
  readonly purpose: string;
  readonly state: ConsentState;
}

/**
 * The placement's fallback. `because` says why it was wanted: no live rule speaks for the placement, none
 * of them matched, or gates stopped all that did. `STOPPED` comes with the gate.
 */
export interface ExplainedFallback {
  /** The cap of the offer. */
  readonly cap?: StoppingCap;
  /** The part of the contact policy, and where it stands in `policies/contact.json`: `suppression.0`. */
  readonly policy?: StoppingPolicy;
  /** Who keeps the offer to themselves. */
  readonly lease?: StoppingLease;
  /** It could not be known, and what can't be known is not offered. */
  readonly notKnown?: true;
  /**
   * When the offer may be made again, as far as is known now: an ISO 8601 instant; absent where nobody can
   * tell.
   */
  readonly opensAt?: string;
  readonly offer: string;
  readonly verdict: 'SHOWN' | 'NOT_NEEDED' | 'STOPPED' | 'NOT_LIVE';
  readonly because?: 'NO_RULES' | 'NONE_MATCHED' | 'ALL_STOPPED';
  readonly gate?: Gate;
  /** The consent that it lacks; only with the gate `NO_CONSENT`. */
  readonly consent?: ExplainedConsent;
}

/** True when its condition is not. */
export interface ExplainedNot {
  readonly result: Result;
  readonly not: ExplainedCondition;
}

/** A rule of the placement. */
export interface ExplainedRule {
  /** The cap of the offer. */
  readonly cap?: StoppingCap;
  /** The part of the contact policy, and where it stands in `policies/contact.json`: `suppression.0`. */
  readonly policy?: StoppingPolicy;
  /** Who keeps the offer to themselves. */
  readonly lease?: StoppingLease;
  /** It could not be known, and what can't be known is not offered. */
  readonly notKnown?: true;
  /**
   * When the offer may be made again, as far as is known now: an ISO 8601 instant; absent where nobody can
   * tell.
   */
  readonly opensAt?: string;
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
   * What was lacking where the gate is `NO_CONTENT`: a treatment for this placement and channel, or a value
   * in its texts.
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

/** A segment named by a condition. */
export interface ExplainedSegment {
  readonly result: Result;
  readonly condition: string;
  /** The segment's own conditions; absent where they stand already, at an earlier mention in the same tree. */
  readonly conditions?: ExplainedCondition;
}

/** The name of a gate. */
export type Gate =
  | 'HELD_OUT'
  | 'SCHEDULED'
  | 'NOT_ELIGIBLE'
  | 'NO_CONSENT'
  | 'SUPPRESSED'
  | 'QUIET_HOURS'
  | 'CAPPED'
  | 'CONTACT_LIMIT'
  | 'LEASED'
  | 'NO_CONTENT'
  | 'OVER_BUDGET'
  | 'DUPLICATE'
  | 'OUTRANKED';

/**
 * The ids of a person: those they are known by, such as a customer number, and those of devices and
 * browsers.
 */
export interface IdentitiesProfile {
  readonly known: readonly string[];
  /** Those of which nobody has said more, too. */
  readonly anonymous: readonly string[];
}

/** That an id came to be a person's. */
export interface JoinProfile {
  readonly id: string;
  readonly at: string;
  /**
   * Whose word it was: of a key that lies in pages, or of a server or an import. Absent where that is not
   * known.
   */
  readonly by?: 'browser' | 'server';
}

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [name: string]: Json };

/** How probable it is that an offer is taken, and how that is known. */
export interface KnownPropensity {
  readonly value: number;
  readonly from: PropensitySource;
  /** The segment by which it is, where it is by one. */
  readonly segment?: string;
}

/** The answer to a line that could not be decided. */
export interface LineRefusal {
  /** As the line says it, where it can be read. */
  readonly visitorId?: string;
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** Counted from 1, empty lines too. */
    readonly line: number;
    readonly problems: readonly Problem[];
  };
}

/** One open matter. */
export interface MatterProfile {
  /** The number of the case or ticket; absent where no event said one. */
  readonly id?: string;
  readonly topic?: string;
  readonly since: string;
  /** When it was last spoken of, and where. */
  readonly last: string;
  readonly channel: string;
  readonly contacts: number;
  readonly minutes: number;
}

/** A comparison that came out otherwise than was needed. */
export interface MissedCondition {
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
   * The value of the other fact, where `value` names one; of an operator on time `from` when `to` when, both
   * included, and by the clocks of which `timeZone`.
   */
  readonly valueResult?: Json;
  /**
   * What the fact's value, or one in its list, is not, `date` or `version`, so that the operator never holds
   * of it.
   */
  readonly unread?: string;
  /** What an aggregate of numbers did without. */
  readonly passedOver?: PassedOver;
  /** The same of the other fact, where `value` names one. */
  readonly valuePassedOver?: PassedOver;
  /** The purposes for lack of consent to which the facts, or parts of them, are as if they were not there. */
  readonly withheld?: readonly string[];
  /** What its `result` would have had to be; false under a `not`. */
  readonly needed: boolean;
  /** Whose condition it is: the rule's, or the eligibility of its offer. */
  readonly of: 'CONDITIONS' | 'ELIGIBILITY';
  /** The segments through which it is reached, the outermost first. */
  readonly segments?: readonly string[];
}

/** The fewest things that, had they been otherwise, would have let a rule through. */
export interface NearestMiss {
  readonly conditions: readonly MissedCondition[];
  /** The purpose that the visitor would have had to consent to, besides. */
  readonly consent?: string;
  /** The limit that would have had to leave a place, besides, and when it will. */
  readonly limit?: {
    /** The cap of the offer. */
    readonly cap?: StoppingCap;
    /** The part of the contact policy, and where it stands in `policies/contact.json`: `suppression.0`. */
    readonly policy?: StoppingPolicy;
    /** Who keeps the offer to themselves. */
    readonly lease?: StoppingLease;
    /** It could not be known, and what can't be known is not offered. */
    readonly notKnown?: true;
    /**
     * When the offer may be made again, as far as is known now: an ISO 8601 instant; absent where nobody can
     * tell.
     */
    readonly opensAt?: string;
    readonly gate: Gate;
  };
  /** Whether the rule would then have brought its offer into the answer, all else being as it was. */
  readonly wouldWin: boolean;
}

/** The message id that an event got here. */
export interface NewMessageId {
  /** The place of the event among those given, from 0. */
  readonly index: number;
  readonly messageId: string;
}

/** What became of one offer; members of what never happened are absent. */
export interface OfferContacts {
  readonly decided?: ToldContacts;
  readonly shown?: ToldContacts;
  readonly clicked?: ToldContacts;
  readonly accepted?: ToldContacts;
  readonly dismissed?: ToldContacts;
  readonly rated?: ToldContacts;
}

/** One offer that was made. */
export interface OfferProfile {
  readonly offer: string;
  /** The rule that put it forward; absent for a fallback. */
  readonly rule?: string;
  /** What became of it, in order of time, as far as it is remembered; absent where nothing is. */
  readonly outcomes?: readonly OutcomeProfile[];
}

/** The body of `POST /v1/outcomes`: what became of an offer. */
export interface Outcome {
  /** Any id of the person, anonymous or known. */
  readonly visitorId: string;
  /** The decision that made the offer; where it is absent, the last one that made it to this person. */
  readonly decisionId?: string;
  readonly placement?: string;
  /** Where it is absent, the first offer of the decision's placement. */
  readonly offer?: string;
  readonly outcome: OutcomeName | 'later';
  /**
   * Of one that is put off, `later`, or dismissed: until when it is held back, at most 90 days from when it
   * was said; a day of `later` where it is absent.
   */
  readonly until?: string;
  /** The item's own, from the answer: the key of a page counts for nothing without it. */
  readonly token?: string;
  /** Of one that is rated: from 1 to 5. */
  readonly rating?: number;
  /** Of one that is rated: whether it was of help. */
  readonly helpful?: boolean;
  /** Of one that is rated: from -1, the worst, to 1, the best. */
  readonly sentiment?: number;
  readonly channel?: string;
  /** When it was; now where it is absent. */
  readonly timestamp?: string | number;
  /** By which it counts once; made from the decision, the item and the outcome where it is absent. */
  readonly messageId?: string;
  /** What more is known of it. */
  readonly properties?: JsonObject;
}

/** What may be told of an offer. */
export type OutcomeName = 'shown' | 'clicked' | 'accepted' | 'dismissed' | 'rated';

/** Something that became of an offer that was made. */
export interface OutcomeProfile {
  /** One of `contactEvents`. */
  readonly outcome: 'shown' | 'clicked' | 'accepted' | 'dismissed' | 'rated';
  readonly at: string;
  readonly channel?: string;
  /** Of one that is `dismissed`: it was only put off until then. */
  readonly until?: string;
}

/** That an outcome is stored, and whether it counts. */
export interface OutcomeReceipt {
  readonly success: true;
  /** It is older than what is retained: it counts for good, and can't be seen. */
  readonly notRetained?: true;
  /** It said a time to come, and stands at that of its receipt. */
  readonly clamped?: true;
  /** It stands without an id that clients send by mistake. */
  readonly guarded?: true;
  /**
   * The id that was made for it, as it has neither a `messageId` nor a time: sent again with that, it is
   * known; else it counts once more.
   */
  readonly messageId?: string;
  /** Its anonymousId stays with whom it was, and it is its userId's. */
  readonly notJoined?: true;
  /** Whether limits, rules and the single view count it; else it is an interaction like any other. */
  readonly counted: boolean;
  /** Why it does not count. */
  readonly why?: 'no-offer' | 'no-token';
  /** It was told before, by its `messageId`. */
  readonly duplicate?: true;
}

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

/**
 * That two people were parted: `id` left, and is kept under that id; `from` is what the other is kept
 * under.
 */
export interface PartedProfile {
  readonly id: string;
  readonly from: string;
  readonly at: string;
}

/** Values that an aggregate of numbers had to do without, as they are none. */
export interface PassedOver {
  readonly count: number;
  /** How many values there are in all. */
  readonly of: number;
  /** The first that was passed over. */
  readonly example: Json;
}

/** A placement asked for by id, with how many offers are wanted. */
export interface PlacementAsk {
  readonly id: string;
  /** The placement's own count when absent. */
  readonly count?: number;
}

/** The answer for one placement. */
export interface PlacementDecision {
  readonly placement: string;
  /** Why it is answered so: the first item's reason, or `DEFAULT` for an empty answer. */
  readonly reason: Reason;
  readonly items: readonly DecidedItem[];
}

/** Why a placement is answered so. */
export interface PlacementExplanation {
  readonly placement: string;
  /** The channel that rules and treatments went by. */
  readonly channel?: string;
  /** How its candidates were ordered; absent for by priority. */
  readonly arbitration?: 'score';
  /** Every live rule of the placement, the highest priority first. */
  readonly rules: readonly ExplainedRule[];
  /**
   * How many rules are left out, beyond the first 1,000 and those whose offers were put forward; absent for
   * none.
   */
  readonly rulesLeftOut?: number;
  /** What was not looked at for want of consent; absent where nothing was withheld. */
  readonly withheld?: readonly WithheldFacts[];
  /** Absent where the placement has none. */
  readonly fallback?: ExplainedFallback;
  /**
   * The rule that came nearest to bringing its offer into the answer: the fewest conditions, then the
   * smallest gaps between numbers (2 of 3 is nearer than 0 of 60), then the limit that opens soonest, then
   * the highest priority. A consent that was lacking counts as one more condition, and so does a limit that
   * opens again. Where the placement goes by scores and an offer was outscored, it is the next in order,
   * without conditions.
   */
  readonly nearestMiss?: {
    readonly conditions: readonly MissedCondition[];
    /** The purpose that the visitor would have had to consent to, besides. */
    readonly consent?: string;
    /** The limit that would have had to leave a place, besides, and when it will. */
    readonly limit?: {
      /** The cap of the offer. */
      readonly cap?: StoppingCap;
      /** The part of the contact policy, and where it stands in `policies/contact.json`: `suppression.0`. */
      readonly policy?: StoppingPolicy;
      /** Who keeps the offer to themselves. */
      readonly lease?: StoppingLease;
      /** It could not be known, and what can't be known is not offered. */
      readonly notKnown?: true;
      /**
       * When the offer may be made again, as far as is known now: an ISO 8601 instant; absent where nobody can
       * tell.
       */
      readonly opensAt?: string;
      readonly gate: Gate;
    };
    readonly rule: string;
    readonly offer: string;
    readonly outscored?: Outscored;
  };
}

/** What was decided for a placement. */
export interface PlacementProfile {
  readonly placement: string;
  readonly reason: string;
  /** In their order; none where nothing was offered. */
  readonly items: readonly OfferProfile[];
}

/** One thing wrong with an input: where, and what to do about it. */
export interface Problem {
  /** Where in the input, such as `placements[0].id`; empty for the whole of it. */
  readonly path: string;
  readonly message: string;
}

/**
 * Where a propensity comes from, the most exact first. `VISITOR`: uploaded for this very visitor.
 * `UPLOADED`: uploaded for a segment that they are in. `SEGMENT`: the offer's own table. `OFFER`: the
 * offer's own number. `MEAN`: the mean of the placement's offers. `NEUTRAL`: nothing is known of any of
 * them.
 */
export type PropensitySource = 'VISITOR' | 'UPLOADED' | 'SEGMENT' | 'OFFER' | 'MEAN' | 'NEUTRAL';

/** What the levers do. */
export interface PulledLevers {
  /** All their factors multiplied. */
  readonly value: number;
  readonly names: readonly string[];
}

/** One rating. */
export interface RatingProfile {
  /** From 0, the worst, to 1, the best. */
  readonly value: number;
  /** As it was given. */
  readonly given: number;
  readonly event: string;
  readonly channel: string;
  readonly at: string;
}

/**
 * Why an item, or an empty answer, is what it is. `TARGETING_MATCH`: a rule held. `DEFAULT`: the
 * placement's fallback, or nothing. `STALE`: decided without the visitor, who could not be read in time.
 * `ERROR`: nothing could be decided.
 */
export type Reason = 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT' | 'HELD_OUT' | 'STALE' | 'ERROR';

/** An event that was not stored, and all that is wrong with it. */
export interface RefusedEvent {
  /** Its place in the batch, from 0. */
  readonly index: number;
  readonly messageId?: string;
  readonly problems: readonly Problem[];
}

/** Whether something holds; `unknown` where it depends on a visitor who could not be read. */
export type Result = boolean | 'unknown';

/** What a person said of how they were served. */
export interface SatisfactionProfile {
  readonly ratings: {
    readonly count: number;
    /** From 0, the worst, to 1, the best. */
    readonly mean?: number;
    readonly latest?: RatingProfile;
  };
  /** Answers to "was this helpful?". */
  readonly helpful: { readonly yes: number; readonly no: number; readonly latest?: VoteProfile };
}

/**
 * Why a rule does not speak: `CHANNEL`, not for this channel; `TOO_EARLY` and `TOO_LATE`, its schedule;
 * `OFFER_NOT_LIVE`, its offer is paused, a draft or gone.
 */
export type ScopeReason = 'CHANNEL' | 'TOO_EARLY' | 'TOO_LATE' | 'OFFER_NOT_LIVE';

/** A score with all that it is made of. */
export interface Score {
  /** Comes before the score: the higher wins. */
  readonly tier: number;
  readonly score: number;
  readonly factors: ScoreFactors;
}

/** What a score is made of; what the placement switches off is absent. */
export interface ScoreFactors {
  readonly propensity?: KnownPropensity;
  /** The weight of the rule. */
  readonly weight?: number;
  /** The value of the offer. */
  readonly value?: number;
  readonly lever?: PulledLevers;
}

/**
 * How little of a person is known to somebody who may not know all: what browsers said of them, or
 * nothing, as of a stranger.
 */
export type SeenAs = 'browser' | 'stranger';

/** From -1, very negative, to 1, very positive. */
export interface SentimentProfile {
  readonly count: number;
  readonly mean?: number;
  readonly latest?: { readonly value: number; readonly event: string; readonly channel: string; readonly at: string };
}

/** How much of the decision could be made; see `docs/reasons-and-errors.md`. */
export type Served = 'full' | 'context-only' | 'fallback';

/** A session as the API tells it. */
export interface SessionProfile {
  readonly start: string;
  /** When the last interaction of it happened. */
  readonly end: string;
  /** The next interaction may still belong to it. */
  readonly active: boolean;
  /** The one it began in. */
  readonly channel: string;
  readonly interactions: number;
  /** How often each event happened in it. */
  readonly events: { readonly [name: string]: number };
}

/** How many sessions the retained interactions make, and the last of them. */
export interface SessionsProfile {
  readonly count: number;
  readonly last?: SessionProfile;
}

/** An interaction as desks are told it: with who said that it happened. */
export interface SourcedInteraction {
  /** Said by whoever has a key that lies in pages; absent for what a server or an import said. */
  readonly by?: 'browser';
  readonly event: string;
  readonly timestamp: string;
  readonly channel: string;
  readonly messageId: string;
  readonly properties: JsonObject;
}

/** A cap that stops an offer. Plain JSON. */
export interface StoppingCap {
  readonly event: CountedEvent;
  /** `stock`: as many as are there. */
  readonly limit: number | 'stock';
  readonly per: 'visitor' | 'total';
  readonly within?: string;
  /** By whose clocks, where the calendar counts. */
  readonly timeZone?: string;
  readonly placement?: string;
  /** How many places are taken, and how many of them are only held; absent in total, where others count. */
  readonly taken?: number;
  readonly held?: number;
}

/** Another channel that keeps an offer to itself. Plain JSON. */
export interface StoppingLease {
  readonly channel?: string;
  readonly placement?: string;
}

/** A part of the contact policy that stops an offer, by where it stands in the file. Plain JSON. */
export type StoppingPolicy =
  | {
      /** The other offer of the group that it happened to; absent where it is the offer itself. */
      readonly because?: string;
      /** The offer was put off until then, which is what counts in place of the rest. */
      readonly putOff?: true;
      /** What has to happen to the offer. */
      readonly after: 'shown' | 'clicked' | 'accepted' | 'dismissed';
      /** How often; 1 when absent. */
      readonly times?: number;
      /** Within which time it has to happen so often, such as `30d`; ever, when absent. */
      readonly within?: string;
      /** How long the offer then stays away, such as `14d`. */
      readonly for: string;
      /** How long all other offers of its group stay away, such as `3d`; not at all, when absent. */
      readonly group?: string;
      readonly at: string;
    }
  | {
      /** Only in these channels; in all of them when absent. */
      readonly channels?: readonly ChannelName[];
      /** When they begin, such as `21:00`. */
      readonly from: TimeOfDay;
      /** When they are over, such as `08:00`: the next day, where that is earlier than `from`. */
      readonly until: TimeOfDay;
      /** The days on which they begin; every day, when absent. */
      readonly days?: readonly Weekday[];
      /**
       * By whose clocks, such as `Europe/Brussels`; when absent by the visitor's, else the placement's, else
       * UTC.
       */
      readonly timeZone?: string;
      readonly at: string;
    }
  | {
      readonly name?: string;
      readonly event: CountedEvent;
      readonly limit: number;
      readonly within: string;
      readonly timeZone?: string;
      readonly channels?: readonly string[];
      readonly taken?: number;
      readonly held?: number;
      readonly at: string;
    };

/** What is open between a person and support. */
export interface SupportProfile {
  /** The longest open first. */
  readonly open: readonly MatterProfile[];
  /** Spent by the person on all that is open. */
  readonly minutes: number;
  /** Since when something has been open; absent where nothing is. */
  readonly since?: string;
  /** How many were resolved. */
  readonly resolved: number;
  readonly lastResolved?: string;
}

/** A time of day, from `00:00` to `24:00`. */
export type TimeOfDay = string;

/** How often something happened to an offer. */
export interface ToldContacts {
  /** Of those that are kept, the latest 50: 50 means 50 or more. */
  readonly count: number;
  readonly first: string;
  readonly last: string;
  /** Where the last happened, as far as it is known. */
  readonly placement?: string;
  readonly channel?: string;
  /** Of what was `dismissed`: the last was only put off until then. */
  readonly until?: string;
}

/** A trait, where it was heard and when. */
export interface TraitProfile {
  readonly value: Json;
  /** `identify`, `group`, `import` or `api`. */
  readonly source: string;
  readonly at: string;
}

/** An outcome that is stored as an interaction, and does not count as an outcome. */
export interface Uncounted {
  /** Its place among the events given, from 0. */
  readonly index: number;
  /** It names no offer, or is the word of a page without the token of its item. */
  readonly why: 'no-offer' | 'no-token';
}

/**
 * What became of a rule. `WON`: its offer is in the answer. `STOPPED`: its conditions hold, and a gate
 * stopped its offer. `NOT_MATCHED`: its conditions do not hold, or it can't be known. `OUT_OF_SCOPE`: it
 * does not speak here and now.
 */
export type Verdict = 'WON' | 'STOPPED' | 'NOT_MATCHED' | 'OUT_OF_SCOPE';

/** The single view of a person, as the API tells it. Times are ISO 8601 in UTC. */
export interface VisitorProfile {
  readonly satisfaction: SatisfactionProfile;
  readonly sentiment: SentimentProfile;
  readonly support: SupportProfile;
  readonly visitorId: string;
  readonly ids: readonly string[];
  readonly identities: IdentitiesProfile;
  /** Which ids came to be theirs, when, and by whose word, oldest first; absent where none did. */
  readonly joins?: readonly JoinProfile[];
  /** Whom they were parted from again, oldest first; absent where they never were. */
  readonly parted?: readonly PartedProfile[];
  readonly traits: JsonObject;
  readonly traitDetails: { readonly [name: string]: TraitProfile };
  /**
   * What browsers said of traits of which a server has its say too; absent where there is nothing of the
   * kind.
   */
  readonly outrankedTraits?: { readonly [name: string]: TraitProfile };
  /** By purpose. */
  readonly consents: { readonly [name: string]: ConsentProfile };
  readonly sessions: SessionsProfile;
  /** By offer, what became of it for them; absent where nothing did. */
  readonly contacts?: { readonly [name: string]: OfferContacts };
  /**
   * The latest that were decided for them, newest first; absent where none were, and in answers to what is
   * set.
   */
  readonly decisions?: readonly DecisionProfile[];
  readonly counters: { readonly [name: string]: CounterProfile };
  /** Newest first, across all channels. */
  readonly interactions: readonly SourcedInteraction[];
  /** In the answer to a word on a purpose: it gave a time to come, and stands at that of its receipt. */
  readonly clamped?: true;
}

/** One answer to "was this helpful?". */
export interface VoteProfile {
  readonly helpful: boolean;
  readonly event: string;
  readonly channel: string;
  readonly at: string;
}

/** A day of the week. */
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

/**
 * What the decision did without, for want of consent: `profile`, `interactions`, or single traits such as
 * `profile.interests`.
 */
export interface WithheldFacts {
  readonly purpose: string;
  readonly state: ConsentState;
  readonly facts: readonly string[];
}
