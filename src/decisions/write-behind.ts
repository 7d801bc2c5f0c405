import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/** How a {@link WriteBehind} writes, and how much of it may wait. */
export interface WriteBehindOptions<T> {
  /** Writes some of what waits, in its order. */
  readonly write: (batch: readonly T[]) => Promise<void>;
  /** Hears of what did not fit, or could not be written, which then comes with the reason. */
  readonly lost: (count: number, why?: string) => void;
  /** What one counts for, in the unit of the two that follow. */
  readonly weigh: (one: T) => number;
  readonly mostWaiting: number;
  /** A batch ends with the one that brings it to this, or to an eighth of what waits where that is more. */
  readonly batch: number;
}

/** What waits is written in so many batches at most. */
const BATCHES_BEHIND = 8;

/** Short, as what waits must be kept by each collection of garbage. */
const FLUSH_MS = 10;

/** A bounded queue before something slow: what is put in is written soon after, in batches, while nobody waits. */
export class WriteBehind<T> {
  private waiting: T[] = [];
  private weight = 0;
  private flushing: Promise<void> | undefined;
  /** Never rejects. */
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: WriteBehindOptions<T>) {}

  /** Returns at once. */
  put(one: T): void {
    if (this.weight >= this.options.mostWaiting) return this.options.lost(1);
    this.waiting.push(one);
    this.weight += this.options.weigh(one);
    this.flushing ??= this.flushSoon();
  }

  /** Drops some of what waits; resolves when nothing of them is on its way any more. */
  async drop(isGone: (one: T) => boolean): Promise<void> {
    this.waiting = this.waiting.filter((one) => !isGone(one));
    this.weight = this.weigh(this.waiting);
    await this.writing;
  }

  /** Resolves once so little waits that it is written in small batches. */
  async room(): Promise<void> {
    while (this.weight > BATCHES_BEHIND * this.options.batch) await delay(FLUSH_MS);
  }

  /** Resolves once all that waits is written. */
  async end(): Promise<void> {
    await this.flushing;
  }

  private async flushSoon(): Promise<void> {
    while (this.waiting.length > 0) {
      await delay(FLUSH_MS);
      await this.flush();
    }
    this.flushing = undefined;
  }

  /** Ends when less waits than a batch: that gathers first, as few cost a store nearly as much as many. */
  private async flush(): Promise<void> {
    do {
      this.writing = this.write(this.nextBatch());
      await this.writing;
      // Others are to be served between two batches, also where a store answers in the same turn of the event loop.
      await nextTurn();
    } while (this.weight >= this.options.batch);
  }

  private nextBatch(): readonly T[] {
    const { weigh, batch } = this.options;
    // The more waits, the more is written at once: or under a load without a pause less would go out than comes in.
    const most = Math.max(batch, this.weight / BATCHES_BEHIND);
    let [size, weight] = [0, 0];
    for (const one of this.waiting) {
      if (weight >= most) break;
      weight += weigh(one);
      size++;
    }
    const next = this.waiting.slice(0, size);
    this.waiting = this.waiting.slice(size);
    this.weight -= weight;
    return next;
  }

  private async write(batch: readonly T[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      await this.options.write(batch);
    } catch (error) {
      this.options.lost(batch.length, error instanceof Error ? error.message : String(error));
    }
  }

  private weigh(all: readonly T[]): number {
    return all.reduce((sum, one) => sum + this.options.weigh(one), 0);
  }
}
