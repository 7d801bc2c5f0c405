import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { DecisionLog, type LoggedDecision } from '../stores/decision-log.js';
import { PersonalRecordsList } from '../stores/personal/personal-records-list.js';
import { WaitingRecords } from '../stores/personal/waiting-records.js';
import { Recurring } from '../recurring.js';
import type { DecisionAnswer } from './decision-answer.js';
import { InputRecorder } from './input-recorder.js';
import type { MadeDecision } from './recorded-decision.js';
import { ShadowComparer } from './shadow-comparer.js';
import { WriteBehind } from './write-behind.js';

const MAX_WAITING = 20_000;
const BATCH_SIZE = 1_000;

/**
 * Writes decisions to the log after the answers have gone out. The queue is bounded: what does not fit, or can't be
 * written, is dropped and counted in `usher_decisions_unrecorded_total`. What waits of a person who is erased is
 * dropped. What some of them depended on goes to the {@link InputRecorder}; a shadow is asked by the {@link
 * ShadowComparer}.
 */
@Injectable()
export class DecisionRecorder implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('decision log');
  private readonly failures = new Recurring((line) => this.logger.warn(line));
  private readonly unrecorded = metrics
    .getMeter('usher')
    .createCounter('usher_decisions_unrecorded', { description: 'Decisions that did not reach the log' });
  private readonly queue = new WriteBehind<LoggedDecision>({
    write: (batch) => this.log.append(batch),
    lost: (count, why) => this.tellLost(count, why),
    weigh: () => 1,
    mostWaiting: MAX_WAITING,
    batch: BATCH_SIZE,
  });

  constructor(
    private readonly log: DecisionLog,
    private readonly records: PersonalRecordsList,
    private readonly inputs: InputRecorder,
    private readonly shadows: ShadowComparer,
  ) {}

  onModuleInit(): void {
    this.records.register(
      new WaitingRecords('DecisionRecorder.queue', (ids) => this.queue.drop(({ visitorId }) => ids.has(visitorId))),
    );
  }

  /** Returns at once: whatever comes after an answer begins here. */
  record(made: MadeDecision): void {
    this.queue.put(toLogged(made.answer, made.input.now));
    this.inputs.record(made);
    this.shadows.compare(made);
  }

  /** Of how many decisions the inputs were not kept that were to be, since the process began. */
  get lostInputs(): number {
    return this.inputs.lost;
  }

  /** Resolves once what comes next is sure to find room: for who can wait. */
  async room(): Promise<void> {
    await Promise.all([this.queue.room(), this.inputs.room()]);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.queue.end();
  }

  private tellLost(count: number, why: string | undefined): void {
    this.unrecorded.add(count);
    if (why !== undefined) this.failures.note('unlogged', `${count} decisions could not be logged: ${why}`);
  }
}

function toLogged(
  { decisionId, visitorId, rulebook, served, decisions }: DecisionAnswer,
  decidedAt: number,
): LoggedDecision {
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
