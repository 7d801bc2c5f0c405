import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  bytesOf,
  inParts,
  oldestShown,
  type RecordedInput,
  RecordedInputs,
  type RecordedLimits,
  type RecordedPage,
  stateOf,
  untilDone,
  type VisitorState,
} from '../recorded-inputs.js';
import { type Block, blocksOf } from '../sqlite-blocks/block.js';
import { aloneInMemory } from '../sqlite-writer/alone-in-memory.js';
import { BlockReads } from './block-reads.js';
import { eraseInBlocks } from './erase-in-blocks.js';
import { inTimeOrder, type Timed } from './in-time-order.js';
import { KnownKeys } from './known-keys.js';
import { OldRows } from './old-rows.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** So many are handed over to be written in one step. */
const AT_ONCE = 50;
/** How often some are forgotten in one call. */
const ROUNDS = 8;

/** An input, and the place where it lies. */
interface Placed extends Timed {
  readonly input: RecordedInput;
}

/**
 * What was recorded, in a SQLite file. Pages never show more than the limit, even while older ones still wait to be
 * trimmed. Those are found and erased with their person as long as they are there.
 */
export class SqliteRecordedInputs extends RecordedInputs {
  private readonly known = new KnownKeys();
  private readonly blocks: BlockReads;
  private readonly old: OldRows;
  private readonly selectState: Statement;
  private readonly selectId: Statement;

  /** The database is closed by whoever opened it. */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly limits: RecordedLimits,
  ) {
    super();
    this.blocks = new BlockReads(database, 'recorded');
    const tables = ['old_recorded_inputs', 'old_recorded_states'];
    this.old = new OldRows(database, tables, () => database.write('moveInputs'));
    this.selectState = database.prepare(
      'SELECT document FROM recorded_keys JOIN recorded_documents USING (seq) WHERE key = ?',
    );
    this.selectId = database.prepare('SELECT id FROM recorded_keys WHERE key = ?');
  }

  async append(inputs: readonly RecordedInput[], states: readonly VisitorState[]): Promise<void> {
    if (this.limits.keep === 0) return;
    this.old.begin();
    for (const part of inParts(inputs.slice(-this.limits.keep), states, AT_ONCE)) {
      await this.appendPart(blocksOf(part.inputs.map(toEntry)), part.states);
      await nextTurn();
    }
  }

  /** States that were written lately are not sent again, unless they turn out to be gone. */
  private async appendPart(blocks: readonly Block[], states: readonly VisitorState[]): Promise<void> {
    const known = states.map(({ key }) => key).filter((key) => this.known.has(key));
    const others = states.filter(({ key }) => !this.known.has(key));
    await this.makeRoom(blocks.reduce((sum, { body }) => sum + body.length, bytesOf([], others)));
    const missing = await this.database.write('recordInputs', blocks, others.map(toBeSent), known, this.limits.keep);
    if (missing.length > 0) {
      this.known.forget(missing);
      return this.appendPart(blocks, states);
    }
    this.known.add(others.map(({ key }) => key));
  }

  async page(since: number, limit: number, after?: string): Promise<RecordedPage> {
    await this.old.gone();
    const from = Math.max(since, oldestShown(this.limits));
    const [decidedAt = from, seq = -1] = after?.split('-').map(Number) ?? [];
    const start = decidedAt < from ? { at: from, seq: -1 } : { at: decidedAt, seq };
    const most = Math.max(0, limit);
    const rows: Placed[] = [];
    for await (const some of this.shownAfter(start)) {
      rows.push(...some);
      if (rows.length > most) break;
    }
    const shown = rows.slice(0, most);
    const last = shown.at(-1);
    return {
      inputs: shown.map(({ input }) => input),
      next: last && rows.length > most ? `${last.at}-${last.seq}` : undefined,
    };
  }

  /** All that lies behind a place in the order of time, and not beyond the limit. */
  private async *shownAfter({ at, seq }: Timed): AsyncGenerator<readonly Placed[]> {
    const first = await this.blocks.firstOf(this.limits.keep);
    const isShown = (one: Placed) => one.seq >= first && (one.at > at || (one.at === at && one.seq > seq));
    yield* inTimeOrder(this.blocks.since(at, seq + 1), async (block) => (await this.placed(block)).filter(isShown));
  }

  async states(keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    await this.old.gone();
    const found = new Map<string, Uint8Array>();
    await this.database.run(() => {
      for (const key of keys) {
        const row = this.selectState.get(key);
        if (row) found.set(key, row['document'] as Uint8Array);
      }
    });
    return found;
  }

  async *about(ids: readonly string[]): AsyncGenerator<readonly RecordedInput[]> {
    await this.old.gone();
    const all = new Set(ids);
    const { places } = await this.blocks.thatMayHold([...all], 0);
    const byBeginning = places.toSorted((a, b) => a.firstAt - b.firstAt || a.seq - b.seq);
    // Those that were forgotten meanwhile are gone.
    const read = async (block: number) => {
      const placed = await this.placed(block);
      return this.database.run(() => placed.filter(({ input }) => this.isAbout(input, all)));
    };
    for await (const some of inTimeOrder(byBeginning, read)) yield some.map(({ input }) => input);
  }

  async erase(ids: readonly string[]): Promise<number> {
    await this.old.gone();
    return eraseInBlocks(this.blocks, ids, (all, seqs) => this.database.write('eraseInputs', all, seqs));
  }

  async forgetBefore(instant: number): Promise<number> {
    await this.old.gone();
    return untilDone(() => this.database.write('forgetInputs', instant), ROUNDS);
  }

  private async placed(block: number): Promise<Placed[]> {
    return (await this.blocks.lines(block)).map(({ seq, line }) => {
      const input = JSON.parse(line) as RecordedInput;
      return { at: input.decidedAt, seq, input };
    });
  }

  /** By the id asked for, or by that which the document is kept under. */
  private isAbout(input: RecordedInput, ids: ReadonlySet<string>): boolean {
    if (ids.has(input.visitorId)) return true;
    const state = stateOf(input);
    const row = state === undefined ? undefined : this.selectId.get(state);
    return row !== undefined && ids.has(JSON.parse(String(row['id'])) as string);
  }

  /** Before so many bytes are written. */
  private async makeRoom(bytes: number): Promise<void> {
    const { keepBytes = Infinity } = this.limits;
    const some = async () =>
      (await this.blocks.bytes()) + bytes <= keepBytes ? 0 : this.database.write('removeOldestInputs');
    if ((await some()) > 0) await untilDone(some);
  }
}

function toEntry(input: RecordedInput) {
  return { line: JSON.stringify(input), id: input.visitorId, at: input.decidedAt, state: stateOf(input) };
}

function toBeSent(state: VisitorState): VisitorState {
  return { ...state, document: aloneInMemory(state.document) };
}
