import type { VisitorState } from '../recorded-inputs.js';
import type { SqliteFile } from './sqlite-file.js';

/** At most this many of the oldest are forgotten for each one appended, so that a lowered limit stalls nobody. */
const TRIM_PER_APPENDED = 4;
/** One takes about a tenth of a millisecond, and other processes wait meanwhile. */
const AT_ONCE = 50;

/** A recorded input as it lies in the file. */
export type RecordedRow = readonly [decidedAt: number, visitorId: string, stateKey: string | null, body: string];

type Gone = readonly Record<string, unknown>[];

const IS_USED = 'EXISTS (SELECT 1 FROM recorded_inputs WHERE state_key = recorded_states.key)';
const IS_ABOUT = 'visitor_id = :id OR state_key IN (SELECT key FROM recorded_states WHERE id = :id)';

/** Removes what a query finds, some at a time, and tells which states it needed. */
function removeWhere(query: string): string {
  return (
    `DELETE FROM recorded_inputs WHERE seq IN (SELECT seq FROM recorded_inputs ${query} LIMIT ${AT_ONCE}) ` +
    'RETURNING state_key'
  );
}

/** What is written of recorded inputs and of the states that they need. */
export function recordedWrites(file: SqliteFile) {
  const insert = file.prepare(
    'INSERT INTO recorded_inputs (decided_at, visitor_id, state_key, body) VALUES (?, ?, ?, ?)',
  );
  const insertState = file.prepare(
    `INSERT INTO recorded_states (key, id, document) SELECT :key, :id, :document
     WHERE EXISTS (SELECT 1 FROM recorded_inputs WHERE state_key = :key) ON CONFLICT (key) DO NOTHING`,
  );
  const selectState = file.prepare('SELECT 1 FROM recorded_states WHERE key = ?');
  const trim = file.prepare(
    `DELETE FROM recorded_inputs WHERE seq <= (SELECT max(seq) FROM recorded_inputs) - ?
                                   AND seq < (SELECT min(seq) FROM recorded_inputs) + ? RETURNING state_key`,
  );
  const dropState = file.prepare(`DELETE FROM recorded_states WHERE key = ? AND NOT ${IS_USED}`);
  const eraseSome = file.prepare(removeWhere(`WHERE ${IS_ABOUT}`));
  const forget = file.prepare(removeWhere('WHERE decided_at < ? ORDER BY decided_at'));
  const removeOldest = file.prepare(removeWhere('ORDER BY seq'));

  /** The states that nothing needs any more now that these inputs are gone; how many inputs there were. */
  const dropStatesOf = (gone: Gone): number => {
    const keys = new Set(gone.map((row) => row['state_key']));
    for (const key of keys) if (typeof key === 'string') dropState.run(key);
    return gone.length;
  };

  return {
    /**
     * Of which so many are kept. `known` are the keys of states that are said to be there already: those that are not
     * are given back, and then nothing was written.
     */
    recordInputs: (
      rows: readonly RecordedRow[],
      states: readonly VisitorState[],
      known: readonly string[],
      keep: number,
    ): string[] => {
      const missing = known.filter((key) => !selectState.get(key));
      if (missing.length > 0) return missing;
      for (const row of rows) insert.run(...row);
      for (const { key, id, document } of states) insertState.run({ key, id, document });
      dropStatesOf(trim.all(keep, rows.length * TRIM_PER_APPENDED));
      return [];
    },
    /** Some of those about an id; how many there were. */
    eraseInputs: (id: string): number => dropStatesOf(eraseSome.all({ id })),
    /** Some of those that were decided before an instant; how many there were. */
    forgetInputs: (before: number): number => dropStatesOf(forget.all(before)),
    /** Some of the oldest; how many there were. */
    removeOldestInputs: (): number => dropStatesOf(removeOldest.all()),
  };
}
