/**
 * The shapes of the rule files, exactly as a marketer writes them. One definition per file under `rules/`: the folder
 * says the kind, the file name is the id. The JSON Schemas in `schemas/` are generated from this file.
 */

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A JSON object. */
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Whether a definition takes part in decisions: `live` does, `paused` and `draft` do not. */
export type Status = 'live' | 'paused' | 'draft';

/**
 * A day (`2026-11-01`, from or until midnight UTC) or an instant (`2026-11-01T09:00:00Z`).
 *
 * @pattern ^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$
 */
export type When = string;

/** When a definition is in force: `from` is included, `until` is not. */
export interface Schedule {
  readonly from?: When;
  readonly until?: When;
}

/** A reference to another fact, where a value may stand. */
export interface FactReference {
  readonly fact: string;
  readonly params?: JsonObject;
  /** A JSONPath into the fact's value, such as `$.address.city`. */
  readonly path?: string;
}

/** Compares one fact with a value: json-rules-engine's condition. */
export interface Comparison extends FactReference {
  /** An operator, with decorators before it if wanted: `equal`, `not:contains`, `someFact:greaterThan`. */
  readonly operator: string;
  /** What the fact is compared with: a JSON value, or another fact as `{ "fact": … }`. */
  readonly value: Json;
  readonly name?: string;
  readonly priority?: number;
}

/** True when every one of its conditions is; an empty list is true. */
export interface All {
  readonly all: readonly Condition[];
  readonly name?: string;
  readonly priority?: number;
}

/** True when one of its conditions is; an empty list is true, as in json-rules-engine. */
export interface Any {
  readonly any: readonly Condition[];
  readonly name?: string;
  readonly priority?: number;
}

/** True when its condition is not. */
export interface Not {
  readonly not: Condition;
  readonly name?: string;
  readonly priority?: number;
}

/** True when the segment of that id is: a file `rules/segments/<id>.json`. */
export interface SegmentReference {
  readonly condition: string;
  readonly name?: string;
  readonly priority?: number;
}

/** The condition language of json-rules-engine. */
export type Condition = All | Any | Not | SegmentReference | Comparison;

/** A condition that may stand at the root of a rule, a segment or an eligibility. */
export type RootCondition = All | Any | Not | SegmentReference;

/** A slot that asks for content: `rules/placements/<id>.json`. */
export interface PlacementDefinition {
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  readonly description?: string;
  /** The channel it belongs to, such as `web`, `email` or `call-centre`; used when a request names none. */
  readonly channel?: string;
  /**
   * How many offers it shows when the request does not say.
   *
   * @minimum 1
   * @maximum 50
   * @asType integer
   */
  readonly count?: number;
  /** How its candidates are ordered. `priority`: the highest rule priority wins. */
  readonly arbitration?: 'priority' | 'score' | 'learned';
  /** The offer shown when nothing else can be. It ignores schedule and eligibility, never consent. */
  readonly fallback?: string;
  /** Placements of one call that share this word never show the same offer twice. */
  readonly dedupe?: string;
  /** At most this many offers of one group in the placement's answer.
   *
   * @minimum 1
   * @asType integer
   */
  readonly maxPerGroup?: number;
  /** Time zone of the `now` fact where the visitor has no `timezone` trait, such as `Europe/Brussels`. Default UTC. */
  readonly timeZone?: string;
  readonly status?: Status;
}

/** Something the visitor can do with an offer. Texts are templates. */
export interface ActionDefinition {
  /** What it is to the client, such as `link`, `schedule` or `call`. */
  readonly type: string;
  readonly label?: string;
  readonly url?: string;
  readonly [name: string]: Json | undefined;
}

/** How an offer looks in a placement. Every text in it is a Liquid template. */
export interface TreatmentDefinition {
  readonly content: JsonObject;
  readonly actions?: readonly ActionDefinition[];
}

/** At most `limit` times `event` of this offer within a window. Accepted, not enforced yet. */
export interface CapDefinition {
  readonly event: 'decided' | 'shown' | 'clicked' | 'accepted';
  /**
   * @minimum 1
   * @asType integer
   */
  readonly limit: number;
  readonly per?: 'visitor' | 'total';
  /** A rolling duration such as `7d`, or `day`, `week` or `month` of the calendar. */
  readonly within?: string;
  readonly timeZone?: string;
  readonly placement?: string;
}

/** The event that says an offer worked. */
export interface GoalDefinition {
  readonly event: string;
  /** How long after being shown it counts, such as `7d`. */
  readonly within?: string;
}

/** What can be shown or done: `rules/offers/<id>.json`. */
export interface OfferDefinition {
  readonly $schema?: string;
  readonly name: string;
  readonly description?: string;
  /** Offers of one group stand for the same thing; see `maxPerGroup` of a placement. */
  readonly group?: string;
  /** What it is worth to the business when accepted, in the business's own unit. */
  readonly value?: number;
  /** How it looks, looked up by placement id, then by channel, then by `*`. */
  readonly treatments: { readonly [placementOrChannel: string]: TreatmentDefinition };
  /** A hard rule: who may get it at all. */
  readonly eligibility?: RootCondition;
  readonly schedule?: Schedule;
  /** The purpose that it needs: without the visitor's consent it is never offered, as a fallback neither. See `policies/consent.json`. */
  readonly consent?: string;
  readonly caps?: readonly CapDefinition[];
  readonly goal?: GoalDefinition;
  /** A service message rather than marketing. */
  readonly transactional?: boolean;
  readonly status?: Status;
}

/** A named condition: `rules/segments/<id>.json`, used elsewhere as `{ "condition": "<id>" }`. */
export interface SegmentDefinition {
  readonly $schema?: string;
  readonly name: string;
  readonly description?: string;
  readonly conditions: RootCondition;
}

/** What a rule does when its conditions hold: it puts an offer forward. */
export interface OfferEvent {
  readonly type: 'offer';
  readonly params: {
    /** The offer's id: a file `rules/offers/<id>.json`. */
    readonly offer: string;
    /**
     * The context weight of the score; 1 is neutral.
     *
     * @minimum 0
     */
    readonly weight?: number;
    readonly [name: string]: Json | undefined;
  };
}

/** A rule, proactive (what is known of the person) or contextual (what the person did). */
export interface RuleDefinition {
  readonly $schema?: string;
  readonly name: string;
  readonly description?: string;
  /**
   * The placements it speaks for.
   *
   * @minItems 1
   */
  readonly placements: readonly string[];
  /** Only in these channels; all of them when absent. */
  readonly channels?: readonly string[];
  readonly conditions: RootCondition;
  readonly event: OfferEvent;
  /**
   * The higher wins; 1 when absent.
   *
   * @minimum 1
   * @asType integer
   */
  readonly priority?: number;
  readonly schedule?: Schedule;
  readonly status?: Status;
}

/** A purpose that visitors decide about. */
export interface PurposeDefinition {
  readonly description?: string;
  /** What counts while a visitor has said nothing, or what they said has expired; `denied` when absent. */
  readonly unknown?: 'granted' | 'denied';
}

/** What visitors decide about, and what may only be used with their consent: `rules/policies/consent.json`. */
export interface ConsentPolicyDefinition {
  readonly $schema?: string;
  readonly name: string;
  readonly description?: string;
  /** Every purpose, by the name under which consent to it is recorded and asked for. */
  readonly purposes: { readonly [purpose: string]: PurposeDefinition };
  /** The purpose that a whole fact needs, and with it all that is made from the fact. Without consent there is nothing in it. */
  readonly facts?: { readonly profile?: string; readonly interactions?: string };
  /** The purpose that single traits need, such as those bought from a data partner: by name of the trait. */
  readonly traits?: { readonly [trait: string]: string };
}

/** What a visitor said about a purpose, as a case tells it. */
export type CaseConsent = 'granted' | 'denied' | { readonly status: 'granted' | 'denied'; readonly until?: When };

/** A past interaction, as a case tells it. */
export interface CaseInteraction {
  readonly event: string;
  readonly timestamp: When;
  readonly channel?: string;
  readonly properties?: JsonObject;
  readonly messageId?: string;
}

/** A test of the rules: a visitor, a request, a time, and the decision expected: `rules/cases/<id>.json`. */
export interface CaseDefinition {
  readonly $schema?: string;
  readonly name: string;
  readonly description?: string;
  readonly visitor?: {
    readonly traits?: JsonObject;
    readonly interactions?: readonly CaseInteraction[];
    /** By purpose; of any other nothing is known. */
    readonly consents?: { readonly [purpose: string]: CaseConsent };
  };
  readonly request: {
    /** @minItems 1 */
    readonly placements: readonly (string | { readonly id: string; readonly count?: number })[];
    readonly channel?: string;
    readonly context?: JsonObject;
  };
  readonly now: When;
  /** For each placement, the ids of the offers in order. */
  readonly expect: { readonly [placement: string]: readonly string[] };
  /** For each placement, content expected of its first offer: only the names given are compared. */
  readonly expectContent?: { readonly [placement: string]: JsonObject };
}

/** Everything the rule files define, by id. Proactive and contextual rules share one set of ids. */
export interface Definitions {
  readonly placements: ReadonlyMap<string, PlacementDefinition>;
  readonly offers: ReadonlyMap<string, OfferDefinition>;
  readonly segments: ReadonlyMap<string, SegmentDefinition>;
  readonly rules: ReadonlyMap<string, RuleDefinition>;
  readonly cases: ReadonlyMap<string, CaseDefinition>;
  /** Absent where the rule files say nothing about consent. */
  readonly consent?: ConsentPolicyDefinition;
}
