import { setImmediate as nextTurn } from 'node:timers/promises';
import { blocksOf } from '../sqlite-blocks/block.js';
import type { Line } from '../sqlite-blocks/lines.js';
import { DecisionLog, type LoggedDecision } from '../decision-log.js';
import { untilDone } from '../recorded-inputs.js';
import { BlockReads } from './block-reads.js';
import { eraseInBlocks } from './erase-in-blocks.js';
import { OldRows } from './old-rows.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** How often some are forgotten in one call. */
const ROUNDS = 8;

/**
 * The log of decisions in a SQLite file. The latest are never more than its limit, even while older ones still wait to
 * be trimmed. Those are found and erased with their person as long as they are there.
 */
export class SqliteDecisionLog extends DecisionLog {
  private readonly blocks: BlockReads;
  private readonly old: OldRows;

  /** The database is closed by whoever opened it. */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly keep: number,
  ) {
    super();
    this.blocks = new BlockReads(database, 'decision');
    this.old = new OldRows(database, ['old_decisions'], () => database.write('moveDecisions'));
  }

  async append(decisions: readonly LoggedDecision[]): Promise<void> {
    if (decisions.length === 0 || this.keep === 0) return;
    this.old.begin();
    const kept = decisions.slice(-this.keep);
    const entries = kept.map((one) => ({ line: JSON.stringify(one), id: one.visitorId, at: one.decidedAt }));
    await this.database.write('logDecisions', blocksOf(entries), this.keep);
  }

  async latest(limit: number): Promise<LoggedDecision[]> {
    await this.old.gone();
    const most = Math.max(0, Math.min(limit, this.keep));
    const found: LoggedDecision[] = [];
    if (most === 0) return found;
    const first = await this.blocks.firstOf(this.keep);
    for await (const lines of this.blocks.backwards()) {
      const shown = lines.filter(({ seq }) => seq >= first);
      found.push(...shown.slice(0, most - found.length).map(read));
      if (found.length === most || shown.length < lines.length) break;
    }
    return found;
  }

  async *about(visitorIds: readonly string[]): AsyncGenerator<readonly LoggedDecision[]> {
    await this.old.gone();
    const ids = new Set(visitorIds);
    const { places } = await this.blocks.thatMayHold([...ids], 0);
    for (const { seq } of places.toReversed()) {
      // Those that were forgotten meanwhile are gone.
      const decisions = (await this.blocks.lines(seq)).reverse().map(read);
      yield decisions.filter(({ visitorId }) => ids.has(visitorId));
      await nextTurn();
    }
  }

  async latestAbout(visitorIds: readonly string[], limit: number): Promise<LoggedDecision[]> {
    const found: LoggedDecision[] = [];
    if (limit <= 0) return found;
    for await (const decisions of this.about(visitorIds)) {
      found.push(...decisions.slice(0, limit - found.length));
      if (found.length >= limit) break;
    }
    return found;
  }

  async erase(visitorIds: readonly string[]): Promise<number> {
    await this.old.gone();
    return eraseInBlocks(this.blocks, visitorIds, (ids, seqs) => this.database.write('eraseDecisions', ids, seqs));
  }

  async forgetBefore(instant: number): Promise<number> {
    await this.old.gone();
    return untilDone(() => this.database.write('forgetDecisions', instant), ROUNDS);
  }
}

function read({ line }: Line): LoggedDecision {
  return JSON.parse(line) as LoggedDecision;
}
