import type { Batch, BatchOptions } from './batch/batch-answers.js';
import { stampBrought, unconfirmed } from './events/brought-events.js';
import { Calls } from './calls.js';
import { badAnswer, Connections } from './connections.js';
import { type Decided, defaultAnswer, type Defaults } from './decided.js';
import { EventQueue } from './events/event-queue.js';
import type { AliasEvent, GroupEvent, IdentifyEvent, PageEvent, TrackEvent } from './events/events.js';
import { stamp } from './events/events.js';
import { type Counts, Ledger } from './ledger.js';
import { type CallOptions, readNumber, readOptions, type Settings, type UsherOptions } from './options.js';
import { outcomeEvent } from './events/outcome-event.js';
import { type Outcomes, type OutcomesReceipt, tellOutcomes } from './events/outcomes.js';
import { RunningBatch } from './batch/running-batch.js';
import type { DecisionAnswer, DecisionRequest, Outcome, VisitorProfile } from './service-types.js';
import { UsherError } from './usher-error.js';

export type { Batch, BatchAnswer, BatchOptions, LineError } from './batch/batch-answers.js';
export type { Decided, DefaultAnswer, DefaultItem, Defaults } from './decided.js';
export type * from './events/events.js';
export type { Counts } from './ledger.js';
export type { CallOptions, QueueOptions, UsherOptions } from './options.js';
export type { Outcomes, OutcomesReceipt } from './events/outcomes.js';
export type * from './service-types.js';
export { type ClientErrorCode, UsherError } from './usher-error.js';

/** A call, and what it comes to where the service or the way to it fails. */
export interface WithDefault<Default> extends CallOptions {
  /** Given, the call never rejects for a fault; a request that is wrong is an error all the same. */
  readonly default: Default;
}

/** So often a call is tried within its deadline. */
const ATTEMPTS = 5;
/** How long the queue is waited for. */
const FLUSH_MS = 30_000;
const CLOSE_MS = 10_000;

/**
 * A client of an Usher service. One for each process and service: it keeps its connections, and a queue of events.
 * Close it at the end, by `await using` or `close()`, so that nothing in the queue is lost.
 */
export class Usher implements AsyncDisposable {
  readonly #settings: Settings;
  readonly #connections: Connections;
  readonly #calls: Calls;
  readonly #ledger: Ledger;
  readonly #queue: EventQueue;

  /** Throws an `UsherError` with the code `INVALID_OPTIONS` where an option can't be meant so. */
  constructor(options: UsherOptions) {
    this.#settings = readOptions(options);
    this.#connections = new Connections(this.#settings);
    this.#calls = new Calls(this.#connections);
    this.#ledger = new Ledger(this.#settings.onError);
    this.#queue = new EventQueue(this.#calls, this.#ledger, this.#settings.queue);
  }

  /**
   * What to show this person now. With a `default` it never rejects for a fault of the service or the way to it: the
   * answer is `served: 'default'` then, with the reason in `why`. Events that come with it and are not confirmed go
   * into the queue, and count once.
   */
  decide(request: DecisionRequest, options?: CallOptions & { readonly default?: undefined }): Promise<DecisionAnswer>;
  decide(request: DecisionRequest, options: WithDefault<Defaults>): Promise<Decided>;
  async decide(
    request: DecisionRequest,
    options: CallOptions & { readonly default?: Defaults | undefined } = {},
  ): Promise<Decided> {
    const [startedAt, askedAt] = [performance.now(), new Date()];
    const stamped = stampBrought(request);
    try {
      const answer = await this.#askFor(stamped, options);
      this.#queueAll(unconfirmed(stamped, answer, askedAt));
      return answer;
    } catch (error) {
      const fault = this.#stoodFor(error, options.default);
      this.#queueAll(unconfirmed(stamped, undefined, askedAt));
      return defaultAnswer(request, options.default ?? {}, { error: fault, startedAt });
    }
  }

  /**
   * Many decisions, streamed: answers come in the order of the requests, which are read no faster than answers are
   * taken. Where the connection or the service breaks off, it goes on by itself for a while, and else says so.
   */
  batch<Request extends DecisionRequest>(
    requests: AsyncIterable<Request> | Iterable<Request>,
    options: BatchOptions = {},
  ): Batch<Request> {
    return new RunningBatch(this.#connections, requests, options);
  }

  /** The person did something. Queued, like the other events; gives the id by which it counts once. Never throws. */
  track(event: TrackEvent): string {
    return this.#queue.add(stamp('track', event));
  }

  /** Who the person is. */
  identify(event: IdentifyEvent): string {
    return this.#queue.add(stamp('identify', event));
  }

  /** The person looked at a page. */
  page(event: PageEvent): string {
    return this.#queue.add(stamp('page', event));
  }

  /** The company or household that the person belongs to. */
  group(event: GroupEvent): string {
    return this.#queue.add(stamp('group', event));
  }

  /** Two ids are of one person. */
  alias(event: AliasEvent): string {
    return this.#queue.add(stamp('alias', event));
  }

  /** What became of an offer. Queued, as events are. */
  outcome(outcome: Outcome): string {
    return this.#queue.add(outcomeEvent(outcome));
  }

  /** What became of many offers, told at once: resolves when all of it is stored, with what is not as it should be. */
  outcomes(outcomes: Outcomes, options: CallOptions = {}): Promise<OutcomesReceipt> {
    return tellOutcomes(this.#calls, outcomes, options);
  }

  /** All that is known of a person; undefined for a stranger. With a `default` it never rejects for a fault. */
  visitor(id: string, options?: CallOptions & { readonly default?: undefined }): Promise<VisitorProfile | undefined>;
  visitor<Default>(id: string, options: WithDefault<Default>): Promise<VisitorProfile | Default | undefined>;
  async visitor(id: string, options: CallOptions & { readonly default?: unknown } = {}): Promise<unknown> {
    try {
      const call = { method: 'GET', path: pathOf(id), isRepeatable: true, attempts: ATTEMPTS } as const;
      return await this.#calls.make(call, this.#timely(options));
    } catch (error) {
      if (error instanceof UsherError && error.status === 404 && error.code === 'NOT_FOUND') return undefined;
      this.#stoodFor(error, options.default);
      return options.default;
    }
  }

  /** Resolves when all that is queued now has gone, or after 30 s or `deadlineMs`; the counts say what became of it. */
  flush(options: CallOptions = {}): Promise<Counts> {
    return this.#queue.flush({ deadlineMs: FLUSH_MS, ...options });
  }

  /** What became of events so far. */
  counts(): Counts {
    return this.#queue.counts;
  }

  /** Sends what is queued, for 10 s or `deadlineMs`, tells what could not be sent, and ends all connections. */
  async close(options: CallOptions = {}): Promise<void> {
    await this.#queue.close({ deadlineMs: CLOSE_MS, ...options });
    this.#connections.close();
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #askFor(request: DecisionRequest, options: CallOptions): Promise<DecisionAnswer> {
    const text = JSON.stringify(request);
    // Deciding twice may take two places of what is limited.
    const call = {
      method: 'POST',
      path: '/v1/decisions',
      body: () => text,
      isRepeatable: request.dryRun === true,
    } as const;
    const answer = (await this.#calls.make({ ...call, attempts: ATTEMPTS }, this.#timely(options))) as DecisionAnswer;
    if (Array.isArray(answer?.decisions)) return answer;
    throw badAnswer('is no decision');
  }

  #timely({ deadlineMs = this.#settings.deadlineMs, signal }: CallOptions): CallOptions {
    return { deadlineMs: readNumber('deadlineMs', deadlineMs, 2 ** 31 - 1), signal };
  }

  /** Throws what no default stands for; else the fault is counted and told. */
  #stoodFor(error: unknown, given: unknown): UsherError {
    if (given === undefined || !(error instanceof UsherError) || error.isCallersMistake) throw error;
    this.#ledger.count('defaults', 1);
    this.#ledger.tell(error);
    return error;
  }

  #queueAll(events: readonly Parameters<EventQueue['add']>[0][]): void {
    for (const event of events) this.#queue.add(event);
  }
}

function pathOf(id: string): string {
  // Half a character is written as none; and nobody is called so.
  if (typeof id === 'string' && id !== '' && !/\p{Surrogate}/u.test(id))
    return `/v1/visitors/${encodeURIComponent(id)}`;
  throw new UsherError('INVALID_REQUEST', 'The id of a visitor is a text of at least a character, and of whole ones.');
}
