import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { decide } from '../engine/decide.js';
import type { DecideInput } from '../engine/decision-run.js';
import type { PlacementDecision } from '../engine/answer.js';
import type { Rulebook } from '../engine/rulebook.js';
import { PersonalRecordsList } from '../stores/personal/personal-records-list.js';
import { ReleaseStore } from '../stores/release-store.js';
import { WaitingRecords } from '../stores/personal/waiting-records.js';
import type { MadeDecision } from './recorded-decision.js';

interface Waiting {
  /** The ids of the person that it was decided for. */
  readonly ids: readonly string[];
  readonly shadow: Rulebook;
  readonly input: DecideInput;
  readonly decisions: readonly PlacementDecision[];
}

/** Beyond so many that wait, the shadow does not see every decision: those who are served come first. */
const MAX_WAITING = 1_000;
const FLUSH_MS = 200;
/**
 * Where each visitor gets a list of their own, differences come without end; the counts of so many kinds are kept, and
 * of the others the sum.
 */
const MAX_KINDS = 1_000;

/**
 * Asks a shadow release what it would have decided, after the answer has gone out, and counts what differs: how many
 * placements were compared, and for each difference the offers of both. Nothing of any visitor is kept, and who
 * is erased is not compared any more.
 */
@Injectable()
export class ShadowComparer implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('decisions');
  private waiting: Waiting[] = [];
  private working: Promise<void> | undefined;
  private counts = new Map<number, Map<string, number>>();
  private kinds = { version: 0, keys: new Set<string>() };

  constructor(
    private readonly store: ReleaseStore,
    private readonly records: PersonalRecordsList,
  ) {}

  onModuleInit(): void {
    this.records.register(new WaitingRecords('ShadowComparer.waiting', (ids) => this.drop(ids)));
  }

  /** Returns at once. */
  compare({ answer, visitor, input, shadow }: MadeDecision): void {
    if (!shadow) return;
    if (this.waiting.length >= MAX_WAITING) return this.count(shadow.version, 'skipped');
    this.waiting.push({
      ids: [answer.visitorId, visitor?.source?.id ?? answer.visitorId],
      shadow,
      input,
      decisions: answer.decisions,
    });
    this.working ??= this.workLater();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.working;
  }

  private drop(gone: ReadonlySet<string>): void {
    this.waiting = this.waiting.filter(({ ids }) => !ids.some((id) => gone.has(id)));
  }

  /** When the answer has gone out. */
  private async workLater(): Promise<void> {
    await nextTurn();
    await this.work();
    this.working = this.waiting.length > 0 ? this.workLater() : undefined;
  }

  /** Until nothing waits: one decision in each turn of the event loop, and the counts now and then. */
  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      for (const until = performance.now() + FLUSH_MS; performance.now() < until; await nextTurn()) {
        const one = this.waiting.shift();
        if (!one) break;
        this.compareNow(one);
      }
      await this.flush();
    }
  }

  private compareNow({ shadow, input, decisions }: Waiting): void {
    const others = this.decideOr(shadow, input);
    if (!others) return;
    for (const [at, decision] of decisions.entries()) {
      this.count(shadow.version, 'compared');
      const other = others[at];
      if (!other || JSON.stringify(other) === JSON.stringify(decision)) continue;
      this.count(
        shadow.version,
        this.kindOf(shadow.version, [input.rulebook.version, decision.placement, offersOf(decision), offersOf(other)]),
      );
    }
  }

  /** What a difference is counted under. */
  private kindOf(version: number, difference: readonly unknown[]): string {
    if (this.kinds.version !== version) this.kinds = { version, keys: new Set() };
    const { keys } = this.kinds;
    const key = JSON.stringify(difference);
    if (keys.size < MAX_KINDS) keys.add(key);
    return keys.has(key) ? key : 'others';
  }

  private decideOr(rulebook: Rulebook, input: DecideInput): PlacementDecision[] | undefined {
    try {
      return decide({ ...input, rulebook });
    } catch (error) {
      this.logger.warn(`release ${rulebook.version} could not be compared: ${String(error)}`);
      this.count(rulebook.version, 'failed');
      return undefined;
    }
  }

  private count(version: number, key: string): void {
    const counts = this.counts.get(version) ?? new Map<string, number>();
    this.counts.set(version, counts.set(key, (counts.get(key) ?? 0) + 1));
  }

  private async flush(): Promise<void> {
    const counted = this.counts;
    this.counts = new Map();
    for (const [version, counts] of counted) {
      await this.store
        .countShadow(version, counts)
        .catch((error: unknown) => this.logger.warn(`differences of release ${version} are lost: ${String(error)}`));
    }
  }
}

function offersOf({ items }: PlacementDecision): string[] {
  return items.map(({ offer }) => offer);
}
