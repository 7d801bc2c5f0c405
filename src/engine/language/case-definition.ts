import type { JsonObject } from './json.js';
import type { ChannelName, EventName, GateName, OfferId, PlacementId } from './names.js';
import type { When } from './schedule.js';

/** What a visitor said about a purpose, as a case tells it. */
export type CaseConsent = 'granted' | 'denied' | CaseConsentUntil;

/** The same, for a time. */
export interface CaseConsentUntil {
  /** What they said. */
  readonly status: 'granted' | 'denied';
  /** From then on it says nothing any more; for good, when absent. */
  readonly until?: When;
}

/** A past interaction, as a case tells it. */
export interface CaseInteraction {
  readonly event: EventName;
  /** When it happened. What is later than the case's `now` has not happened yet. */
  readonly timestamp: When;
  /** Where it happened; `web` when absent. */
  readonly channel?: ChannelName;
  /** What more is known of it. */
  readonly properties?: JsonObject;
  /** Its id, where a rule looks at it. */
  readonly messageId?: string;
}

/** A past contact with an offer, as a case tells it. */
export interface CaseContact {
  /** With which offer. */
  readonly offer: OfferId;
  /** What became of it. */
  readonly event: 'decided' | 'shown' | 'clicked' | 'accepted' | 'dismissed' | 'rated';
  /** When it happened. What is later than the case's `now` has not happened yet. */
  readonly timestamp: When;
  /** In which channel; that of the placement, when absent, else `web`. */
  readonly channel?: ChannelName;
  /** In which placement. */
  readonly placement?: PlacementId;
  /** A word for the item of a decision that it tells of: what has the same word tells of the same one. */
  readonly item?: string;
  /** Of what is `decided`: how long it holds its places; when absent, as long as the limits of the offer say. */
  readonly hold?: string;
}

/** What is known of limits in total, as a case tells it. */
export interface CaseLimits {
  /** The offers whose caps in total are reached, or whose stock is gone. */
  readonly spent?: readonly OfferId[];
  /** Whether nothing can be reserved. */
  readonly unknown?: boolean;
}

/** A test of the rules: a visitor, a request, a time, and the decision expected: `rules/cases/<id>.json`. */
export interface CaseDefinition {
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** The story in a line. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  /** Who it is; a stranger, when absent. */
  readonly visitor?: {
    /** Their id, by which they fall into shares; that of the case, when absent. */
    readonly id?: string;
    /** What is known of them, by name. */
    readonly traits?: JsonObject;
    /** What they did. */
    readonly interactions?: readonly CaseInteraction[];
    /** What became of offers for them. What they did counts as the goals of offers, too. */
    readonly contacts?: readonly CaseContact[];
    /** What they agreed to, by purpose; of any other nothing is known. */
    readonly consents?: { readonly [purpose: string]: CaseConsent };
  };
  /** What is asked. */
  readonly request: {
    /**
     * The placements that are asked, by id, or with how many offers: `{ "id": "home.cards", "count": 3 }`.
     *
     * @minItems 1
     */
    readonly placements: readonly (
      | string
      | {
          /** The placement's id. */
          readonly id: string;
          /**
           * How many offers are wanted.
           *
           * @minimum 1
           * @asType integer
           */
          readonly count?: number;
        }
    )[];
    /** The channel it is asked for; the placement's own, when absent. */
    readonly channel?: ChannelName;
    /** What is known of the moment: the fact `context`. */
    readonly context?: JsonObject;
  };
  /** What is known of limits in total; nothing is used up, when absent. */
  readonly limits?: CaseLimits;
  /** The time of the decision, which makes the story true for ever. */
  readonly now: When;
  /** For each placement, the ids of the offers in order; an empty list for none. */
  readonly expect: { readonly [placement: string]: readonly OfferId[] };
  /** For each placement, the gates that stop offers: `{ "home.hero": { "pet-camera": "CAPPED" } }`. */
  readonly expectGates?: { readonly [placement: string]: { readonly [offer: string]: GateName } };
  /** For each placement, content expected of its first offer: only the names given are compared. */
  readonly expectContent?: { readonly [placement: string]: JsonObject };
}
