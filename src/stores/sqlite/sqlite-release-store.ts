import { storeFailure } from '../store-failure.js';
import { type PackedPiece, type PieceShelf, shelveRelease, summaryOf, unshelveRelease } from '../release-pieces.js';
import {
  NOTHING_LIVE,
  type Release,
  type ReleaseEvent,
  ReleaseStore,
  type ReleaseSummary,
  type Rollout,
} from '../release-store.js';
import { aloneInMemory } from '../sqlite-writer/alone-in-memory.js';
import { type ReleaseRow, SELECT_RELEASE_STATE } from '../sqlite-writer/release-writes.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** How often it looks for what other processes did to the file: a read of two numbers. */
const LOOK_MS = 200;

/** Releases in a SQLite file. */
export class SqliteReleaseStore extends ReleaseStore {
  private readonly shelf: PieceShelf;
  private readonly select: Statement;
  private readonly selectList: Statement;
  private readonly selectState: Statement;
  private readonly selectRollout: Statement;
  private readonly selectEvents: Statement;
  private readonly selectCounts: Statement;
  private readonly watchers = new Set<() => void>();

  /** The database is closed by whoever opened it. */
  constructor(private readonly database: SqliteDatabase) {
    super();
    this.shelf = new SqlitePieceShelf(database);
    this.select = database.prepare('SELECT summary, pieces FROM releases WHERE version = ?');
    this.selectList = database.prepare('SELECT summary FROM releases WHERE version < ? ORDER BY version DESC LIMIT ?');
    this.selectState = database.prepare(SELECT_RELEASE_STATE);
    this.selectRollout = database.prepare('SELECT body FROM rollout');
    this.selectEvents = database.prepare('SELECT body FROM release_events ORDER BY seq DESC LIMIT ? OFFSET ?');
    this.selectCounts = database.prepare('SELECT key, count FROM shadow_counts WHERE version = ?');
  }

  async add(release: Release, event: ReleaseEvent): Promise<boolean> {
    if (!(await this.database.run(() => this.state().version === release.version - 1))) return false;
    const pieces = await shelveRelease(release, this.shelf);
    const row: ReleaseRow = [release.version, JSON.stringify(summaryOf(release)), JSON.stringify(pieces)];
    return this.told(await this.database.write('addRelease', row, JSON.stringify(event)));
  }

  async release(version: number): Promise<Release | undefined> {
    const row = await this.database.run(() => this.select.get(version));
    if (!row) return undefined;
    const release = await unshelveRelease(
      JSON.parse(String(row['summary'])) as ReleaseSummary,
      JSON.parse(String(row['pieces'])) as string[],
      this.shelf,
    );
    if (!release)
      throw storeFailure(`SQLite: release ${version} is not whole; restore the file from a backup`, undefined);
    return release;
  }

  async list(limit: number, before = Number.MAX_SAFE_INTEGER): Promise<ReleaseSummary[]> {
    const rows = await this.database.run(() => this.selectList.all(before, Math.max(0, limit)));
    return rows.map((row) => JSON.parse(String(row['summary'])) as ReleaseSummary);
  }

  async rollout(): Promise<Rollout> {
    const row = await this.database.run(() => this.selectRollout.get());
    return row ? { ...NOTHING_LIVE, ...(JSON.parse(String(row['body'])) as Rollout) } : NOTHING_LIVE;
  }

  async change(next: Rollout, event: ReleaseEvent): Promise<boolean> {
    const body = JSON.stringify(next);
    return this.told(await this.database.write('changeRollout', next.revision, body, JSON.stringify(event)));
  }

  async note(event: ReleaseEvent): Promise<void> {
    await this.database.write('noteReleaseEvent', JSON.stringify(event));
  }

  async events(limit: number, skip = 0): Promise<ReleaseEvent[]> {
    const rows = await this.database.run(() => this.selectEvents.all(Math.max(0, limit), skip));
    return rows.map((row) => JSON.parse(String(row['body'])) as ReleaseEvent);
  }

  async countShadow(version: number, counts: ReadonlyMap<string, number>): Promise<void> {
    await this.database.write('countShadow', version, counts);
  }

  async shadowCounts(version: number): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.run(() => this.selectCounts.all(version));
    return new Map(rows.map((row) => [String(row['key']), Number(row['count'])]));
  }

  subscribe(changed: () => void): () => void {
    let seen = this.now();
    const look = () => {
      const now = this.now();
      if (now === undefined || now === seen) return;
      seen = now;
      changed();
    };
    this.watchers.add(look);
    const timer = setInterval(() => (this.database.isOpen ? look() : clearInterval(timer)), LOOK_MS).unref();
    return () => {
      this.watchers.delete(look);
      clearInterval(timer);
    };
  }

  /** Those who watch in this process are told at once of what was done. */
  private told(done: boolean): boolean {
    if (done) for (const look of [...this.watchers]) look();
    return done;
  }

  private state(): { readonly version: number; readonly revision: number } {
    const row = this.selectState.get();
    return { version: Number(row?.['version']), revision: Number(row?.['revision']) };
  }

  /** Undefined while the file can't be read: the next look will see. */
  private now(): string | undefined {
    try {
      return JSON.stringify(this.state());
    } catch {
      return undefined;
    }
  }
}

class SqlitePieceShelf implements PieceShelf {
  private readonly select: Statement;
  private readonly exists: Statement;

  constructor(private readonly database: SqliteDatabase) {
    this.select = database.prepare('SELECT body FROM release_pieces WHERE name = ?');
    this.exists = database.prepare('SELECT 1 FROM release_pieces WHERE name = ?');
  }

  async missing(names: readonly string[]): Promise<string[]> {
    return this.database.run(() => names.filter((name) => !this.exists.get(name)));
  }

  async put(pieces: readonly PackedPiece[]): Promise<void> {
    const sent = pieces.map(({ name, body }) => ({ name, body: aloneInMemory(body) }));
    await this.database.write('putPieces', sent);
  }

  async get(names: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.database.run(() => names.map((name) => this.select.get(name)?.['body'] as Uint8Array | undefined));
  }
}
