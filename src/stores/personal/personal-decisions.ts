import type { DecisionLog } from '../decision-log.js';
import { type HeldOfPerson, PersonalRecords } from './personal-records.js';

const DAY_MS = 86_400_000;

/** What was decided for people, as the log has it. */
export class PersonalDecisions extends PersonalRecords {
  readonly places = {
    tables: ['decision_blocks', 'decision_spans', 'old_decisions', 'block_counts'],
    keys: ['usher:decision-log', 'usher:{usher:decision-log}:*'],
  };

  /** Kept for so many days; 0 keeps all ages. */
  constructor(
    private readonly log: DecisionLog,
    private readonly keepDays: number,
  ) {
    super();
  }

  async *about(ids: readonly string[]): AsyncGenerator<Pick<HeldOfPerson, 'decisions'>> {
    for await (const decisions of this.log.about(ids)) yield { decisions };
  }

  async erase(ids: readonly string[]): Promise<void> {
    await this.log.erase(ids);
  }

  async *forgetOld(now: () => number): AsyncGenerator<void> {
    if (this.keepDays === 0) return;
    const since = now() - this.keepDays * DAY_MS;
    while ((await this.log.forgetBefore(since)) > 0) yield;
  }
}
