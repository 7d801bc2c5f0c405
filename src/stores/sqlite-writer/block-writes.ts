import { type Block, blockOf, type Entry, MOST_MS } from '../sqlite-blocks/block.js';
import { packIds } from '../sqlite-blocks/id-hashes.js';
import { emptied, linesOf } from '../sqlite-blocks/lines.js';
import type { SqliteFile } from './sqlite-file.js';

/** A block takes what comes next into its row as long as both together lie in one page of the file. */
const SHORT = 3_900;

/** Of which record blocks are: the names of their tables begin with it. */
export type BlockKind = 'decision' | 'recorded';

/** What else must be known of the entries of a record. */
export interface EntryMeaning {
  /** What a line says. */
  readonly read: (line: string) => Entry;
  /** Of the states of these keys those that are there. */
  readonly states: (keys: readonly string[]) => readonly NamedState[];
}

/** A state that lies in the file. */
export interface NamedState {
  readonly seq: number;
  /** Whose it is. */
  readonly id: string;
}

/** What came of it that entries of a block were written or removed. */
export interface Written {
  /** The block. */
  readonly seq: number;
  /** How many entries. */
  readonly count: number;
  /** The states that it names now and did not, or that it named and does no more. */
  readonly states: readonly number[];
}

/** What is known of a block without its body. */
interface Span {
  readonly seq: number;
  readonly count: number;
  readonly first_at: number;
  readonly last_at: number;
  readonly length: number;
  readonly ids: Uint8Array;
  readonly states: Uint8Array;
}

/** How the blocks of one record are written. What came of it for the states is told, not done. */
export class BlockWrites {
  private readonly statements: ReturnType<typeof prepareAll>;

  constructor(
    file: SqliteFile,
    kind: BlockKind,
    private readonly meaning: EntryMeaning,
  ) {
    this.statements = prepareAll(file, kind);
  }

  /** Appends entries, to the last block where they fit into it. */
  append(block: Block): Written {
    const last = this.statements.lastSpan.get() as (Span & { readonly next: number }) | undefined;
    if (last && fits(last, block, last.next)) return this.extend(last, block);
    const seq = last?.next ?? Number(this.statements.next.get()?.['next']);
    this.grow(block.count, block.body.length);
    return this.insert(seq, block);
  }

  /** Puts a block of an earlier Usher behind those that were put so, and before all that is appended. */
  appendOld(block: Block): Written {
    this.grow(0, block.body.length);
    const moved = Number(this.statements.moved.get(block.count)?.['moved']);
    return this.insert(moved - block.count, block);
  }

  /** Drops the oldest block where all of it lies before the latest so many entries; undefined where it does not. */
  dropBeyond(keep: number): Written | undefined {
    const first = this.statements.first.get() as { readonly end: number; readonly next: number } | undefined;
    return first && first.end <= first.next - keep ? this.dropOldest() : undefined;
  }

  /** Drops the oldest block; undefined where there is none. */
  dropOldest(): Written | undefined {
    const span = this.statements.firstSpan.get() as Span | undefined;
    return span && this.drop(span);
  }

  /** Removes of a block what is to go. */
  remove(seq: number, goes: (entry: Entry) => boolean): Written {
    const span = this.statements.span.get(seq) as Span | undefined;
    if (!span) return { seq, count: 0, states: [] };
    const body = String(this.statements.body.get(seq)?.['body']);
    const all = linesOf(seq, body).map((one) => ({ seq: one.seq, entry: this.meaning.read(one.line) }));
    const gone = new Set(all.flatMap((one) => (goes(one.entry) ? one.seq : [])));
    if (gone.size === 0) return { seq, count: 0, states: [] };
    if (gone.size === all.length) return { ...this.drop(span), count: gone.size };
    const kept = blockOf(all.flatMap((one) => (gone.has(one.seq) ? [] : one.entry)));
    return { seq, count: gone.size, states: this.rewrite(span, emptied(seq, body, gone), kept) };
  }

  /** At most so many blocks in which something was decided before an instant, those that began first first. */
  begunBefore(instant: number, most: number): number[] {
    return this.statements.begunBefore.all(instant, most).map((row) => Number(row['seq']));
  }

  /** A block names a state that came after it: it is about that person, too. */
  name(seq: number, state: NamedState): void {
    const span = this.statements.span.get(seq) as Span | undefined;
    if (!span) return;
    const states = packSeqs([...unpackSeqs(span.states), state.seq]);
    this.statements.nameState.run(packIds([state.id], span.ids), states, seq);
  }

  /** Counts bytes that belong to the record and lie beside its blocks. */
  count(bytes: number): void {
    this.grow(0, bytes);
  }

  /** Counts what comes and goes: entries that are appended, and bytes. */
  private grow(count: number, bytes: number): void {
    this.statements.grow.run(count, bytes);
  }

  private insert(seq: number, block: Block): Written {
    const { ids, states } = packed(block, this.meaning);
    const { body, count, firstAt, lastAt } = block;
    this.statements.insertBody.run(seq, body);
    this.statements.insertSpan.run(seq, count, firstAt, lastAt, body.length, ids, packSeqs(states));
    return { seq, count, states };
  }

  private extend(last: Span, block: Block): Written {
    const { ids, states } = packed(block, this.meaning, last.ids);
    const before = unpackSeqs(last.states);
    const added = states.filter((seq) => !before.includes(seq));
    this.statements.extendBody.run(block.body, last.seq);
    const [first, until] = timesOf(last, block);
    const more = 1 + block.body.length;
    const names = packSeqs([...before, ...added]);
    this.statements.updateSpan.run(last.count + block.count, first, until, last.length + more, ids, names, last.seq);
    this.grow(block.count, more);
    return { seq: last.seq, count: block.count, states: added };
  }

  private drop(span: Span): Written {
    this.statements.deleteBody.run(span.seq);
    this.statements.deleteSpan.run(span.seq);
    this.grow(0, -span.length);
    return { seq: span.seq, count: span.count, states: unpackSeqs(span.states) };
  }

  /** The states that it does not name any more. */
  private rewrite(span: Span, body: string, kept: Block): number[] {
    const { ids, states } = packed(kept, this.meaning);
    this.statements.updateBody.run(body, span.seq);
    const { firstAt, lastAt } = kept;
    this.statements.updateSpan.run(span.count, firstAt, lastAt, body.length, ids, packSeqs(states), span.seq);
    this.grow(0, body.length - span.length);
    return unpackSeqs(span.states).filter((seq) => !states.includes(seq));
  }
}

function prepareAll(file: SqliteFile, kind: BlockKind) {
  const next = `SELECT next FROM block_counts WHERE kind = '${kind}'`;
  const columns = 'seq, count, first_at, last_at, length, ids, states';
  const values = 'count = ?, first_at = ?, last_at = ?, length = ?, ids = ?, states = ?';
  return {
    grow: file.prepare(`UPDATE block_counts SET next = next + ?, bytes = bytes + ? WHERE kind = '${kind}'`),
    moved: file.prepare(`UPDATE block_counts SET moved = moved + ? WHERE kind = '${kind}' RETURNING moved`),
    next: file.prepare(next),
    first: file.prepare(`SELECT seq + count AS end, (${next}) AS next FROM ${kind}_spans ORDER BY seq LIMIT 1`),
    body: file.prepare(`SELECT body FROM ${kind}_blocks WHERE seq = ?`),
    insertBody: file.prepare(`INSERT INTO ${kind}_blocks (seq, body) VALUES (?, ?)`),
    extendBody: file.prepare(`UPDATE ${kind}_blocks SET body = body || char(10) || ? WHERE seq = ?`),
    updateBody: file.prepare(`UPDATE ${kind}_blocks SET body = ? WHERE seq = ?`),
    deleteBody: file.prepare(`DELETE FROM ${kind}_blocks WHERE seq = ?`),
    span: file.prepare(`SELECT ${columns} FROM ${kind}_spans WHERE seq = ?`),
    firstSpan: file.prepare(`SELECT ${columns} FROM ${kind}_spans ORDER BY seq LIMIT 1`),
    lastSpan: file.prepare(`SELECT ${columns}, (${next}) AS next FROM ${kind}_spans ORDER BY seq DESC LIMIT 1`),
    insertSpan: file.prepare(`INSERT INTO ${kind}_spans (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`),
    updateSpan: file.prepare(`UPDATE ${kind}_spans SET ${values} WHERE seq = ?`),
    nameState: file.prepare(`UPDATE ${kind}_spans SET ids = ?, states = ? WHERE seq = ?`),
    deleteSpan: file.prepare(`DELETE FROM ${kind}_spans WHERE seq = ?`),
    begunBefore: file.prepare(`SELECT seq FROM ${kind}_spans WHERE first_at < ? ORDER BY first_at LIMIT ?`),
  };
}

/** Whether a block, whose first entry is to have this place, can lie in the row of the last. */
function fits(last: Span, block: Block, seq: number): boolean {
  const [first, until] = timesOf(last, block);
  return last.seq + last.count === seq && last.length + block.body.length <= SHORT && until - first <= MOST_MS;
}

function timesOf(last: Span, block: Block): readonly [number, number] {
  return [Math.min(last.first_at, block.firstAt), Math.max(last.last_at, block.lastAt)];
}

/** Whom a block is about, those of its states included, and the states that are there. */
function packed(block: Block, meaning: EntryMeaning, ids?: Uint8Array) {
  const named = meaning.states(block.states);
  return { ids: packIds([...block.ids, ...named.map(({ id }) => id)], ids), states: named.map(({ seq }) => seq) };
}

function packSeqs(seqs: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(seqs).buffer);
}

function unpackSeqs(packedSeqs: Uint8Array): number[] {
  // A copy, as what SQLite gives may begin anywhere in memory.
  return Array.from(new Float64Array(packedSeqs.slice().buffer));
}
