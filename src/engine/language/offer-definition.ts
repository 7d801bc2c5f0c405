import type { RootCondition } from './condition-definition.js';
import type { Json, JsonObject } from './json.js';
import type { EventName, GroupName, PlacementId, PurposeName, SegmentId } from './names.js';
import type { Schedule, Status } from './schedule.js';

/** Something the visitor can do with an offer. Texts are templates. */
export interface ActionDefinition {
  /** What it is to the client, such as `link`, `schedule` or `call`. */
  readonly type: string;
  /** What a button or a link says. */
  readonly label?: string;
  /** Where it leads. Values are inserted percent-encoded. */
  readonly url?: string;
  readonly [name: string]: Json | undefined;
}

/** How an offer looks in a placement. Every text in it is a Liquid template. */
export interface TreatmentDefinition {
  /** What is shown, by names of your own. */
  readonly content: JsonObject;
  /** What the visitor can do with it. */
  readonly actions?: readonly ActionDefinition[];
  /**
   * What its texts are: `plain`, characters and nothing else, the default; or `html`, in which inserted values are
   * escaped. In addresses, such as the `url` of an action, values are percent-encoded either way.
   */
  readonly as?: 'plain' | 'html';
  /** The language its texts are in, such as `de-DE`: so dates, numbers and amounts are written. */
  readonly locale?: string;
}

/** What of an offer is counted: that it was decided, shown, clicked or accepted. */
export type CountedEvent = 'decided' | 'shown' | 'clicked' | 'accepted';

/**
 * At most `limit` times `event` of this offer within a window. A decision takes a place until the event tells that it
 * happened, or the hold is over.
 */
export interface CapDefinition {
  /** What is counted. */
  readonly event: CountedEvent;
  /**
   * How often at most; for each visitor 50 at most.
   *
   * @minimum 1
   * @asType integer
   */
  readonly limit: number;
  /** For each visitor by themselves, as when it is left out; or for all of them together. */
  readonly per?: 'visitor' | 'total';
  /** A rolling duration such as `7d`, or `day`, `week` or `month` of the calendar; for ever, when absent. */
  readonly within?: string;
  /** Time zone of the calendar: `Europe/Brussels`. When absent the visitor's own; in total UTC. */
  readonly timeZone?: string;
  /** Only in this placement. */
  readonly placement?: PlacementId;
  /** How long a decision keeps a place for the event to happen, such as `30m`, the default; `2d` for a letter. */
  readonly hold?: string;
}

/** As many as there are, which `PUT /v1/offers/:id/stock` tells: nobody gets what was never said to be there. */
export interface StockDefinition {
  /** What takes one away; `accepted` when absent. */
  readonly event?: CountedEvent;
  /** How long a decision keeps one for the event to happen, such as `30m`, the default. */
  readonly hold?: string;
}

/** The event that says an offer worked. */
export interface GoalDefinition {
  readonly event: EventName;
  /** How long after being shown it counts, such as `7d`. */
  readonly within?: string;
}

/** How probable it is that a person takes an offer, by the segment that they are in. */
export interface SegmentPropensities {
  /** From 0 to 1, by the id of a segment. Who is in several has that of the first, as they are written. */
  readonly segments: { readonly [segment: SegmentId]: number };
  /** For whoever is in none of them: from 0 to 1. When absent they have the mean of the placement. */
  readonly otherwise?: number;
}

/** A probability from 0 to 1 for everybody, or one by segment. */
export type OfferPropensity = number | SegmentPropensities;

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
  /**
   * What it is worth to the business when accepted, in the business's own unit: a part of the score; 1 when absent.
   *
   * @minimum 0
   */
  readonly value?: number;
  /** How probable it is that it is taken: a part of the score, where nothing more exact was uploaded. */
  readonly propensity?: OfferPropensity;
  /**
   * A level that comes before every score: the higher wins; 0 when absent. Only placements by `score` go by it.
   *
   * @asType integer
   */
  readonly tier?: number;
  /** How it looks, looked up by placement id, then by channel, then by `*`. */
  readonly treatments: { readonly [placementOrChannel: string]: TreatmentDefinition };
  /** A hard rule: who may get it at all, as conditions. */
  readonly eligibility?: RootCondition;
  /** When it may be shown. */
  readonly schedule?: Schedule;
  /**
   * The purpose that it needs: without the visitor's consent it is never offered, as a fallback neither. See
   * `policies/consent.json`.
   */
  readonly consent?: PurposeName;
  /** How often it may be shown and the like. */
  readonly caps?: readonly CapDefinition[];
  /** It is limited to what is there. */
  readonly stock?: StockDefinition;
  readonly goal?: GoalDefinition;
  /** A service message rather than marketing: the contact policy does not hold it back. Its caps do. */
  readonly transactional?: boolean;
  readonly status?: Status;
}
