import { type Block, blocksOf, type Entry } from '../sqlite-blocks/block.js';
import type { LoggedDecision } from '../decision-log.js';
import { BlockWrites } from './block-writes.js';
import type { SqliteFile } from './sqlite-file.js';

/** At most this many of the oldest are forgotten for each one appended, so that a lowered limit stalls nobody. */
const TRIM_PER_APPENDED = 10;
/** So many blocks are looked into for one write: a few milliseconds, in which other processes wait. */
const BLOCKS_AT_ONCE = 8;
/** So many of an earlier Usher become blocks in one write. */
const MOVED_AT_ONCE = 1_000;

/** What is written of the log of decisions. */
export function decisionWrites(file: SqliteFile) {
  const blocks = new BlockWrites(file, 'decision', { read: readDecision, states: () => [] });
  const selectOld = file.prepare(
    `SELECT seq, body, visitor_id, decided_at FROM old_decisions ORDER BY seq LIMIT ${MOVED_AT_ONCE}`,
  );
  const deleteOld = file.prepare('DELETE FROM old_decisions WHERE seq <= ?');

  const trim = (keep: number, most: number): void => {
    for (let gone = 0; gone < most;) {
      const dropped = blocks.dropBeyond(keep);
      if (!dropped) return;
      gone += dropped.count;
    }
  };

  return {
    /** Of which so many are kept. */
    logDecisions: (some: readonly Block[], keep: number): void => {
      for (const block of some) blocks.append(block);
      trim(keep, some.reduce((sum, { count }) => sum + count, 0) * TRIM_PER_APPENDED);
    },
    /** Those about ids, in these blocks; how many there were. */
    eraseDecisions: (ids: readonly string[], some: readonly number[]): number => {
      const about = new Set(ids);
      return some.reduce((sum, seq) => sum + blocks.remove(seq, ({ id }) => about.has(id)).count, 0);
    },
    /** Some of those that were decided before an instant; how many there were. */
    forgetDecisions: (before: number): number =>
      blocks.forget(before, BLOCKS_AT_ONCE).reduce((sum, { count }) => sum + count, 0),
    /** Some of the oldest that an earlier Usher wrote become blocks; how many there were. */
    moveDecisions: (): number => {
      const rows = selectOld.all();
      for (const block of blocksOf(rows.map(oldEntry))) blocks.appendOld(block);
      deleteOld.run(Number(rows.at(-1)?.['seq'] ?? 0));
      return rows.length;
    },
  };
}

function readDecision(line: string): Entry {
  const { visitorId, decidedAt } = JSON.parse(line) as LoggedDecision;
  return { line, id: visitorId, at: decidedAt };
}

function oldEntry(row: Record<string, unknown>): Entry {
  const [line, id] = [String(row['body']), String(row['visitor_id'])];
  // Half a character, which was none in its column, is whole in its JSON.
  return id.includes('\ufffd') ? readDecision(line) : { line, id, at: Number(row['decided_at']) };
}
