import type { Problem } from './service-types.js';

/** What the client itself has to say; the codes of the service are in its `docs/reasons-and-errors.md`. */
export type ClientErrorCode =
  | 'INVALID_OPTIONS'
  | 'INVALID_REQUEST'
  | 'TIMEOUT'
  | 'UNREACHABLE'
  | 'CONNECTION_LOST'
  | 'BAD_ANSWER'
  | 'BROKEN_OFF'
  | 'EVENT_REFUSED'
  | 'EVENT_NOT_SENT'
  | 'OUTCOME_NOT_COUNTED'
  | 'CLOSED';

/** What else an error tells. */
export interface ErrorDetails {
  /** The HTTP status, where the service answered. */
  readonly status?: number | undefined;
  readonly problems?: readonly Problem[];
  /** After how many milliseconds it is worth trying again, where the service said so. */
  readonly retryAfterMs?: number | undefined;
  /** The events that it is about, as they were to be sent: each with its `messageId`. */
  readonly events?: readonly object[];
  /** Of a batch, or of outcomes: how many of those given were answered before it. */
  readonly answered?: number;
  /** Of a batch: by which it can be run again. */
  readonly batchId?: string;
  readonly cause?: unknown;
}

/** What went wrong, and what to do about it. `code` is stable: one of the service's, or {@link ClientErrorCode}. */
export class UsherError extends Error {
  override readonly name = 'UsherError';
  readonly status: number | undefined;
  readonly problems: readonly Problem[];
  readonly retryAfterMs: number | undefined;
  readonly events: readonly object[];
  readonly answered: number | undefined;
  readonly batchId: string | undefined;

  constructor(
    readonly code: string,
    message: string,
    { problems = [], events = [], cause, ...more }: ErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = more.status;
    this.problems = problems;
    this.retryAfterMs = more.retryAfterMs;
    this.events = events;
    this.answered = more.answered;
    this.batchId = more.batchId;
  }

  /** Whether the request itself is wrong: the same one would be refused again, by a service in the best of health. */
  get isCallersMistake(): boolean {
    return this.code === 'INVALID_REQUEST' || [400, 413, 415, 422].includes(this.status ?? 0);
  }
}
