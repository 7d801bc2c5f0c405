import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { CorruptDocument, UsherError } from '../../errors.js';
import { Stores } from '../../stores/open-stores.js';
import type { DocumentChange } from '../../stores/visitor-store.js';
import { DanglingPointers } from './dangling-pointers.js';
import { retainedSince, type Retention } from '../memory/memory.js';
import { sweptDocument } from './swept-document.js';
import { RETENTION } from '../visitors.service.js';

/**
 * Between two pages of about a hundred visitors, or of a log; with some chance in it, so that processes don't go in
 * step.
 */
const PAUSE_MS = 250;
/** Between two walks through all of them. */
const REST_MS = 3_600_000;
/** A process that has just started has better things to do. */
const FIRST_REST_MS = 60_000;
const DAY_MS = 86_400_000;

/** For how many days the inputs of decisions are kept. */
export const KEEP_RECORDED_DAYS = Symbol('days that inputs are kept');

/**
 * Lets go of what is too old of people who never come back, whose documents no event trims: a slow walk through all
 * visitors, over and over. Several processes may walk at once: what one has trimmed the others leave as it is.
 */
@Injectable()
export class RetentionSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Retention');
  private readonly stopping = new AbortController();
  private readonly dangling: DanglingPointers;
  private walking: Promise<void> = Promise.resolve();

  constructor(
    @Inject(Stores)
    private readonly stores: Pick<Stores, 'visitors' | 'decisions' | 'recorded' | 'rejected' | 'housekeeping'>,
    @Inject(RETENTION) private readonly retention: Retention,
    @Inject(KEEP_RECORDED_DAYS) private readonly keepRecordedDays: number,
  ) {
    this.dangling = new DanglingPointers(stores.visitors);
  }

  onApplicationBootstrap(): void {
    this.walking = this.walkForEver();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.walking;
  }

  /** One walk through everybody and the logs; `now` in milliseconds, `pauseMs` between pages. */
  async walk(now: () => number, pauseMs: number): Promise<void> {
    await this.sweepLogs(now(), pauseMs);
    for (let from: string | undefined; ;) {
      const { ids, next } = await this.stores.housekeeping.ids(from);
      await this.sweep(ids, now());
      if (next === undefined || this.stopping.signal.aborted) return;
      from = next;
      await this.pause(pauseMs * (0.5 + Math.random()));
    }
  }

  private async walkForEver(): Promise<void> {
    await this.pause(FIRST_REST_MS);
    while (!this.stopping.signal.aborted) {
      await this.walk(Date.now, PAUSE_MS).catch((error: unknown) => this.tell(error));
      await this.pause(REST_MS * (0.5 + Math.random()));
    }
  }

  private async sweepLogs(now: number, pauseMs: number): Promise<void> {
    await this.stores.rejected.append([]);
    if (this.keepRecordedDays > 0)
      await this.forgetBefore(this.stores.recorded, now - this.keepRecordedDays * DAY_MS, pauseMs);
    if (this.retention.keepDays > 0)
      await this.forgetBefore(this.stores.decisions, retainedSince(now, this.retention), pauseMs);
  }

  private async forgetBefore(
    log: Stores['decisions'] | Stores['recorded'],
    instant: number,
    pauseMs: number,
  ): Promise<void> {
    // SQLite answers in the same turn of the event loop: without a pause nobody else would be served until all are
    // gone.
    while (!this.stopping.signal.aborted && (await log.forgetBefore(instant)) > 0) await this.pause(pauseMs);
  }

  private async sweep(ids: readonly string[], now: number): Promise<void> {
    const stored = await this.stores.visitors.load(ids);
    const changes: DocumentChange[] = [];
    for (const [index, id] of ids.entries()) {
      const one = stored[index];
      const document = one && this.swept(one.document, now);
      if (!document) continue;
      changes.push({ id, from: one.version, document });
      // Writing one anew takes about a millisecond, and decisions wait meanwhile.
      await nextTurn();
    }
    if (changes.length > 0) await this.stores.visitors.save(changes);
    await this.dangling.sweep(
      ids.map((id, index) => ({ id, stored: stored[index] })),
      now,
    );
  }

  /** What can't be read is for its next reader to set aside. */
  private swept(document: Uint8Array, now: number): Uint8Array | undefined {
    try {
      return sweptDocument(document, now, this.retention);
    } catch (error) {
      if (error instanceof CorruptDocument) return undefined;
      throw error;
    }
  }

  private tell(error: unknown): void {
    if (this.stopping.signal.aborted) return;
    this.logger.warn(
      `The walk through old visitors was broken off, and begins again later: ${error instanceof UsherError ? error.message : String(error)}`,
    );
  }

  private async pause(ms: number): Promise<void> {
    // It rejects when it is cut short by the end of the service.
    await delay(ms, undefined, { ref: false, signal: this.stopping.signal }).catch(() => undefined);
  }
}
