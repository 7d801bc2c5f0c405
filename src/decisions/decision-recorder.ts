import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { DecisionLog, type LoggedDecision } from '../stores/decision-log.js';
import { VisitorEraser } from '../visitors/visitor-eraser.js';
import type { DecisionAnswer } from './decisions.service.js';

const MAX_WAITING = 20_000;
const BATCH_SIZE = 1_000;
/** Short, as what waits must be kept by each collection of garbage. */
const FLUSH_MS = 10;

/**
 * Writes decisions to the log after the answers have gone out. The queue is bounded: what does not fit, or can't be
 * written, is dropped and counted in `usher_decisions_unrecorded_total`. What waits of a person who is erased is dropped.
 */
@Injectable()
export class DecisionRecorder implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('decision log');
  private readonly unrecorded = metrics.getMeter('usher').createCounter('usher_decisions_unrecorded', { description: 'Decisions that did not reach the log' });
  private waiting: LoggedDecision[] = [];
  private flushing: Promise<void> | undefined;
  /** Never rejects. */
  private appending: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: DecisionLog,
    private readonly eraser: VisitorEraser,
  ) {}

  onModuleInit(): void {
    this.eraser.alsoTell((ids) => this.forget(ids));
  }

  /** Returns at once. */
  record(answer: DecisionAnswer, decidedAt: number): void {
    if (this.waiting.length >= MAX_WAITING) return this.unrecorded.add(1);
    this.waiting.push(toLogged(answer, decidedAt));
    this.flushing ??= this.flushSoon();
  }

  /** Resolves when nothing of these visitors is on its way to the log any more. */
  private async forget(ids: ReadonlySet<string>): Promise<void> {
    this.waiting = this.waiting.filter(({ visitorId }) => !ids.has(visitorId));
    await this.appending;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flushing;
    await this.flush();
  }

  private async flushSoon(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, FLUSH_MS));
    await this.flush();
    this.flushing = undefined;
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, BATCH_SIZE);
      this.waiting = this.waiting.slice(BATCH_SIZE);
      this.appending = this.append(batch);
      await this.appending;
    }
  }

  private async append(batch: readonly LoggedDecision[]): Promise<void> {
    try {
      await this.log.append(batch);
    } catch (error) {
      this.unrecorded.add(batch.length);
      this.logger.warn(`${batch.length} decisions could not be logged: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function toLogged({ decisionId, visitorId, rulebook, served, decisions }: DecisionAnswer, decidedAt: number): LoggedDecision {
  return {
    decisionId,
    visitorId,
    decidedAt,
    rulebookVersion: rulebook.version,
    served,
    placements: decisions.map(({ placement, reason, items }) => ({
      placement,
      reason,
      items: items.map(({ offer, rule, propensity }) => ({ offer, ...(rule !== undefined && { rule }), propensity })),
    })),
  };
}
