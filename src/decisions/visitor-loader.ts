import { Logger } from '@nestjs/common';
import type { MemoryEvent } from '../visitors/memory/memory-event.js';
import type { SeenVisitor } from '../visitors/seen-visitor.js';
import type { VisitorsService } from '../visitors/visitors.service.js';
import { withDeadline } from './deadline.js';
import type { DecisionAnswer } from './decision-answer.js';
import type { DecisionAsk } from './decision-request.js';
import type { DecisionTelemetry } from './decision-telemetry.js';

/** Whom a decision is for, and what became of the events that came with it. */
export interface Loaded {
  /** Undefined where they could not be read in time. */
  readonly visitor: SeenVisitor | undefined;
  readonly events?: NonNullable<DecisionAnswer['events']>;
}

/**
 * Loads visitors for decisions. Deadlines live here only. It never rejects: what can't be known in time is decided
 * without.
 */
export class VisitorLoader {
  private readonly logger = new Logger('decisions');

  constructor(
    private readonly visitors: VisitorsService,
    private readonly telemetry: DecisionTelemetry,
    private readonly deadlineMs: number,
  ) {}

  /** The visitor after the events, which are stored but in a dry run. */
  async load({ visitorId, dryRun }: DecisionAsk, events: readonly MemoryEvent[]): Promise<Loaded> {
    if (events.length === 0) return { visitor: await this.inTime(this.visitors.view(visitorId)) };
    if (dryRun) {
      const view = await this.inTime(this.visitors.viewAfter(visitorId, events));
      return { visitor: view && { view, source: undefined }, events: 'dry-run' };
    }
    const recorded = await this.inTime(this.visitors.record(events));
    if (!recorded) return { visitor: undefined, events: 'unconfirmed' };
    return { visitor: await this.inTime(this.visitors.view(visitorId)), events: 'stored' };
  }

  /** What a promise gives within the deadline; undefined when it is late or fails. */
  private async inTime<T>(promise: Promise<T>): Promise<T | undefined> {
    const outcome = await withDeadline(promise, this.deadlineMs);
    if (outcome.kind === 'done') return outcome.value;
    this.telemetry.countUnread(outcome.kind);
    if (outcome.kind === 'failed')
      this.logger.warn(
        `deciding without the visitor: ${outcome.error instanceof Error ? outcome.error.message : 'the store failed'}`,
      );
    return undefined;
  }
}
