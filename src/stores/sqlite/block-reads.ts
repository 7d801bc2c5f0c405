import { setImmediate as nextTurn } from 'node:timers/promises';
import { MOST_MS } from '../sqlite-blocks/block.js';
import { hashOf, holdsOneOf } from '../sqlite-blocks/id-hashes.js';
import { type Line, linesOf } from '../sqlite-blocks/lines.js';
import type { BlockKind } from '../sqlite-writer/block-statements.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** So many blocks are looked at in one step: a millisecond or less, in which nobody else is served. */
const LOOKED_AT_ONCE = 500;

/** So many blocks are found in one step of a walk through time. */
const FOUND_AT_ONCE = 32;

/** Where a block lies, and when the first of it was decided. */
export interface BlockPlace {
  readonly seq: number;
  readonly firstAt: number;
}

/** What was found of some ids. */
export interface Found {
  readonly places: readonly BlockPlace[];
  /** The last block that was looked at: what comes next may be in it. */
  readonly last: number;
}

/** How the blocks of one record are read: some at a time, a turn of the event loop for each. */
export class BlockReads {
  private readonly selectIds: Statement;
  private readonly selectBody: Statement;
  private readonly selectInTime: Statement;
  private readonly selectBefore: Statement;
  private readonly selectNext: Statement;
  private readonly selectBytes: Statement;

  constructor(
    private readonly database: SqliteDatabase,
    kind: BlockKind,
  ) {
    this.selectIds = database.prepare(
      `SELECT seq, first_at, ids FROM ${kind}_spans WHERE seq >= ? ORDER BY seq LIMIT ${LOOKED_AT_ONCE}`,
    );
    this.selectBody = database.prepare(`SELECT body FROM ${kind}_blocks WHERE seq = ?`);
    this.selectInTime = database.prepare(
      `SELECT seq, first_at FROM ${kind}_spans WHERE (first_at, seq) > (:firstAt, :seq)
       AND (last_at > :at OR (last_at = :at AND seq + count > :from)) ORDER BY first_at, seq LIMIT ${FOUND_AT_ONCE}`,
    );
    this.selectBefore = database.prepare(`SELECT max(seq) AS seq FROM ${kind}_spans WHERE seq < ?`);
    this.selectNext = database.prepare(`SELECT next FROM block_counts WHERE kind = '${kind}'`);
    this.selectBytes = database.prepare(`SELECT bytes FROM block_counts WHERE kind = '${kind}'`);
  }

  /** The blocks from a place on that may hold something about one of the ids, in the order in which they lie there. */
  async thatMayHold(ids: readonly string[], from: number): Promise<Found> {
    const hashes = [...new Set(ids.map(hashOf))];
    const places: BlockPlace[] = [];
    let last = from;
    for (let [next, isMore] = [from, hashes.length > 0]; isMore;) {
      const rows = await this.database.run(() => this.selectIds.all(next));
      for (const row of rows)
        if (holdsOneOf(row['ids'] as Uint8Array, hashes))
          places.push({ seq: Number(row['seq']), firstAt: Number(row['first_at']) });
      isMore = rows.length === LOOKED_AT_ONCE;
      last = Number(rows.at(-1)?.['seq'] ?? last);
      next = last + 1;
      await nextTurn();
    }
    return { places, last };
  }

  /** What lies in a block; nothing where it was forgotten meanwhile. */
  async lines(seq: number): Promise<Line[]> {
    const row = await this.database.run(() => this.selectBody.get(seq));
    return row ? linesOf(seq, String(row['body'])) : [];
  }

  /** All that lies there, the latest first, block by block. */
  async *backwards(): AsyncGenerator<readonly Line[]> {
    for (let before = Number.MAX_SAFE_INTEGER; ;) {
      const from = before;
      const seq = await this.database.run(() => this.selectBefore.get(from)?.['seq']);
      if (typeof seq !== 'number') return;
      yield (await this.lines(seq)).reverse();
      before = seq;
      await nextTurn();
    }
  }

  /** The blocks with something decided later than an instant, or then and from a place on, by their beginnings. */
  async *since(at: number, from: number): AsyncGenerator<BlockPlace> {
    let place: BlockPlace = { firstAt: at - MOST_MS, seq: -1 };
    for (let isMore = true; isMore;) {
      const rows = await this.database.run(() => this.selectInTime.all({ ...place, at, from }));
      const places = rows.map((row) => ({ seq: Number(row['seq']), firstAt: Number(row['first_at']) }));
      yield* places;
      isMore = places.length === FOUND_AT_ONCE;
      place = places.at(-1) ?? place;
    }
  }

  /** The place of the first of the latest so many entries. */
  firstOf(keep: number): Promise<number> {
    return this.database.run(() => Number(this.selectNext.get()?.['next']) - keep);
  }

  /** How much is kept, in bytes. */
  bytes(): Promise<number> {
    return this.database.run(() => Number(this.selectBytes.get()?.['bytes']));
  }
}
