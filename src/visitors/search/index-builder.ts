import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { UsherError } from '../../errors.js';
import { Recurring } from '../../recurring.js';
import type { SearchPolicy } from '../../engine/visitor/search-policy.js';
import type { Stores } from '../../stores/open-stores.js';
import type { SearchIndex } from '../../stores/search-index.js';
import type { VisitorStore } from '../../stores/visitor-store.js';
import type { SearchEntries } from './search-entries.js';

/** What it works on. */
export interface BuilderOptions {
  readonly entries: SearchEntries;
  readonly index: SearchIndex;
  readonly housekeeping: Pick<Stores['housekeeping'], 'ids'>;
  readonly visitors: Pick<VisitorStore, 'load'>;
  readonly policy: () => SearchPolicy;
  /** Whether rules serve yet: before that nobody knows the policy. */
  readonly isServing: () => boolean;
}

/** How often it looks whether the policy is another. */
const LOOK_MS = 1_000;
/** So long other processes may still write by the policy before; all switch within a second. */
const SETTLED_MS = 5_000;
/** Then it looks whether that is still so: a process that saw another policy for a moment may have died of it. */
const DONE_MS = 60_000;
/** Between two pages of about a hundred people. */
const PAUSE_MS = 20;

/**
 * Brings the index up to a policy: goes through everybody once, and then says what is covered. So whoever was there
 * before the index was, or before a trait was named, is found by it. What is covered is said in the store, as the
 * traits with their forms in JSON; each process may do it, and what one has done the others leave.
 */
export class IndexBuilder {
  private readonly logger = new Logger('Search');
  private readonly stopping = new AbortController();
  private working: Promise<void> = Promise.resolve();
  private readonly failures = new Recurring((line) => this.logger.warn(line));
  /** The policy that was seen last, as a text, and since when. */
  private seen: { readonly policy: string; readonly at: number } | undefined;
  /** The one that was found to be covered. */
  private done: { readonly policy: string; readonly at: number } | undefined;

  constructor(private readonly options: BuilderOptions) {}

  /** Looks from now on, until it is stopped. */
  start(): void {
    this.working = this.workForEver();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.working;
  }

  /** The traits of the policy by which somebody may not be found yet. */
  async behind(): Promise<readonly string[]> {
    const covered = coveredBy(await this.options.index.coverage());
    return [...this.options.policy()].filter(([name, form]) => covered[name] !== form).map(([name]) => name);
  }

  /**
   * Goes through everybody where the index is behind, and the policy has been the same for `settledMs`. `now` in
   * milliseconds.
   */
  async catchUp(now: number, settledMs: number): Promise<void> {
    if (!this.options.isServing()) return;
    const policy = textOf(this.options.policy());
    if (this.done?.policy === policy && now - this.done.at < DONE_MS) return;
    const covered = await this.options.index.coverage();
    const isFirst = this.seen === undefined;
    if (this.seen?.policy !== policy) {
      this.seen = { policy, at: now };
      // What is named no more is not kept up from now on: named once more, it is behind.
      if (covered !== undefined) await this.narrow(covered);
    }
    const isAlone = isFirst && covered === undefined;
    const isDue = (await this.behind()).length > 0;
    if (isDue && !isAlone && now - (this.seen?.at ?? now) < settledMs) return;
    if (!isDue || (await this.walk(policy))) this.done = { policy, at: now };
  }

  private async narrow(text: string): Promise<void> {
    const policy = this.options.policy();
    const before = Object.entries(coveredBy(text));
    const left = before.filter(([name, form]) => policy.get(name) === form);
    if (left.length < before.length) await this.options.index.cover(JSON.stringify(Object.fromEntries(left)));
  }

  /** Whether it came to its end. */
  private async walk(policy: string): Promise<boolean> {
    const { entries, index, housekeeping, visitors } = this.options;
    const isStill = () => !this.stopping.signal.aborted && textOf(this.options.policy()) === policy;
    for (let from: string | undefined; isStill();) {
      const { ids, next } = await housekeeping.ids(from);
      await entries.settle(ids, await visitors.load(ids));
      from = next;
      if (from === undefined) break;
      await this.pause(PAUSE_MS);
      // Another process may have come to the end.
      if ((await this.behind()).length === 0) return true;
    }
    if (isStill()) await index.cover(policy);
    return isStill();
  }

  private async workForEver(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.catchUp(Date.now(), SETTLED_MS).catch((error: unknown) => this.warn(error));
      await this.pause(LOOK_MS);
    }
  }

  private warn(error: unknown): void {
    if (this.stopping.signal.aborted) return;
    const why = error instanceof UsherError ? error.message : String(error);
    this.failures.note('behind', `The index of the search is not complete yet, which is tried again: ${why}`);
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { ref: false, signal: this.stopping.signal }).catch(() => undefined);
  }
}

function textOf(policy: SearchPolicy): string {
  return JSON.stringify(Object.fromEntries([...policy].sort()));
}

function coveredBy(text: string | undefined): Readonly<Record<string, string>> {
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string>);
}
