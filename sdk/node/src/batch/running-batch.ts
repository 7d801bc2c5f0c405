import { randomUUID } from 'node:crypto';
import type { Batch, BatchAnswer, BatchOptions } from './batch-answers.js';
import { exchange } from './batch-exchange.js';
import { BatchLines } from './batch-lines.js';
import { pause } from '../calls.js';
import type { Connections } from '../connections.js';
import { Deadline } from '../deadline.js';
import { readNumber } from '../options.js';
import { pauseAfter } from '../pauses.js';
import type { DecisionRequest } from '../service-types.js';
import { UsherError } from '../usher-error.js';

/** So often it is tried in a row without a single answer, unless said: for half a minute or so. */
const ATTEMPTS = 9;
/** The first pause is as long as another's fourth: nobody waits for an answer meanwhile. */
const PAUSES_LEFT_OUT = 3;

/** Many decisions, in the order asked, in constant memory, over as many connections as it takes. */
export class RunningBatch<Request extends DecisionRequest> implements Batch<Request> {
  readonly batchId: string;
  readonly #connections: Connections;
  readonly #lines: BatchLines<Request>;
  readonly #options: BatchOptions;
  readonly #silenceMs: number;
  readonly #attempts: number;
  #answered = 0;

  constructor(connections: Connections, requests: AsyncIterable<Request> | Iterable<Request>, options: BatchOptions) {
    this.batchId = options.batchId ?? randomUUID();
    this.#connections = connections;
    this.#lines = new BatchLines(requests);
    this.#options = options;
    this.#silenceMs = readNumber('deadlineMs', options.deadlineMs ?? 60_000, 2 ** 31 - 1);
    this.#attempts = readNumber('attempts', options.attempts ?? ATTEMPTS, 1_000);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<BatchAnswer<Request>> {
    const lines = this.#lines;
    const deadline = new Deadline(undefined, this.#options.signal);
    const leave = (): void => lines.leave();
    deadline.signal.addEventListener('abort', leave);
    try {
      deadline.check();
      for (let tries = 1; await lines.hasMore(); tries++) {
        const before = this.#answered;
        const stopped = yield* this.#exchange(deadline);
        if (!stopped) break;
        if (this.#answered > before) tries = 1;
        if (tries >= this.#attempts) throw this.#brokenOff(stopped);
        await pause(pauseAfter(tries + PAUSES_LEFT_OUT, stopped.retryAfterMs), deadline);
        lines.sendAgain();
      }
      deadline.check();
      if (lines.failure) throw lines.failure.error;
    } finally {
      leave();
      deadline.end();
    }
  }

  /** Gives what stopped it where that may pass. */
  async *#exchange(deadline: Deadline): AsyncGenerator<BatchAnswer<Request>, UsherError | undefined> {
    const request = this.#connections.stream(this.#path);
    const abort = (): void => void request.destroy();
    deadline.signal.addEventListener('abort', abort);
    try {
      for await (const answer of exchange(this.#lines, request, this.#silenceMs)) {
        this.#answered++;
        yield answer;
      }
      return undefined;
    } catch (error) {
      deadline.check();
      if (!(error instanceof UsherError)) throw error;
      if (!mayPass(error)) throw this.#answered === 0 ? error : this.#brokenOff(error);
      return error;
    } finally {
      deadline.signal.removeEventListener('abort', abort);
    }
  }

  get #path(): string {
    const { hold } = this.#options;
    const query = new URLSearchParams({ batchId: this.batchId, ...(hold !== undefined && { hold }) });
    return `/v1/decisions/batch?${query.toString()}`;
  }

  #brokenOff(fault: UsherError): UsherError {
    const { batchId } = this;
    const message =
      `The batch broke off after ${this.#answered} answers. ${fault.message} Run it again from its beginning with ` +
      `the batchId "${batchId}": then whoever got a limited offer has it, and nobody gets two.`;
    const { status, problems } = fault;
    const told = { status, problems, answered: this.#answered, batchId, cause: fault };
    return new UsherError('BROKEN_OFF', message, told);
  }
}

/** Of the requests of others on the way, and of a service that stops or has too much to do. */
function mayPass({ code, status }: UsherError): boolean {
  if (status !== undefined) return status >= 500 || status === 429 || status === 408;
  return code === 'UNREACHABLE' || code === 'CONNECTION_LOST' || code === 'TIMEOUT';
}
