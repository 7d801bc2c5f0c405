import type { Calls } from '../calls.js';
import { MOST_BYTES, MOST_EVENTS, sendEvents } from './event-sender.js';
import type { CallOptions } from '../options.js';
import { outcomeEvent } from './outcome-event.js';
import type { Outcome, Problem, Uncounted } from '../service-types.js';
import { UsherError } from '../usher-error.js';

/** What became of outcomes that were told; `index` is the place among those given. */
export interface OutcomesReceipt {
  /** Taken in now. */
  readonly stored: number;
  /** Known already, by their `messageId`. */
  readonly duplicates: number;
  readonly refused: readonly { readonly index: number; readonly problems: readonly Problem[] }[];
  /** Stored, and not counted by limits, with the reason. */
  readonly notCounted: readonly { readonly index: number; readonly why: Uncounted['why'] }[];
}

/** What there is to tell, from a list or as it comes. */
export type Outcomes = AsyncIterable<Outcome> | Iterable<Outcome>;

const ATTEMPTS = 10;
/** For one request of some of them, retries included. */
const DEADLINE_MS = 60_000;

/** Tells outcomes, some at a time. Rejects where the service can't be reached: `answered` says how many were told. */
export async function tellOutcomes(calls: Calls, outcomes: Outcomes, options: CallOptions): Promise<OutcomesReceipt> {
  const sum = { stored: 0, duplicates: 0 };
  const refused: OutcomesReceipt['refused'][number][] = [];
  const notCounted: OutcomesReceipt['notCounted'][number][] = [];
  let answered = 0;
  for await (const some of inParts(outcomes)) {
    const how = { deadlineMs: DEADLINE_MS, ...options, attempts: ATTEMPTS };
    const receipt = await sendEvents(calls, some, how).catch((error: unknown) => {
      throw after(answered, error);
    });
    sum.stored += receipt.accepted;
    sum.duplicates += receipt.duplicates;
    for (const { index, problems } of receipt.refused) refused.push({ index: index + answered, problems });
    for (const { index, why } of receipt.uncounted ?? []) notCounted.push({ index: index + answered, why });
    answered += some.length;
  }
  return { ...sum, refused, notCounted };
}

/** Their events as JSON, as many as fit into a request. */
async function* inParts(outcomes: Outcomes): AsyncGenerator<readonly string[]> {
  let part: string[] = [];
  let room = MOST_BYTES;
  for await (const outcome of outcomes) {
    const text = JSON.stringify(outcomeEvent(outcome));
    room -= Buffer.byteLength(text);
    if (part.length === MOST_EVENTS || (room < 0 && part.length > 0)) {
      yield part;
      part = [];
      room = MOST_BYTES - Buffer.byteLength(text);
    }
    part.push(text);
  }
  if (part.length > 0) yield part;
}

function after(answered: number, error: unknown): unknown {
  if (!(error instanceof UsherError)) return error;
  const { code, status, problems } = error;
  const message = `After ${answered} outcomes: ${error.message}`;
  return new UsherError(code, message, { status, problems, answered, cause: error });
}
