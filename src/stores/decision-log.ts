/** What was decided, for whom and why: one line of the log. */
export interface LoggedDecision {
  readonly decisionId: string;
  readonly visitorId: string;
  /** Milliseconds since the epoch. */
  readonly decidedAt: number;
  readonly rulebookVersion: number;
  readonly served: string;
  /** For each placement asked for, the offers in order with the rules that put them forward. */
  readonly placements: readonly LoggedPlacement[];
}

/** One placement's part of a {@link LoggedDecision}. */
export interface LoggedPlacement {
  readonly placement: string;
  readonly reason: string;
  readonly items: readonly { readonly offer: string; readonly rule?: string; readonly propensity: number }[];
}

/** The log of decisions: appended to in batches after the answers have gone out, bounded in number. */
export abstract class DecisionLog {
  /** Appends; the oldest beyond the log's limit are forgotten. */
  abstract append(decisions: readonly LoggedDecision[]): Promise<void>;

  /** The latest, newest first. */
  abstract latest(limit: number): Promise<LoggedDecision[]>;

  /** All that was decided for any of these ids of a visitor, newest first, some at a time. */
  abstract about(visitorIds: readonly string[]): AsyncGenerator<readonly LoggedDecision[]>;

  /**
   * The latest that were decided for any of these ids, newest first, at most so many: costs no more for who has many.
   * What versions before the index of a log have logged may be left out.
   */
  abstract latestAbout(visitorIds: readonly string[], limit: number): Promise<LoggedDecision[]>;

  /** Erases all that was decided for any of these ids; how many there were. */
  abstract erase(visitorIds: readonly string[]): Promise<number>;

  /**
   * Forgets some of the oldest that were decided before an instant, in milliseconds since the epoch; 0 when none are
   * left.
   */
  abstract forgetBefore(instant: number): Promise<number>;
}
