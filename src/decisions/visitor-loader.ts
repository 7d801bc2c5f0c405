import { Logger } from '@nestjs/common';
import type { RequestChannel } from '../visitors/intake/request-channel.js';
import type { MemoryEvent } from '../visitors/memory/memory-event.js';
import type { SeenVisitor } from '../visitors/seen-visitor.js';
import type { VisitorsService } from '../visitors/visitors.service.js';
import type { Recorded } from '../visitors/writing/visitor-writer.js';
import { withDeadline } from './deadline.js';
import type { DecisionAsk } from './decision-request.js';
import type { DecisionTelemetry } from './decision-telemetry.js';

/** Whom a decision is for, and what became of the events that came with it. */
export interface Loaded {
  /** Undefined where they could not be read in time. */
  readonly visitor: SeenVisitor | undefined;
  /** Of each event in their order, where there are any. */
  readonly events?: 'unconfirmed' | 'dry-run' | readonly Recorded[];
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

  /**
   * The visitor after the events, which are stored but in a dry run: read once, written, and seen as written. All of it
   * has one deadline, from `startedAt` on the clock of `performance.now()`; what is being written then goes on. Of the
   * visitor is seen what the `asker` may see: all, where none is named.
   */
  async load(
    { visitorId, dryRun }: DecisionAsk,
    events: readonly MemoryEvent[],
    { startedAt, asker }: { readonly startedAt: number; readonly asker?: RequestChannel },
  ): Promise<Loaded> {
    const until = startedAt + this.deadlineMs;
    if (events.length === 0) return { visitor: await this.by(until, this.visitors.view(visitorId, asker)) };
    if (dryRun) {
      return { visitor: await this.by(until, this.visitors.viewAfter(visitorId, events, asker)), events: 'dry-run' };
    }
    const written = await this.by(until, this.visitors.recordFor(visitorId, events));
    if (!written) return { visitor: undefined, events: 'unconfirmed' };
    const { documents, outcomes } = written;
    return { visitor: await this.by(until, this.visitors.view(visitorId, asker, documents)), events: outcomes };
  }

  /** What a promise gives by then; undefined when it is late or fails. */
  private async by<T>(until: number, promise: Promise<T>): Promise<T | undefined> {
    const outcome = await withDeadline(promise, Math.max(0, Math.ceil(until - performance.now())));
    if (outcome.kind === 'done') return outcome.value;
    this.telemetry.countUnread(outcome.kind);
    if (outcome.kind === 'failed')
      this.logger.warn(
        `deciding without the visitor: ${outcome.error instanceof Error ? outcome.error.message : 'the store failed'}`,
      );
    return undefined;
  }
}
