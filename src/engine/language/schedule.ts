/** Whether a definition takes part in decisions: `live` does, `paused` and `draft` do not. */
export type Status = 'live' | 'paused' | 'draft';

/**
 * A day (`2026-11-01`, from or until midnight UTC) or an instant (`2026-11-01T09:00:00Z`).
 *
 * @pattern ^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$
 */
export type When = string;

/**
 * A day (`2026-11-01`, from or until midnight), a time (`2026-11-01T09:00`), both in the schedule's `timeZone`, or an
 * instant (`2026-11-01T09:00:00Z`).
 *
 * @pattern ^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$
 */
export type ScheduleTime = string;

/** When a definition is in force: `from` is included, `until` is not. */
export interface Schedule {
  /** The first moment. */
  readonly from?: ScheduleTime;
  /** The first moment after it. */
  readonly until?: ScheduleTime;
  /** By whose clocks days and times without a zone are meant, such as `Europe/Berlin`; UTC when absent. */
  readonly timeZone?: string;
}
