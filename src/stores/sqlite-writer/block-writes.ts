import { type Block, blockOf, type Entry, MOST_MS } from '../sqlite-blocks/block.js';
import { packIds } from '../sqlite-blocks/id-hashes.js';
import { emptied, linesOf } from '../sqlite-blocks/lines.js';
import { type BlockKind, blockStatements, type Span } from './block-statements.js';
import type { SqliteFile } from './sqlite-file.js';

/** A block takes what comes next into its row as long as both together lie in one page of the file. */
const SHORT = 3_900;

/** What else must be known of the entries of a record. */
export interface EntryMeaning {
  /** What a line says; throws where it says nothing that can be understood. */
  readonly read: (line: string) => Entry;
  /** Of the states of these keys those that are there. */
  readonly states: (keys: readonly string[]) => readonly NamedState[];
}

/** A state that lies in the file. */
export interface NamedState {
  readonly seq: number;
  readonly key: string;
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
  /** The keys of states that are not there: which what was appended names, or all of what is left. */
  readonly awaited: readonly string[];
}

/** How the blocks of one record are written. What came of it for the states is told, not done. */
export class BlockWrites {
  private readonly statements: ReturnType<typeof blockStatements>;

  constructor(
    file: SqliteFile,
    kind: BlockKind,
    private readonly meaning: EntryMeaning,
  ) {
    this.statements = blockStatements(file, kind);
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

  /** Removes of a block what is to go, and what can't be read: nobody can say whose that is. */
  remove(seq: number, goes: (entry: Entry) => boolean): Written {
    const span = this.statements.span.get(seq) as Span | undefined;
    if (!span) return nothing(seq);
    const body = String(this.statements.body.get(seq)?.['body']);
    const all = linesOf(seq, body).map((one) => ({ seq: one.seq, entry: this.read(one.line) }));
    const gone = new Set(all.flatMap((one) => (!one.entry || goes(one.entry) ? one.seq : [])));
    if (gone.size === 0) return nothing(seq);
    if (gone.size === all.length) return { ...this.drop(span), count: gone.size };
    const kept = blockOf(all.flatMap((one) => (one.entry && !gone.has(one.seq) ? one.entry : [])));
    return { ...this.rewrite(span, emptied(seq, body, gone), kept), count: gone.size };
  }

  /** Removes what was decided before an instant of at most so many blocks, those that began first first. */
  forget(before: number, most: number): Written[] {
    return this.statements.begunBefore
      .all(before, most)
      .map((row) => this.remove(Number(row['seq']), ({ at }) => at < before));
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
    const { ids, states, awaited } = packed(block, this.meaning);
    const { body, count, firstAt, lastAt } = block;
    this.statements.insertBody.run(seq, body);
    this.statements.insertSpan.run(seq, count, firstAt, lastAt, body.length, ids, packSeqs(states));
    return { seq, count, states, awaited };
  }

  private extend(last: Span, block: Block): Written {
    const { ids, states, awaited } = packed(block, this.meaning, last.ids);
    const before = unpackSeqs(last.states);
    const added = states.filter((seq) => !before.includes(seq));
    this.statements.extendBody.run(block.body, last.seq);
    const [first, until] = timesOf(last, block);
    const more = 1 + block.body.length;
    const names = packSeqs([...before, ...added]);
    this.statements.updateSpan.run(last.count + block.count, first, until, last.length + more, ids, names, last.seq);
    this.grow(block.count, more);
    return { seq: last.seq, count: block.count, states: added, awaited };
  }

  private drop(span: Span): Written {
    this.statements.deleteBody.run(span.seq);
    this.statements.deleteSpan.run(span.seq);
    this.grow(0, -span.length);
    return { seq: span.seq, count: span.count, states: unpackSeqs(span.states), awaited: [] };
  }

  private rewrite(span: Span, body: string, kept: Block): Written {
    const { ids, states, awaited } = packed(kept, this.meaning);
    this.statements.updateBody.run(body, span.seq);
    const { firstAt, lastAt } = kept;
    this.statements.updateSpan.run(span.count, firstAt, lastAt, body.length, ids, packSeqs(states), span.seq);
    this.grow(0, body.length - span.length);
    const gone = unpackSeqs(span.states).filter((seq) => !states.includes(seq));
    return { seq: span.seq, count: 0, states: gone, awaited };
  }

  private read(line: string): Entry | undefined {
    try {
      return this.meaning.read(line);
    } catch {
      return undefined;
    }
  }
}

function nothing(seq: number): Written {
  return { seq, count: 0, states: [], awaited: [] };
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
  const there = new Set(named.map(({ key }) => key));
  return {
    ids: packIds([...block.ids, ...named.map(({ id }) => id)], ids),
    states: named.map(({ seq }) => seq),
    awaited: block.states.filter((key) => !there.has(key)),
  };
}

function packSeqs(seqs: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(seqs).buffer);
}

function unpackSeqs(packedSeqs: Uint8Array): number[] {
  // A copy, as what SQLite gives may begin anywhere in memory.
  return Array.from(new Float64Array(packedSeqs.slice().buffer));
}
