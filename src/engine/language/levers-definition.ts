import type { GroupName, OfferId, PlacementId } from './names.js';
import type { Schedule } from './schedule.js';

/** Something that the business does to the score of offers. */
export interface LeverDefinition {
  /** What people call it, and explanations show. */
  readonly name?: string;
  /** The offers that it moves. */
  readonly offers?: readonly OfferId[];
  /** The groups whose offers it moves, besides. */
  readonly groups?: readonly GroupName[];
  /** Only in these placements; in all of them when absent. */
  readonly placements?: readonly PlacementId[];
  /**
   * What the score is multiplied by: 1.5 for half as much again. Factors of several levers multiply.
   *
   * @exclusiveMinimum 0
   */
  readonly factor?: number;
  /**
   * A level that comes before every score: the higher wins. Of several levers, and of the offer's own, the highest
   * counts.
   *
   * @asType integer
   */
  readonly tier?: number;
  /** When it is pulled; always, when absent. */
  readonly schedule?: Schedule;
}

/**
 * What the business wants more or less of for a while, whatever offers are worth by themselves:
 * `rules/policies/levers.json`. Levers move what placements by `score` show, and no other.
 */
export interface LeversDefinition {
  /** The schema by which an editor completes and checks this file. */
  readonly $schema?: string;
  /** What people call it. */
  readonly name: string;
  /** What more there is to say. */
  readonly description?: string;
  /** Each of them. */
  readonly levers: readonly LeverDefinition[];
}
