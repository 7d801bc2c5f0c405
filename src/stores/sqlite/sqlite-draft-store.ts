import { type Draft, type DraftHead, type DraftLimits, draftsFrom, DraftStore, headOf } from '../draft-store.js';
import type { DraftRow } from '../sqlite-writer/release-writes.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** Drafts in a SQLite file. */
export class SqliteDraftStore extends DraftStore {
  private readonly select: Statement;
  private readonly selectHeads: Statement;

  /** The database is closed by whoever opened it. */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly limits: DraftLimits,
  ) {
    super();
    this.select = database.prepare('SELECT head, files FROM drafts WHERE id = ? AND changed_at >= ?');
    this.selectHeads = database.prepare(
      'SELECT head FROM drafts WHERE changed_at >= ? ORDER BY changed_at DESC, id DESC',
    );
  }

  async add(draft: Draft): Promise<boolean> {
    return this.database.write('addDraft', rowOf(draft), draftsFrom(this.limits), this.limits.keep);
  }

  async find(id: string): Promise<Draft | undefined> {
    const row = await this.database.run(() => this.select.get(id, draftsFrom(this.limits)));
    return row && { ...headIn(row), files: JSON.parse(String(row['files'])) as Draft['files'] };
  }

  async list(): Promise<DraftHead[]> {
    return this.database.run(() => this.selectHeads.all(draftsFrom(this.limits)).map(headIn));
  }

  async replace(next: Draft): Promise<boolean> {
    return this.database.write('replaceDraft', rowOf(next), draftsFrom(this.limits));
  }

  async remove(id: string, revision: number): Promise<boolean> {
    return this.database.write('removeDraft', id, revision, draftsFrom(this.limits));
  }
}

function rowOf(draft: Draft): DraftRow {
  return [draft.id, draft.revision, draft.changedAt, JSON.stringify(headOf(draft)), JSON.stringify(draft.files)];
}

function headIn(row: Readonly<Record<string, unknown>>): DraftHead {
  return JSON.parse(String(row['head'])) as DraftHead;
}
