import type { Calls } from '../calls.js';
import { closed } from '../connections.js';
import { Deadline } from '../deadline.js';
import { MOST_BYTES, MOST_EVENTS, sendEvents } from './event-sender.js';
import type { StampedEvent } from './events.js';
import type { Counts, Ledger } from '../ledger.js';
import type { CallOptions, Settings } from '../options.js';
import type { BatchReceipt } from '../service-types.js';
import { UsherError } from '../usher-error.js';
import { warnAtExit } from './warn-at-exit.js';

/** An event as it waits. */
interface Waiting {
  readonly json: string;
  readonly bytes: number;
}

/** Why events were not sent. */
interface LeftBehind {
  readonly why: string;
  readonly cause?: unknown;
  readonly isLast?: boolean;
}

const AT_EXIT = 'The process ended before they were sent; it is to wait for flush(), or to close the client.';
const AT_CLOSE = 'The client was closed before that; some may have arrived, and count once when sent again.';

/**
 * Events on their way: bounded, sent in the order in which they came, one request at a time. None is lost without being
 * counted and told.
 */
export class EventQueue {
  readonly #calls: Calls;
  readonly #ledger: Ledger;
  readonly #limits: Settings['queue'];
  /** The first ones may be under way. */
  readonly #waiting: Waiting[] = [];
  readonly #flushes = new Set<{ readonly upTo: number; readonly done: () => void }>();
  readonly #end = new AbortController();
  #isClosed = false;
  #bytes = 0;
  /** How many have ever come, and how many of them have gone. */
  #came = 0;
  #gone = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;

  constructor(calls: Calls, ledger: Ledger, limits: Settings['queue']) {
    this.#calls = calls;
    this.#ledger = ledger;
    this.#limits = limits;
  }

  get counts(): Counts {
    return { waiting: this.#waiting.length, ...this.#ledger.counts };
  }

  /** Never throws: what can't be taken is told. Gives the event's id. */
  add(event: StampedEvent): string {
    const waiting = this.#admit(event);
    if (!waiting) return event.messageId;
    if (this.#waiting.push(waiting) === 1)
      warnAtExit(this, () => this.#tellNotSent(this.#waiting, { why: AT_EXIT, isLast: true }));
    this.#bytes += waiting.bytes;
    this.#came++;
    if (this.#waiting.length >= MOST_EVENTS) this.#send();
    else if (!this.#sending) this.#timer ??= setTimeout(() => this.#send(), this.#limits.waitMs);
    return event.messageId;
  }

  /** Resolves when all that is in it now has gone, or there is no time left. */
  async flush({ deadlineMs, signal }: CallOptions): Promise<Counts> {
    const deadline = new Deadline(deadlineMs, signal);
    const { promise, done } = promised();
    const flush = { upTo: this.#came, done };
    this.#send();
    if (this.#gone < flush.upTo && !deadline.signal.aborted) {
      this.#flushes.add(flush);
      deadline.signal.addEventListener('abort', done);
      await promise;
      this.#flushes.delete(flush);
    }
    deadline.end();
    return this.counts;
  }

  /** Sends what is there while there is time, and takes nothing more. */
  async close(options: CallOptions): Promise<void> {
    this.#isClosed = true;
    await this.flush(options);
    this.#end.abort(closed());
    await this.#sending;
    this.#leave(this.#waiting.length, AT_CLOSE);
  }

  /** Undefined, and told, where it is not to be sent. */
  #admit(event: StampedEvent): Waiting | undefined {
    const refuse = (code: 'EVENT_REFUSED' | 'EVENT_NOT_SENT', why: string): undefined => {
      this.#ledger.count(code === 'EVENT_REFUSED' ? 'refused' : 'notSent', 1);
      this.#ledger.tell(new UsherError(code, `An event was not taken: ${why}`, { events: [event] }));
    };
    if (this.#isClosed) return refuse('EVENT_NOT_SENT', 'the client is closed.');
    const written = write(event);
    if ('why' in written) return refuse('EVENT_REFUSED', written.why);
    const isFull = this.#waiting.length >= this.#limits.events || this.#bytes + written.bytes > this.#limits.bytes;
    if (!isFull) return written;
    return refuse(
      'EVENT_NOT_SENT',
      'the queue is full. Is the service up? Else give queue.events and queue.bytes more.',
    );
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#end.signal.aborted) {
      const some = firstOf(this.#waiting);
      try {
        const options = { attempts: this.#limits.attempts, signal: this.#end.signal };
        const receipt = await sendEvents(this.#calls, some.map(toJson), options);
        this.#remove(some.length);
        this.#note(receipt, some);
      } catch (error) {
        if (!this.#end.signal.aborted) this.#leave(some.length, toText(error), error);
      }
    }
  }

  #note({ accepted, duplicates, refused, uncounted = [] }: BatchReceipt, sent: readonly Waiting[]): void {
    this.#ledger.count('stored', accepted);
    this.#ledger.count('duplicates', duplicates);
    this.#ledger.count('refused', refused.length);
    this.#ledger.count('notCounted', uncounted.length);
    const eventAt = (index: number): readonly object[] => sent.slice(index, index + 1).map(read);
    for (const { index, problems } of refused) {
      const why = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
      const details = { problems, events: eventAt(index) };
      this.#ledger.tell(new UsherError('EVENT_REFUSED', `An event was refused: ${why}`, details));
    }
    for (const { index, why } of uncounted) {
      const message = `An outcome is stored, and limits do not count it (${why}).`;
      this.#ledger.tell(new UsherError('OUTCOME_NOT_COUNTED', message, { events: eventAt(index) }));
    }
  }

  /** Gives the first ones up, and tells it. */
  #leave(count: number, why: string, cause?: unknown): void {
    if (count === 0) return;
    const gone = this.#remove(count);
    this.#ledger.count('notSent', gone.length);
    this.#tellNotSent(gone, { why, cause });
  }

  #tellNotSent(events: readonly Waiting[], { why, cause, isLast = false }: LeftBehind): void {
    const message = `${events.length === 1 ? 'An event was' : `${events.length} events were`} not sent. ${why}`;
    this.#ledger.tell(new UsherError('EVENT_NOT_SENT', message, { events: events.map(read), cause }), { isLast });
  }

  #remove(count: number): readonly Waiting[] {
    const gone = this.#waiting.splice(0, count);
    for (const { bytes } of gone) this.#bytes -= bytes;
    this.#gone += gone.length;
    if (this.#waiting.length === 0) warnAtExit(this, undefined);
    for (const flush of this.#flushes) if (flush.upTo <= this.#gone) flush.done();
    return gone;
  }
}

/** As many as fit into a request. */
function firstOf(waiting: readonly Waiting[]): readonly Waiting[] {
  let room = MOST_BYTES;
  const end = waiting.findIndex(({ bytes }, index) => index >= MOST_EVENTS || (room -= bytes) < 0);
  return waiting.slice(0, end === -1 ? undefined : end);
}

function write(event: object): Waiting | { readonly why: string } {
  try {
    const json = JSON.stringify(event);
    const bytes = Buffer.byteLength(json);
    return bytes > MOST_BYTES ? { why: `it is larger than ${MOST_BYTES} bytes.` } : { json, bytes };
  } catch (error) {
    return { why: `it can't be written as JSON (${toText(error)}).` };
  }
}

function toJson({ json }: Waiting): string {
  return json;
}

function read({ json }: Waiting): object {
  return JSON.parse(json) as object;
}

function toText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function promised(): { readonly promise: Promise<void>; readonly done: () => void } {
  let done = (): void => undefined;
  const promise = new Promise<void>((resolve) => (done = resolve));
  return { promise, done };
}
