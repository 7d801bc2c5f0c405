import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { mergeMetrics } from './merge-metrics.js';
import type { FromServing, ToServing } from './messages.js';

/** Before one that ended is begun again; longer each time while it goes on ending. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** One that served for so long was in order. */
const SOUND_MS = 60_000;
/** A process that is busy for longer is left out of the metrics. */
const METRICS_MS = 1_000;

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Who hears what becomes of the processes. */
export interface Heard {
  /** All of them serve there. */
  ready(url: string): void;
  /** One has ended by itself; what is done about it, in words. */
  ended(line: string): void;
}

/**
 * Runs this very command in so many processes that share a port, and serves nothing itself. The first is begun alone,
 * so that what one has to do is done before the others look for it. One that ends is begun again, but at the start,
 * where the same would keep the others from starting; a signal ends all. Resolves once all have ended: with what ended
 * them, an exit code or a signal.
 */
export function severalProcesses(count: number, heard: Heard): Promise<number | NodeJS.Signals> {
  return new SeveralProcesses(count, heard).run();
}

/** One of them, from its begin to its end. */
interface Serving {
  readonly place: number;
  readonly worker: Worker;
  /** Where it listens; undefined where it ended before. */
  readonly ready: Promise<string | undefined>;
  readonly ended: Promise<number | NodeJS.Signals>;
}

class SeveralProcesses {
  private readonly serving = new Map<number, Worker>();
  private readonly stopping = new AbortController();
  private readonly metrics = new Map<number, (place: number, text: string) => void>();
  private questions = 0;
  private endedBy: NodeJS.Signals | undefined;

  constructor(
    private readonly count: number,
    private readonly heard: Heard,
  ) {}

  async run(): Promise<number | NodeJS.Signals> {
    const end = (signal: NodeJS.Signals) => this.end(signal);
    for (const signal of SIGNALS) process.on(signal, end);
    try {
      return await this.runUntilEnded();
    } finally {
      for (const signal of SIGNALS) process.off(signal, end);
    }
  }

  private async runUntilEnded(): Promise<number | NodeJS.Signals> {
    const first = this.begin(1);
    const url = await first.ready;
    if (url === undefined) return this.endedBy ?? first.ended;
    const all = [first, ...Array.from({ length: this.count - 1 }, (_, at) => this.begin(at + 2))];
    const areReady = await Promise.all(all.map(({ ready }) => ready));
    const failed = this.endedBy ? undefined : all[areReady.indexOf(undefined)];
    if (failed) this.end('SIGTERM');
    else if (!this.endedBy) this.heard.ready(url);
    await Promise.all(all.map((one) => this.keep(one)));
    return failed ? failed.ended : (this.endedBy ?? 1);
  }

  /** Begins one again whenever it ends, until all are to end. */
  private async keep(serving: Serving): Promise<void> {
    const { place } = serving;
    let pauseMs = FIRST_PAUSE_MS;
    for (let current = serving; ; current = this.begin(place)) {
      const begunAt = performance.now();
      const how = await current.ended;
      if (this.endedBy) return;
      if (performance.now() - begunAt > SOUND_MS) pauseMs = FIRST_PAUSE_MS;
      const by = typeof how === 'number' ? `with exit code ${how}` : `by ${how}`;
      this.heard.ended(`Process ${place} of ${this.count} ended ${by}. It is begun again in ${pauseMs / 1_000} s.`);
      await delay(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.endedBy) return;
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }

  private begin(place: number): Serving {
    const worker = cluster.fork();
    this.serving.set(place, worker);
    const ended = once(worker, 'exit').then(([code, signal]: (number | NodeJS.Signals | null)[]) => {
      if (this.serving.get(place) === worker) this.serving.delete(place);
      return signal ?? code ?? 1;
    }) as Promise<number | NodeJS.Signals>;
    const { promise: listens, resolve } = Promise.withResolvers<string>();
    worker.on('online', () => send(worker, { kind: 'place', place }));
    worker.on('message', (message: FromServing) => {
      if (message.kind === 'ready') resolve(message.url);
      if (message.kind === 'mine') this.metrics.get(message.question)?.(place, message.text);
      if (message.kind === 'ask') void this.answer(worker, message.question);
    });
    return { place, worker, ended, ready: Promise.race([listens, ended.then(() => undefined)]) };
  }

  private end(signal: NodeJS.Signals): void {
    this.endedBy ??= signal;
    this.stopping.abort();
    // A terminal tells them itself; told twice they end once.
    for (const worker of this.serving.values()) worker.process.kill('SIGTERM');
  }

  /** Gathers the metrics of all for one that asks. */
  private async answer(asker: Worker, theirs: number): Promise<void> {
    const question = (this.questions += 1);
    const texts = new Map<number, string>();
    const { promise: all, resolve } = Promise.withResolvers<void>();
    this.metrics.set(question, (place, text) => {
      texts.set(place, text);
      if (texts.size >= this.serving.size) resolve();
    });
    for (const worker of this.serving.values()) send(worker, { kind: 'asked', question });
    await Promise.race([all, delay(METRICS_MS, undefined, { ref: false })]);
    this.metrics.delete(question);
    const ordered = new Map([...texts].sort(([a], [b]) => a - b));
    send(asker, { kind: 'answered', question: theirs, text: mergeMetrics(ordered) });
  }
}

/** One that has just ended hears nothing. */
function send(worker: Worker, message: ToServing): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}
