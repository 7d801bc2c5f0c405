import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { bucket } from '../engine/values/bucket.js';
import { PersonalRecordsList } from '../stores/personal/personal-records-list.js';
import { RecordedInputs, type RecordedInput, type VisitorState } from '../stores/recorded-inputs.js';
import { WaitingRecords } from '../stores/personal/waiting-records.js';
import { Recurring } from '../recurring.js';
import { toRecordedInput, toVisitorState, type MadeDecision } from './recorded-decision.js';
import { WriteBehind } from './write-behind.js';

/** What waits to be written of a decision: not the decision, which holds all that was read of the visitor. */
interface Waiting {
  readonly input: RecordedInput;
  readonly state: VisitorState | undefined;
}

/** For which share of decisions the inputs are kept, from 0 to 1. */
export const RECORD_SHARE = Symbol('record share');

const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** A batch is one step of a store, and nobody else is served meanwhile. */
const BATCH_BYTES = 256 * 1024;
/** What an input takes in memory besides the visitor's document, at a guess. */
const INPUT_BYTES = 8 * 1024;

/**
 * Keeps for a share of the decisions all that they depended on, after the answers have gone out. What does not fit the
 * queue, or can't be written, is dropped and counted in `usher_inputs_unrecorded_total`. What waits of a person who is
 * erased is dropped.
 */
@Injectable()
export class InputRecorder implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('recorded inputs');
  private readonly failures = new Recurring((line) => this.logger.warn(line));
  private readonly unrecorded = metrics.getMeter('usher').createCounter('usher_inputs_unrecorded', {
    description: 'Decisions whose inputs were to be kept and could not be',
  });
  private lostSoFar = 0;
  private readonly queue = new WriteBehind<Waiting>({
    write: (batch) =>
      this.recorded.append(
        batch.map(({ input }) => input),
        statesOf(batch),
      ),
    lost: (count, why) => this.tellLost(count, why),
    weigh: ({ state }) => INPUT_BYTES + (state?.document.length ?? 0),
    mostWaiting: MAX_WAITING_BYTES,
    batch: BATCH_BYTES,
  });

  constructor(
    private readonly recorded: RecordedInputs,
    private readonly records: PersonalRecordsList,
    @Inject(RECORD_SHARE) private readonly share: number,
  ) {}

  onModuleInit(): void {
    this.records.register(
      new WaitingRecords('InputRecorder.queue', (ids) =>
        this.queue.drop(({ input, state }) => ids.has(input.visitorId) || ids.has(state?.id ?? input.visitorId)),
      ),
    );
  }

  /** Returns at once. Of what is handed over nothing is kept but what is written. */
  record(made: MadeDecision): void {
    if (bucket('record', made.answer.decisionId) >= this.share) return;
    const source = made.visitor?.source;
    this.queue.put({ input: toRecordedInput(made), state: source && toVisitorState(source) });
  }

  /** How many were not kept that were to be, since this process began. */
  get lost(): number {
    return this.lostSoFar;
  }

  /** Resolves once what comes next is sure to find room. */
  room(): Promise<void> {
    return this.queue.room();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.queue.end();
  }

  private tellLost(count: number, why: string | undefined): void {
    this.lostSoFar += count;
    this.unrecorded.add(count);
    if (why !== undefined) this.failures.note('unkept', `the inputs of ${count} decisions could not be kept: ${why}`);
  }
}

/** Each once. */
function statesOf(batch: readonly Waiting[]): VisitorState[] {
  const states = batch.flatMap(({ state }) => state ?? []);
  return [...new Map(states.map((state) => [state.key, state])).values()];
}
