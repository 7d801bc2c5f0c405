import { type Block, blocksOf, type Entry } from '../sqlite-blocks/block.js';
import { type RecordedInput, stateOf, type VisitorState } from '../recorded-inputs.js';
import { BlockWrites, type NamedState, type Written } from './block-writes.js';
import type { SqliteFile } from './sqlite-file.js';
import { StateWrites } from './state-writes.js';

/** At most this many of the oldest are forgotten for each one appended, so that a lowered limit stalls nobody. */
const TRIM_PER_APPENDED = 4;
/** So many blocks are looked into for one write: a few milliseconds, in which other processes wait. */
const BLOCKS_AT_ONCE = 4;
/** So many of an earlier Usher become blocks in one write, or so many states go. */
const MOVED_AT_ONCE = 200;

/** What is written of recorded inputs and of the states that they need. */
export function recordedWrites(file: SqliteFile) {
  const record = new RecordWrites(file);
  const old = oldRows(file);
  return {
    /**
     * Of which so many are kept. `known` are the keys of states that are said to be there already: those that are not
     * are given back, and then nothing was written.
     */
    recordInputs: (
      blocks: readonly Block[],
      states: readonly VisitorState[],
      known: readonly string[],
      keep: number,
    ): string[] => {
      const missing = record.missing(known);
      if (missing.length > 0) return missing;
      record.put(states, blocks);
      for (const block of blocks) record.append(block);
      record.trim(keep, blocks.reduce((sum, { count }) => sum + count, 0) * TRIM_PER_APPENDED);
      return [];
    },
    /** Those about ids, in these blocks; how many there were. */
    eraseInputs: (ids: readonly string[], seqs: readonly number[]): number => record.erase(new Set(ids), seqs),
    /** Some of those that were decided before an instant; how many there were. */
    forgetInputs: (before: number): number => record.forget(before),
    /** Some of the oldest; how many there were. */
    removeOldestInputs: (): number => record.removeOldest(),
    /** Some of the oldest that an earlier Usher wrote become blocks, with their states; how many of both there were. */
    moveInputs: (): number => {
      const rows = old.select.all();
      if (rows.length === 0) return Number(old.removeStates.run().changes);
      const blocks = blocksOf(rows.map(oldEntry));
      const keys = new Set(blocks.flatMap(({ states }) => states));
      record.put(
        [...keys].flatMap((key) => (old.selectState.get(key) as unknown as VisitorState | undefined) ?? []),
        blocks,
      );
      for (const block of blocks) record.appendOld(block);
      old.remove.run(Number(rows.at(-1)?.['seq'] ?? 0));
      return rows.length;
    },
  };
}

/** Inputs in blocks, and what comes of it for the states. */
class RecordWrites {
  private readonly states: StateWrites;
  private readonly blocks: BlockWrites;

  constructor(file: SqliteFile) {
    this.states = new StateWrites(file);
    this.blocks = new BlockWrites(file, 'recorded', {
      read: readInput,
      states: (keys) => this.states.named(keys),
    });
  }

  missing(keys: readonly string[]): string[] {
    const there = new Set(this.states.named(keys).map(({ key }) => key));
    return keys.filter((key) => !there.has(key));
  }

  /** Puts states that are not there, as far as one of these blocks, or one that is there, needs them. */
  put(states: readonly VisitorState[], blocks: readonly Block[]): void {
    const needed = new Set(blocks.flatMap((block) => block.states));
    const isAnyAwaited = this.states.isAnyAwaited();
    let bytes = 0;
    for (const state of states) {
      const before = isAnyAwaited ? this.states.awaiting(state.key) : [];
      const named = before.length > 0 || needed.has(state.key) ? this.states.put(state) : undefined;
      if (!named) continue;
      bytes += state.document.length;
      if (before.length > 0) this.arrived(named, before);
    }
    if (bytes > 0) this.blocks.count(bytes);
  }

  /** Those blocks named it before it was there. */
  private arrived(state: NamedState, before: readonly number[]): void {
    for (const block of before) {
      this.blocks.name(block, state);
      this.states.use([state.seq]);
    }
    this.states.arrived(state.key);
  }

  append(block: Block): void {
    this.came(this.blocks.append(block));
  }

  appendOld(block: Block): void {
    this.came(this.blocks.appendOld(block));
  }

  /** What is beyond the latest so many goes, but not many more than so many at once. */
  trim(keep: number, most: number): void {
    for (let gone = 0; gone < most;) {
      const dropped = this.blocks.dropBeyond(keep);
      if (!dropped) return;
      gone += this.went(dropped);
    }
  }

  erase(ids: ReadonlySet<string>, seqs: readonly number[]): number {
    const isAbout = ({ id, state }: Entry): boolean =>
      ids.has(id) || (state !== undefined && this.states.named([state]).some((one) => ids.has(one.id)));
    return seqs.reduce((sum, seq) => sum + this.went(this.blocks.remove(seq, isAbout)), 0);
  }

  forget(before: number): number {
    return this.blocks.forget(before, BLOCKS_AT_ONCE).reduce((sum, written) => sum + this.went(written), 0);
  }

  removeOldest(): number {
    const dropped = this.blocks.dropOldest();
    return dropped ? this.went(dropped) : 0;
  }

  private came({ seq, states, awaited }: Written): void {
    this.states.use(states);
    this.states.alsoAwait(seq, awaited);
  }

  private went({ seq, count, states, awaited }: Written): number {
    if (count === 0) return 0;
    this.states.await(seq, awaited);
    this.blocks.count(-this.states.release(states));
    return count;
  }
}

function oldRows(file: SqliteFile) {
  return {
    select: file.prepare(
      'SELECT seq, decided_at, visitor_id, state_key, body FROM old_recorded_inputs ORDER BY seq ' +
        `LIMIT ${MOVED_AT_ONCE}`,
    ),
    selectState: file.prepare('SELECT key, id, document FROM old_recorded_states WHERE key = ?'),
    remove: file.prepare('DELETE FROM old_recorded_inputs WHERE seq <= ?'),
    removeStates: file.prepare(
      `DELETE FROM old_recorded_states WHERE rowid IN (SELECT rowid FROM old_recorded_states LIMIT ${MOVED_AT_ONCE})`,
    ),
  };
}

function readInput(line: string): Entry {
  const input = JSON.parse(line) as RecordedInput;
  return { line, id: input.visitorId, at: input.decidedAt, state: stateOf(input) };
}

function oldEntry(row: Record<string, unknown>): Entry {
  const [line, id, state] = [String(row['body']), String(row['visitor_id']), row['state_key']];
  // Half a character, which was none in its column, is whole in its JSON.
  if (id.includes('\ufffd')) return readInput(line);
  return { line, id, at: Number(row['decided_at']), state: typeof state === 'string' ? state : undefined };
}
