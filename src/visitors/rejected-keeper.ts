import { randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { RejectedEvents, rejectedEventId } from '../stores/rejected-events.js';
import { ArrivalClock } from './intake/arrival-clock.js';
import type { RequestChannel } from './intake/request-channel.js';
import { rejectedEntry, type Rejection } from './intake/rejected-entry.js';

/** What sent a request, and when. */
export interface Origin {
  readonly agent: string | undefined;
  /** Where its events come from, of which nothing tells. */
  readonly channel: RequestChannel['otherwise'];
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** Keeps the events that are refused, at whatever door they came in. */
@Injectable()
export class RejectedKeeper {
  private readonly logger = new Logger(RejectedKeeper.name);
  private readonly unkept = metrics
    .getMeter('usher')
    .createCounter('usher_rejected_unkept', { description: 'Refused events that did not reach their list' });
  private readonly clock = new ArrivalClock();
  private readonly salt = randomBytes(4).toString('hex');

  constructor(private readonly store: RejectedEvents) {}

  /** Never rejects: that it can't keep the bad ones is no reason to refuse the good ones. */
  async keep(rejections: readonly Rejection[], { agent, channel, receivedAt }: Origin): Promise<void> {
    if (rejections.length === 0) return;
    const entries = rejections.map((one) => ({
      id: rejectedEventId(this.clock.next(receivedAt), this.salt),
      receivedAt,
      ...(channel !== 'server' && { channel }),
      ...rejectedEntry(one, agent),
    }));
    try {
      await this.store.append(entries);
    } catch (error) {
      this.unkept.add(entries.length);
      this.logger.warn(
        `${entries.length} refused events are not kept: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
