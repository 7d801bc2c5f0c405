import type { SqliteFile } from './sqlite-file.js';

/** At most this many of the oldest are forgotten for each one appended, so that a lowered limit stalls nobody. */
const TRIM_PER_APPENDED = 10;

/** A decision as it lies in the log. */
export type DecisionRow = readonly [body: string, visitorId: string, decidedAt: number];

/** What is written of the log of decisions. */
export function decisionWrites(file: SqliteFile) {
  const insert = file.prepare('INSERT INTO decisions (body, visitor_id, decided_at) VALUES (?, ?, ?)');
  const trim = file.prepare(
    `DELETE FROM decisions WHERE seq <= (SELECT max(seq) FROM decisions) - ?
                             AND seq < (SELECT min(seq) FROM decisions) + ?`,
  );
  const eraseAbout = file.prepare(
    'DELETE FROM decisions WHERE seq IN (SELECT seq FROM decisions WHERE visitor_id = ? LIMIT ?)',
  );
  const forget = file.prepare(
    'DELETE FROM decisions WHERE seq IN (SELECT seq FROM decisions ORDER BY seq LIMIT ?) AND decided_at < ?',
  );
  return {
    /** Of which so many are kept. */
    logDecisions: (rows: readonly DecisionRow[], keep: number): void => {
      for (const row of rows) insert.run(...row);
      trim.run(keep, rows.length * TRIM_PER_APPENDED);
    },
    /** At most so many of those about an id; how many there were. */
    eraseDecisions: (id: string, most: number): number => Number(eraseAbout.run(id, most).changes),
    /** Of so many of the oldest those that were decided before an instant; how many there were. */
    forgetDecisions: (most: number, before: number): number => Number(forget.run(most, before).changes),
  };
}
