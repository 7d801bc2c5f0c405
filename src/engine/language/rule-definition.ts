import type { RootCondition } from './condition-definition.js';
import type { Json } from './json.js';
import type { ChannelName, OfferId, PlacementId } from './names.js';
import type { Schedule, Status } from './schedule.js';

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
