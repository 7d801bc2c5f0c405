import type { PackedPiece } from '../release-pieces.js';
import type { SqliteFile } from './sqlite-file.js';

/** A release as it lies in the file. */
export type ReleaseRow = readonly [version: number, summary: string, pieces: string];

/** The latest release and the latest change of what serves: 0 where there is none. */
export const SELECT_RELEASE_STATE =
  'SELECT (SELECT ifnull(max(version), 0) FROM releases) AS version, ' +
  '(SELECT ifnull(max(revision), 0) FROM rollout) AS revision';

/** What is written of releases. Those that answer false had another before them, and wrote nothing. */
export function releaseWrites(file: SqliteFile) {
  const state = file.prepare(SELECT_RELEASE_STATE);
  const insert = file.prepare('INSERT INTO releases (version, summary, pieces) VALUES (?, ?, ?)');
  const putRollout = file.prepare(
    'INSERT INTO rollout (one, revision, body) VALUES (1, ?, ?) ' +
      'ON CONFLICT (one) DO UPDATE SET revision = excluded.revision, body = excluded.body',
  );
  const insertEvent = file.prepare('INSERT INTO release_events (body) VALUES (?)');
  const count = file.prepare(
    'INSERT INTO shadow_counts (version, key, count) VALUES (?, ?, ?) ' +
      'ON CONFLICT (version, key) DO UPDATE SET count = count + excluded.count',
  );
  const putPiece = file.prepare('INSERT INTO release_pieces (name, body) VALUES (?, ?) ON CONFLICT (name) DO NOTHING');
  return {
    addRelease: (row: ReleaseRow, event: string): boolean => {
      if (Number(state.get()?.['version']) !== row[0] - 1) return false;
      insert.run(...row);
      insertEvent.run(event);
      return true;
    },
    changeRollout: (revision: number, body: string, event: string): boolean => {
      if (Number(state.get()?.['revision']) !== revision - 1) return false;
      putRollout.run(revision, body);
      insertEvent.run(event);
      return true;
    },
    noteReleaseEvent: (event: string): void => void insertEvent.run(event),
    countShadow: (version: number, counts: ReadonlyMap<string, number>): void =>
      counts.forEach((more, key) => void count.run(version, key, more)),
    putPieces: (pieces: readonly PackedPiece[]): void =>
      pieces.forEach(({ name, body }) => void putPiece.run(name, body)),
  };
}

/** A draft as it lies in the file. */
export type DraftRow = readonly [id: string, revision: number, changedAt: number, head: string, files: string];

/**
 * What is written of drafts. Each forgets first what was last changed before an instant; those that answer false then
 * wrote nothing.
 */
export function draftWrites(file: SqliteFile) {
  const forget = file.prepare('DELETE FROM drafts WHERE changed_at < ?');
  const count = file.prepare('SELECT count(*) AS count FROM drafts');
  const insert = file.prepare(
    'INSERT INTO drafts (id, revision, changed_at, head, files) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const update = file.prepare(
    'UPDATE drafts SET revision = ?, changed_at = ?, head = ?, files = ? WHERE id = ? AND revision = ?',
  );
  const remove = file.prepare('DELETE FROM drafts WHERE id = ? AND revision = ?');
  return {
    /** False where there are `keep` of them, or one of this id. */
    addDraft: (row: DraftRow, from: number, keep: number): boolean => {
      forget.run(from);
      return Number(count.get()?.['count']) < keep && insert.run(...row).changes > 0;
    },
    /** False where there is none of the revision before. */
    replaceDraft: ([id, revision, changedAt, head, files]: DraftRow, from: number): boolean => {
      forget.run(from);
      return update.run(revision, changedAt, head, files, id, revision - 1).changes > 0;
    },
    removeDraft: (id: string, revision: number, from: number): boolean => {
      forget.run(from);
      return remove.run(id, revision).changes > 0;
    },
  };
}
