import { randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { rejectedEventId, RejectedEvents, type RejectedEvent } from '../stores/rejected-events.js';
import { Recurring } from '../recurring.js';
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

/** More than so many don't wait for a list that does not answer. */
const MOST_UNDER_WAY = 10_000;

/** Keeps the events that are refused, at whatever door they came in. */
@Injectable()
export class RejectedKeeper {
  private readonly logger = new Logger(RejectedKeeper.name);
  private readonly failures = new Recurring((line) => this.logger.warn(line));
  private readonly unkept = metrics
    .getMeter('usher')
    .createCounter('usher_rejected_unkept', { description: 'Refused events that did not reach their list' });
  private readonly clock = new ArrivalClock();
  private underWay = 0;
  /** The last that was to be kept could not be. */
  private isAway = false;
  private readonly salt = randomBytes(4).toString('hex');

  constructor(private readonly store: RejectedEvents) {}

  /**
   * Resolves once they are kept, and never rejects: that the bad ones can't be kept is no reason to refuse the good
   * ones, or to have them wait while the list is away.
   */
  async keep(rejections: readonly Rejection[], { agent, channel, receivedAt }: Origin): Promise<void> {
    if (rejections.length === 0) return;
    const entries = rejections.map((one) => ({
      id: rejectedEventId(this.clock.next(receivedAt), this.salt),
      receivedAt,
      ...(channel !== 'server' && { channel }),
      ...rejectedEntry(one, agent),
    }));
    if (this.underWay + entries.length > MOST_UNDER_WAY) return this.tellUnkept(entries.length, 'too many wait');
    const appending = this.append(entries);
    if (!this.isAway) await appending;
  }

  private async append(entries: readonly RejectedEvent[]): Promise<void> {
    this.underWay += entries.length;
    try {
      await this.store.append(entries);
      this.isAway = false;
    } catch (error) {
      this.isAway = true;
      this.tellUnkept(entries.length, error instanceof Error ? error.message : String(error));
    } finally {
      this.underWay -= entries.length;
    }
  }

  private tellUnkept(count: number, why: string): void {
    this.unkept.add(count);
    this.failures.note('unkept', `${count} refused events are not kept: ${why}`);
  }
}
