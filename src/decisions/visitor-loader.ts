import { Logger } from '@nestjs/common';
import type { MemoryEvent } from '../visitors/memory/memory-event.js';
import type { SeenVisitor } from '../visitors/seen-visitor.js';
import type { VisitorsService } from '../visitors/visitors.service.js';
import type { Recorded } from '../visitors/writing/visitor-writer.js';
import { Recurring } from '../recurring.js';
import { withDeadline, type Outcome } from './deadline.js';
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
  private readonly failures = new Recurring((line) => this.logger.warn(line));

  constructor(
    private readonly visitors: VisitorsService,
    private readonly telemetry: DecisionTelemetry,
    private readonly deadlineMs: number,
  ) {}

  /**
   * The visitor after the events, which are stored but in a dry run: read once, written, and seen as written. All of it
   * has one deadline, from `startedAt` on the clock of `performance.now()`; what is being written then goes on.
   */
  async load({ visitorId, dryRun }: DecisionAsk, events: readonly MemoryEvent[], startedAt: number): Promise<Loaded> {
    const until = startedAt + this.deadlineMs;
    if (events.length === 0) return { visitor: await this.by(until, this.visitors.view(visitorId)) };
    if (dryRun) {
      const view = await this.by(until, this.visitors.viewAfter(visitorId, events));
      return { visitor: view && { view, source: undefined }, events: 'dry-run' };
    }
    const written = await this.outcomeBy(until, this.visitors.recordFor(visitorId, events));
    // A full disk can be read all the same; what is late may be stored yet, and is left alone.
    if (written.kind === 'failed') {
      this.failures.note('unstored', `events of a decision are not stored: ${reasonOf(written.error)}`);
      const view = await this.by(until, this.visitors.viewAfter(visitorId, events));
      return { visitor: view && { view, source: undefined }, events: 'unconfirmed' };
    }
    if (written.kind === 'late') {
      this.telemetry.countUnread('late');
      return { visitor: undefined, events: 'unconfirmed' };
    }
    const { documents, outcomes } = written.value;
    return { visitor: await this.by(until, this.visitors.view(visitorId, documents)), events: outcomes };
  }

  private outcomeBy<T>(until: number, promise: Promise<T>): Promise<Outcome<T>> {
    return withDeadline(promise, Math.max(0, Math.ceil(until - performance.now())));
  }

  /** What a promise gives by then; undefined when it is late or fails. */
  private async by<T>(until: number, promise: Promise<T>): Promise<T | undefined> {
    const outcome = await this.outcomeBy(until, promise);
    if (outcome.kind === 'done') return outcome.value;
    this.telemetry.countUnread(outcome.kind);
    if (outcome.kind === 'failed')
      this.failures.note('failed', `deciding without the visitor: ${reasonOf(outcome.error)}`);
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the store failed';
}
