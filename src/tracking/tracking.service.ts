import { Injectable } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import type { Json } from '../engine/types.js';
import type { Problem } from '../errors.js';
import type { MemoryEvent } from '../visitors/memory.js';
import { VisitorsService } from '../visitors/visitors.service.js';

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
  /** Stored now. */
  readonly accepted: number;
  /** Stored before, by their message ids. */
  readonly duplicates: number;
  readonly refused: readonly RefusedEvent[];
}

/** Takes events in: the good are stored before this answers, the bad are refused one by one. */
@Injectable()
export class TrackingService {
  private readonly counter = metrics.getMeter('usher').createCounter('usher_events', { description: 'Events taken in' });

  constructor(private readonly visitors: VisitorsService) {}

  async storeBatch(raw: readonly Json[]): Promise<BatchReceipt> {
    const events: MemoryEvent[] = [];
    const refused: RefusedEvent[] = [];
    for (const [index, read] of this.visitors.normalise(raw).entries()) {
      if ('event' in read) events.push(read.event);
      else refused.push({ index, ...messageIdOf(raw[index]), problems: read.problems });
    }
    const recorded = await this.visitors.record(events);
    const duplicates = recorded.filter((one) => one.duplicate).length;
    const accepted = events.length - duplicates;
    this.counter.add(accepted, { outcome: 'accepted' });
    this.counter.add(duplicates, { outcome: 'duplicate' });
    this.counter.add(refused.length, { outcome: 'refused' });
    return { success: true, accepted, duplicates, refused };
  }
}

function messageIdOf(raw: Json | undefined): { messageId?: string } {
  const id = typeof raw === 'object' && raw !== null && 'messageId' in raw ? raw.messageId : undefined;
  return typeof id === 'string' ? { messageId: id } : {};
}
