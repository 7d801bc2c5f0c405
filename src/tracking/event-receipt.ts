import { InvalidRequest } from '../errors.js';
import type { BatchReceipt } from './tracking.service.js';

/** That an event is taken in. */
export interface EventReceipt {
  readonly success: true;
  /** It is older than what is retained: it counts for good, and can't be seen. */
  readonly notRetained?: true;
  /** It said a time to come, and stands at that of its receipt. */
  readonly clamped?: true;
  /** It stands without an id that clients send by mistake. */
  readonly guarded?: true;
  /**
   * The id that was made for it, as it has neither a `messageId` nor a time: sent again with that, it is known; else
   * it counts once more.
   */
  readonly messageId?: string;
  /** Its anonymousId stays with whom it was, and it is its userId's. */
  readonly notJoined?: true;
}

/** What became of the only event of a batch. Throws {@link InvalidRequest} where it was refused. */
export function eventReceipt(batch: BatchReceipt): EventReceipt {
  const { refused, notRetained, clamped, guarded, notJoined, messageIds } = batch;
  if (refused[0]) throw new InvalidRequest(refused[0].problems);
  const made = messageIds?.[0] && { messageId: messageIds[0].messageId };
  return {
    success: true,
    ...(notRetained && { notRetained: true }),
    ...(clamped && { clamped: true }),
    ...(guarded && { guarded: true }),
    ...(notJoined && { notJoined: true }),
    ...made,
  };
}
