import { Injectable } from '@nestjs/common';
import { isObject } from '../engine/language/is-object.js';
import type { Json } from '../engine/language/json.js';
import type { Problem } from '../errors.js';
import { EventIntake, type NewMessageId, type Uncounted } from './event-intake.js';
import { RejectedKeeper } from '../visitors/rejected-keeper.js';
import type { Sender } from './sender.js';

/** An event that was not stored, and all that is wrong with it. */
export interface RefusedEvent {
  /** Its place in the batch, from 0. */
  readonly index: number;
  readonly messageId?: string;
  readonly problems: readonly Problem[];
}

/** What became of a batch. */
export interface BatchReceipt {
  readonly success: true;
  /** Taken in now. */
  readonly accepted: number;
  /** Of those, how many are older than what is retained: they count, and can't be seen. Absent when none is. */
  readonly notRetained?: number;
  /** Taken in before, by their message ids. */
  readonly duplicates: number;
  readonly refused: readonly RefusedEvent[];
  /** The places of events that said a time to come and stand at the time of receipt; absent when there are none. */
  readonly clamped?: readonly number[];
  /** The places of events that stand without an id that clients send by mistake; absent when there are none. */
  readonly guarded?: readonly number[];
  /**
   * The message ids that were made for events with neither a `messageId` nor a time: sent again with it, such an event
   * is known; without, it counts once more. Absent when there are none.
   */
  readonly messageIds?: readonly NewMessageId[];
  /**
   * The places of events whose anonymousId stays with whom it was: it is somebody else's, or no browser's word is
   * enough to join it. They are their userId's. Absent when there are none.
   */
  readonly notJoined?: readonly number[];
  /** Outcomes that are stored and do not count, by their places; absent when there are none. See `docs/outcomes.md`. */
  readonly uncounted?: readonly Uncounted[];
}

/**
 * Takes events in: the good are stored before this answers, the bad are refused one by one and kept to be looked at.
 */
@Injectable()
export class TrackingService {
  constructor(
    private readonly intake: EventIntake,
    private readonly rejected: RejectedKeeper,
  ) {}

  async storeBatch(raw: readonly Json[], sender: Sender): Promise<BatchReceipt> {
    const receivedAt = Date.now();
    const { refused, clamped, guarded, notJoined, messageIds, uncounted, ...counts } = await this.intake.take(
      raw,
      sender,
      receivedAt,
    );
    await this.rejected.keep(
      refused.map(({ index, problems }) => ({ raw: raw[index], problems })),
      { agent: sender.agent, channel: sender.channel, receivedAt },
    );
    const { accepted, notRetained, duplicates } = counts;
    const reported = refused.map(({ index, problems }) => ({ index, ...messageIdOf(raw[index]), problems }));
    return {
      ...{ success: true, accepted, duplicates, refused: reported },
      ...(notRetained > 0 && { notRetained }),
      ...(guarded.length > 0 && { guarded }),
      ...(notJoined.length > 0 && { notJoined }),
      ...(clamped.length > 0 && { clamped }),
      ...(messageIds.length > 0 && { messageIds }),
      ...(uncounted.length > 0 && { uncounted }),
    };
  }
}

function messageIdOf(raw: Json | undefined): { messageId?: string } {
  const id = isObject(raw) ? raw['messageId'] : undefined;
  return typeof id === 'string' ? { messageId: id } : {};
}
