import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsherError } from '../errors.js';
import type { RequestChannel } from '../visitors/intake/request-channel.js';
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
  private readonly failures = new Recurring((line) => this.logger.warn(line));
  private isGivenUp = false;

  constructor(
    private readonly visitors: VisitorsService,
    private readonly telemetry: DecisionTelemetry,
  ) {}

  /**
   * The visitor after the events, which are stored but in a dry run: read once, written, and seen as written. What is
   * being written when patience ends goes on. Of the visitor is seen what the `asker` may see: all, where none is
   * named.
   */
  async load(
    { visitorId, dryRun }: DecisionAsk,
    events: readonly MemoryEvent[],
    patience: Patience,
    asker?: RequestChannel,
  ): Promise<Loaded> {
    if (events.length === 0)
      return { visitor: await this.within(patience, () => this.visitors.view(visitorId, asker)) };
    const after = () => this.visitors.viewAfter(visitorId, events, asker);
    if (dryRun) return { visitor: await this.within(patience, after), events: 'dry-run' };
    const written = await this.outcomeWithin(patience, () => this.visitors.recordFor(visitorId, events));
    // A full disk can be read all the same; what is late may be stored yet, and is left alone.
    if (written.kind === 'failed') {
      this.failures.note('unstored', `events of a decision are not stored: ${reasonOf(written.error)}`);
      return { visitor: await this.within(patience, after), events: 'unconfirmed' };
    }
    if (written.kind === 'late') {
      this.telemetry.countUnread('late');
      return { visitor: undefined, events: 'unconfirmed' };
    }
    const { documents, outcomes } = written.value;
    const visitor = await this.within(patience, () => this.visitors.view(visitorId, asker, documents));
    return { visitor, events: outcomes };
  }

  /** What is asked of the store, as long as patience lasts. */
  outcomeWithin<T>(patience: Patience, ask: () => Promise<T>): Promise<Outcome<T>> {
    return patience === 'patient'
      ? this.askAgainAndAgain(ask)
      : withDeadline(ask(), Math.max(0, Math.ceil(patience.until - performance.now())));
  }

  /** What is asked of the store; undefined when it is late or fails. */
  private async within<T>(patience: Patience, ask: () => Promise<T>): Promise<T | undefined> {
    const outcome = await this.outcomeWithin(patience, ask);
    if (outcome.kind === 'done') return outcome.value;
    this.telemetry.countUnread(outcome.kind);
    if (outcome.kind === 'failed')
      this.failures.note('failed', `deciding without the visitor: ${reasonOf(outcome.error)}`);
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the store failed';
}
