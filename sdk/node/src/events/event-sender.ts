import { badAnswer } from '../connections.js';
import type { Calls } from '../calls.js';
import type { CallOptions } from '../options.js';
import type { BatchReceipt } from '../service-types.js';

/** How long one try with a request full of events may take. */
const ATTEMPT_MS = 10_000;
/** The most events of a request, and the most bytes: half of what the service takes. */
export const MOST_EVENTS = 200;
/** Of their JSON. */
export const MOST_BYTES = 512 * 1024;

/** Sends events, each its JSON, in one request: again where that fails, until the service says that they are stored. */
export async function sendEvents(
  calls: Calls,
  texts: readonly string[],
  { attempts, ...options }: CallOptions & { readonly attempts: number },
): Promise<BatchReceipt> {
  const batch = texts.join(',');
  // Each has its messageId. By when it was sent a wrong clock is put right, so that is of the try, not of the event.
  const body = (): string => `{"sentAt":"${new Date().toISOString()}","batch":[${batch}]}`;
  const call = {
    method: 'POST',
    path: '/v1/batch',
    body,
    isRepeatable: true,
    attempts,
    attemptMs: ATTEMPT_MS,
  } as const;
  const answer = (await calls.make(call, options)) as BatchReceipt | null;
  if (Array.isArray(answer?.refused)) return answer;
  throw badAnswer('is no receipt of events');
}
