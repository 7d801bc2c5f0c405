import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { OutageWatch, type WatchOutages } from '../outage-watch.js';
import type { Outcome } from './commit-together.js';
import { messageOf } from './message-of.js';
import type { Ask, FromThread, ToThread, WriterData } from './thread-messages.js';
import type { Writer } from './writer.js';

/** How a thread is begun. */
export interface ThreadOptions extends WriterData {
  /** Its program, as it was built. */
  readonly program: URL;
  /** Hears when it has ended against our will, and when another does its work. */
  readonly watch?: WatchOutages;
  /** In milliseconds; the clock of `performance` where it is absent. */
  readonly now?: () => number;
}

/** The thread that writes ended in the middle: what was on its way to it may be in the file or not. */
export class WriterEnded extends Error {
  override readonly name = 'WriterEnded';

  constructor(reason: string) {
    super(`the thread that writes has ended: ${reason}`);
  }
}

/** A thread that can't be kept is begun again after so long, which doubles each time up to the longest. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Longer than other processes are waited for. */
const STUCK_MS = 10_000;

interface Waiting {
  readonly ask: Ask;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Has a thread write, so that this one waits for no lock and no disk. All that is asked for in one turn of the event
 * loop goes to it in one message. One that ends too early has all that waits for it rejected with {@link WriterEnded};
 * another is begun with the next write, after a pause in which all is rejected at once.
 */
export class WriterAside implements Writer {
  private thread: Worker | undefined;
  /** What this turn has asked for. */
  private asked: Waiting[] = [];
  /** What the thread has still to answer, in order. */
  private sent: Waiting[] = [];
  /** When something was answered last, or asked for where nothing was left to be answered. */
  private heardAt = 0;
  private pauseMs = FIRST_PAUSE_MS;
  private pausedUntil = -Infinity;
  private isEnding = false;
  private readonly outages: OutageWatch;

  constructor(private readonly options: ThreadOptions) {
    this.outages = new OutageWatch(options.watch ?? {});
  }

  /** Begins the thread, so that who asks first does not wait for it to begin. */
  start(): void {
    this.thread ??= this.begin();
    if (this.sent.length === 0) this.thread.unref();
  }

  write(ask: Ask): Promise<Outcome> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    if (this.asked.length === 0) setImmediate(() => this.send());
    this.asked.push({ ask, resolve, reject });
    return promise;
  }

  scrub(): Promise<Outcome> {
    return this.write('scrub');
  }

  isStuck(): boolean {
    return this.sent.length > 0 && this.now() - this.heardAt > STUCK_MS;
  }

  async end(): Promise<void> {
    this.isEnding = true;
    this.send();
    const { thread } = this;
    if (!thread) return;
    const ended = once(thread, 'exit');
    thread.ref();
    thread.postMessage(['end'] satisfies ToThread);
    await ended;
  }

  private send(): void {
    const { asked } = this;
    if (asked.length === 0) return;
    this.asked = [];
    if (this.now() < this.pausedUntil) return rejectAll(asked, new WriterEnded(this.outages.lastReason));
    try {
      this.thread ??= this.begin();
      this.thread.postMessage(asked.map(({ ask }) => ask) satisfies ToThread);
      if (this.sent.length === 0) {
        this.thread.ref();
        this.heardAt = this.now();
      }
      this.sent.push(...asked);
    } catch (error) {
      rejectAll(asked, error as Error);
    }
  }

  private begin(): Worker {
    const { program, path, lockWaitMs } = this.options;
    const thread = new Worker(program, { workerData: { path, lockWaitMs } satisfies WriterData, execArgv: [] });
    let reason = 'it ended';
    thread.on('message', (outcomes: FromThread) => this.hear(outcomes));
    thread.once('error', (error) => (reason = messageOf(error)));
    thread.once('exit', () => this.lose(reason));
    return thread;
  }

  private hear(outcomes: FromThread): void {
    const answered = this.sent.slice(0, outcomes.length);
    this.sent = this.sent.slice(outcomes.length);
    this.heardAt = this.now();
    for (const [at, outcome] of outcomes.entries()) answered[at]?.resolve(outcome);
    // It keeps nobody from ending.
    if (this.sent.length === 0) this.thread?.unref();
    this.pauseMs = FIRST_PAUSE_MS;
    this.outages.up();
  }

  private now(): number {
    return this.options.now?.() ?? performance.now();
  }

  private lose(reason: string): void {
    const { sent } = this;
    [this.thread, this.sent] = [undefined, []];
    if (this.isEnding && sent.length === 0) return;
    this.pausedUntil = this.now() + this.pauseMs;
    this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
    this.outages.down(reason);
    rejectAll(sent, new WriterEnded(reason));
  }
}

function rejectAll(all: readonly Waiting[], error: Error): void {
  for (const { reject } of all) reject(error);
}
