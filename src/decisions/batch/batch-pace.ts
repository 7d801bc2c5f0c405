import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Admission } from '../../http/admission.js';

/** What is done of all batches before others are heard again. */
const SLICE_MS = 2;
/** For how long all batches wait at most for others to have their answers, and where there is no room for others. */
const LONGEST_PAUSE_MS = 8;
const LONGEST_PAUSE_WHEN_FULL_MS = 250;

/**
 * Has batches yield to whoever waits for an answer: they are worked on in small slices, between which the event loop
 * hears others, and not while any of those is under way; yet never quite without a slice, so that they come to an end.
 */
@Injectable()
export class BatchPace {
  private readonly waiting: (() => void)[] = [];
  private isWorking = false;

  constructor(private readonly admission: Admission) {}

  /** Resolves when it is this one's turn, until it waits for something else. First come, first served. */
  turn(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiting.push(resolve);
    if (!this.isWorking) void this.work();
    return promise;
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    while (this.waiting.length > 0) {
      await this.untilOthersAreServed();
      for (const end = performance.now() + SLICE_MS; performance.now() < end;) {
        const next = this.waiting.shift();
        if (!next) break;
        next();
        // It goes on before this does.
        await Promise.resolve();
      }
    }
    this.isWorking = false;
  }

  private async untilOthersAreServed(): Promise<void> {
    // Whoever has come meanwhile is heard in a turn of the loop.
    await nextTurn();
    const begin = performance.now();
    while (this.areOthersThere() && performance.now() - begin < this.longestPauseMs()) await sleep(1);
  }

  private areOthersThere(): boolean {
    const { admission } = this;
    return admission.isFull || admission.inFlight('decisions') > 0 || admission.inFlight('events') > 0;
  }

  private longestPauseMs(): number {
    return this.admission.isFull ? LONGEST_PAUSE_WHEN_FULL_MS : LONGEST_PAUSE_MS;
  }
}
