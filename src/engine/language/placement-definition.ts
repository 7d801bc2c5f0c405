import type { ChannelName, OfferId } from './names.js';
import type { Status } from './schedule.js';

/** How long the channel of a placement keeps what it offers to itself, for the person it offers it to. */
export interface LeaseDefinition {
  /**
   * So many minutes from the decision on: up to 30 days.
   *
   * @minimum 1
   * @maximum 43200
   * @asType integer
   */
  readonly minutes: number;
}

/** What the score of a placement is made of: `propensity x weight x value x lever`. Each is on when it is left out. */
export interface ScoreDefinition {
  /** Whether it goes by how probable it is that the offer is taken. */
  readonly propensity?: boolean;
  /** Whether it goes by the weight of the rule that puts the offer forward. */
  readonly weight?: boolean;
  /** Whether it goes by what the offer is worth to the business. */
  readonly value?: boolean;
  /** Whether levers move it, by their factor and by their tier. */
  readonly lever?: boolean;
}

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
  /**
   * How its candidates are ordered. `priority`: the highest rule priority wins. `score`: the highest tier, then the
   * highest `propensity x weight x value x lever`. `learned` is not there yet.
   */
  readonly arbitration?: 'priority' | 'score' | 'learned';
  /** What its score does without; only with `"arbitration": "score"`. */
  readonly score?: ScoreDefinition;
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
  /** Whoever is offered something here is offered it in no other channel for a while. */
  readonly lease?: LeaseDefinition;
  /**
   * By whose clock days are reckoned where neither visitor nor request say their `timezone`: `Europe/Brussels`.
   * Default UTC. Dates in texts go by it first.
   */
  readonly timeZone?: string;
  /** How dates, numbers and amounts in texts are written, such as `de-DE`, where the treatment does not say. */
  readonly locale?: string;
  readonly status?: Status;
}
