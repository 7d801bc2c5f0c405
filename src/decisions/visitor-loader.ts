import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsherError } from '../errors.js';
import type { MemoryEvent } from '../visitors/memory/memory-event.js';
import type { SeenVisitor } from '../visitors/seen-visitor.js';
import type { VisitorsService } from '../visitors/visitors.service.js';
import type { Recorded } from '../visitors/writing/visitor-writer.js';
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

/** How long a visitor is waited for: until a moment on the clock of `performance.now()`, or as long as may help. */
export type Patience = { readonly until: number } | 'patient';

/** Of who is patient: the first pause before the store is asked again, which doubles each time, and the longest. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_600;

/**
 * Loads visitors for decisions. Deadlines live here only. It never rejects: what can't be known in time is decided
 * without.
 */
export class VisitorLoader {
  private readonly logger = new Logger('decisions');
  private isGivenUp = false;

  constructor(
    private readonly visitors: VisitorsService,
    private readonly telemetry: DecisionTelemetry,
  ) {}

  /**
   * The visitor after the events, which are stored but in a dry run: read once, written, and seen as written. What is
   * being written when patience ends goes on.
   */
  async load({ visitorId, dryRun }: DecisionAsk, events: readonly MemoryEvent[], patience: Patience): Promise<Loaded> {
    if (events.length === 0) return { visitor: await this.within(patience, () => this.visitors.view(visitorId)) };
    if (dryRun) {
      const view = await this.within(patience, () => this.visitors.viewAfter(visitorId, events));
      return { visitor: view && { view, source: undefined }, events: 'dry-run' };
    }
    const written = await this.within(patience, () => this.visitors.recordFor(visitorId, events));
    if (!written) return { visitor: undefined, events: 'unconfirmed' };
    const { documents, outcomes } = written;
    const visitor = await this.within(patience, () => this.visitors.view(visitorId, documents));
    return { visitor, events: outcomes };
  }

  /** What is asked of the store; undefined when it is late or fails. */
  private async within<T>(patience: Patience, ask: () => Promise<T>): Promise<T | undefined> {
    const outcome =
      patience === 'patient'
        ? await this.askAgainAndAgain(ask)
        : await withDeadline(ask(), Math.max(0, Math.ceil(patience.until - performance.now())));
    if (outcome.kind === 'done') return outcome.value;
    this.telemetry.countUnread(outcome.kind);
    if (outcome.kind === 'failed')
      this.logger.warn(
        `deciding without the visitor: ${outcome.error instanceof Error ? outcome.error.message : 'the store failed'}`,
      );
    return undefined;
  }

  /** Once that was in vain, the store is asked once only until it answers: all of a mailing can't wait so long. */
  private async askAgainAndAgain<T>(ask: () => Promise<T>): Promise<Outcome<T>> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      try {
        const value = await ask();
        this.isGivenUp = false;
        return { kind: 'done', value };
      } catch (error) {
        this.isGivenUp ||= pauseMs > LONGEST_PAUSE_MS;
        if (this.isGivenUp || !mayPass(error)) return { kind: 'failed', error };
        await sleep(pauseMs);
      }
    }
  }
}

/** A store that is away or busy may be there the next time; what is broken stays so. */
function mayPass(error: unknown): boolean {
  return error instanceof UsherError && error.status === 503;
}
