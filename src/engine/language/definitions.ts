/**
 * The shapes of the rule files, exactly as a marketer writes them. One definition per file under `rules/`: the folder
 * says the kind, the file name is the id. The JSON Schemas in `schemas/` are generated from this file.
 */
import type { CaseDefinition } from './case-definition.js';
import type { ChannelName, EventName, Json, JsonObject, RootCondition } from './condition-definition.js';

export type { CaseConsent, CaseDefinition, CaseInteraction } from './case-definition.js';
export type {
  All,
  Any,
  Comparison,
  Condition,
  FactReference,
  Json,
  JsonObject,
  Not,
  RootCondition,
  SegmentReference,
} from './condition-definition.js';

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
  /** The first moment. */
  readonly from?: When;
  /** The first moment after it. */
  readonly until?: When;
}

/** The id of an offer: a file `rules/offers/<id>.json`. */
export type OfferId = string;

/** The id of a placement: a file `rules/placements/<id>.json`. */
export type PlacementId = string;

/** What several offers stand for. */
export type GroupName = string;

/** A purpose that visitors decide about, by its name in `rules/policies/consent.json`. */
export type PurposeName = string;

/** A slot that asks for content: `rules/placements/<id>.json`. */
export interface PlacementDefinition {
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  /** The channel it belongs to, such as `web`, `email` or `call-centre`; used when a request names none. */
  readonly channel?: ChannelName;
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
  readonly fallback?: OfferId;
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
  /** What a button or a link says. */
  readonly label?: string;
  /** Where it leads. */
  readonly url?: string;
  readonly [name: string]: Json | undefined;
}

/** How an offer looks in a placement. Every text in it is a Liquid template. */
export interface TreatmentDefinition {
  /** What is shown, by names of your own. */
  readonly content: JsonObject;
  /** What the visitor can do with it. */
  readonly actions?: readonly ActionDefinition[];
}

/** At most `limit` times `event` of this offer within a window. Accepted, not enforced yet. */
export interface CapDefinition {
  /** What is counted. */
  readonly event: 'decided' | 'shown' | 'clicked' | 'accepted';
  /**
   * How often at most.
   *
   * @minimum 1
   * @asType integer
   */
  readonly limit: number;
  /** For each visitor by themselves, or for all of them together. */
  readonly per?: 'visitor' | 'total';
  /** A rolling duration such as `7d`, or `day`, `week` or `month` of the calendar. */
  readonly within?: string;
  /** Time zone of the calendar, such as `Europe/Brussels`. */
  readonly timeZone?: string;
  /** Only in this placement. */
  readonly placement?: PlacementId;
}

/** The event that says an offer worked. */
export interface GoalDefinition {
  readonly event: EventName;
  /** How long after being shown it counts, such as `7d`. */
  readonly within?: string;
}

/** What can be shown or done: `rules/offers/<id>.json`. */
export interface OfferDefinition {
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  /** Offers of one group stand for the same thing; see `maxPerGroup` of a placement. */
  readonly group?: GroupName;
  /** What it is worth to the business when accepted, in the business's own unit. */
  readonly value?: number;
  /** How it looks, looked up by placement id, then by channel, then by `*`. */
  readonly treatments: { readonly [placementOrChannel: string]: TreatmentDefinition };
  /** A hard rule: who may get it at all, as conditions. */
  readonly eligibility?: RootCondition;
  /** When it may be shown. */
  readonly schedule?: Schedule;
  /** The purpose that it needs: without the visitor's consent it is never offered, as a fallback neither. See `policies/consent.json`. */
  readonly consent?: PurposeName;
  /** How often it may be shown and the like. Accepted, not enforced yet. */
  readonly caps?: readonly CapDefinition[];
  readonly goal?: GoalDefinition;
  /** A service message rather than marketing. */
  readonly transactional?: boolean;
  readonly status?: Status;
}

/** A named condition: `rules/segments/<id>.json`, used elsewhere as `{ "condition": "<id>" }`. */
export interface SegmentDefinition {
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  /** Who is in it. */
  readonly conditions: RootCondition;
}

/** What a rule does when its conditions hold: it puts an offer forward. */
export interface OfferEvent {
  /** It puts an offer forward. */
  readonly type: 'offer';
  /** Which offer, and how much it weighs here. */
  readonly params: {
    readonly offer: OfferId;
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
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  /**
   * The placements it speaks for.
   *
   * @minItems 1
   */
  readonly placements: readonly PlacementId[];
  /** Only in these channels; all of them when absent. */
  readonly channels?: readonly ChannelName[];
  /** When it holds. */
  readonly conditions: RootCondition;
  readonly event: OfferEvent;
  /**
   * The higher wins; 1 when absent.
   *
   * @minimum 1
   * @asType integer
   */
  readonly priority?: number;
  /** When it speaks. */
  readonly schedule?: Schedule;
  readonly status?: Status;
}

/** A purpose that visitors decide about. */
export interface PurposeDefinition {
  /** What it is, in words that visitors understand. */
  readonly description?: string;
  /** What counts while a visitor has said nothing, or what they said has expired; `denied` when absent. */
  readonly unknown?: 'granted' | 'denied';
}

/** What visitors decide about, and what may only be used with their consent: `rules/policies/consent.json`. */
export interface ConsentPolicyDefinition {
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  /** Every purpose, by the name under which consent to it is recorded and asked for. */
  readonly purposes: { readonly [purpose: string]: PurposeDefinition };
  /** The purpose that a whole fact needs, and with it all that is made from the fact. Without consent there is nothing in it. */
  readonly facts?: {
    /** The purpose that the traits need. */
    readonly profile?: PurposeName;
    /** The purpose that the history needs. */
    readonly interactions?: PurposeName;
  };
  /** The purpose that single traits need, such as those bought from a data partner: by name of the trait. */
  readonly traits?: { readonly [trait: string]: PurposeName };
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
