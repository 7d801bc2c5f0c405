import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { UsherError } from '../../errors.js';
import { PersonalRecordsList } from '../../stores/personal/personal-records-list.js';

/**
 * Between two pages of about a hundred visitors, or of a log; with some chance in it, so that processes don't go in
 * step.
 */
const PAUSE_MS = 250;
/** Between the end of one time through all of it and the beginning of the next. */
const REST_MS = 3_600_000;
/** A process that has just started has better things to do. */
const FIRST_REST_MS = 60_000;

/**
 * Retention: removes what is too old of everything that is held of people. It goes through all of it page by page,
 * slowly, over and over.
 */
@Injectable()
export class RetentionSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Retention');
  private readonly stopping = new AbortController();
  private walking: Promise<void> = Promise.resolve();

  constructor(private readonly records: PersonalRecordsList) {}

  onApplicationBootstrap(): void {
    this.walking = this.walkForEver();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.walking;
  }

  /** Goes through everything once; `now` in milliseconds, `pauseMs` between pages. */
  async walk(now: () => number, pauseMs: number): Promise<void> {
    for (const records of this.records.all()) {
      const steps = records.forgetOld(now);
      // SQLite is read in the same turn of the event loop: without a pause nobody else would be served until all is
      // gone.
      while (!this.isStopping && !(await steps.next()).done) await this.pause(pauseMs * (0.5 + Math.random()));
    }
  }

  private async walkForEver(): Promise<void> {
    await this.pause(FIRST_REST_MS);
    while (!this.isStopping) {
      await this.walk(Date.now, PAUSE_MS).catch((error: unknown) => this.warn(error));
      await this.pause(REST_MS * (0.5 + Math.random()));
    }
  }

  private warn(error: unknown): void {
    if (this.isStopping) return;
    this.logger.warn(
      'The walk through old visitors was broken off, and begins again later: ' +
        `${error instanceof UsherError ? error.message : String(error)}`,
    );
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async pause(ms: number): Promise<void> {
    // It rejects when it is cut short by the end of the service.
    await delay(ms, undefined, { ref: false, signal: this.stopping.signal }).catch(() => undefined);
  }
}
