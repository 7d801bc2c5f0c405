import { setImmediate as nextTurn } from 'node:timers/promises';
import {
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
import { aloneInMemory } from '../sqlite-writer/alone-in-memory.js';
import { KnownKeys } from './known-keys.js';
import type { RecordedRow } from '../sqlite-writer/recorded-writes.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** So many are read, or handed over to be written, in one step. */
const AT_ONCE = 50;
/** So many are found in one step: only where they are. */
const PLACES_AT_ONCE = 500;
/** How often that is done in one call to forget. */
const ROUNDS = 8;

/** What was recorded, in a SQLite file. */
export class SqliteRecordedInputs extends RecordedInputs {
  private readonly known = new KnownKeys();
  private readonly selectPage: Statement;
  private readonly selectState: Statement;
  private readonly selectOne: Statement;
  private readonly selectByVisitor: Statement;
  private readonly selectStates: Statement;
  private readonly selectByState: Statement;
  private readonly selectBytes: Statement;

  /** The database is closed by whoever opened it. */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly limits: RecordedLimits,
  ) {
    super();
    this.selectPage = database.prepare(
      'SELECT seq, decided_at, body FROM recorded_inputs WHERE (decided_at, seq) > (?, ?) ORDER BY decided_at, ' +
        'seq LIMIT ?',
    );
    this.selectState = database.prepare('SELECT document FROM recorded_states WHERE key = ?');
    this.selectOne = database.prepare('SELECT body FROM recorded_inputs WHERE seq = ?');
    this.selectByVisitor = database.prepare(
      'SELECT seq, decided_at FROM recorded_inputs WHERE visitor_id = ? AND seq > ? ORDER BY seq ' +
        `LIMIT ${PLACES_AT_ONCE}`,
    );
    this.selectStates = database.prepare(
      `SELECT rowid AS seq, key FROM recorded_states WHERE id = ? AND rowid > ? ORDER BY rowid LIMIT ${PLACES_AT_ONCE}`,
    );
    this.selectByState = database.prepare('SELECT seq, decided_at FROM recorded_inputs WHERE state_key = ?');
    this.selectBytes = database.prepare('SELECT bytes FROM recorded_bytes');
  }

  async append(inputs: readonly RecordedInput[], states: readonly VisitorState[]): Promise<void> {
    if (this.limits.keep === 0) return;
    for (const part of inParts(inputs, states, AT_ONCE)) {
      await this.appendPart(part.inputs.map(toRow), part.states);
      await nextTurn();
    }
  }

  /** States that were written lately are not sent again, unless they turn out to be gone. */
  private async appendPart(rows: readonly RecordedRow[], states: readonly VisitorState[]): Promise<void> {
    const known = states.map(({ key }) => key).filter((key) => this.known.has(key));
    const others = states.filter(({ key }) => !this.known.has(key));
    await this.makeRoom(bytesOf(rows, others));
    const missing = await this.database.write('recordInputs', rows, others.map(toBeSent), known, this.limits.keep);
    if (missing.length > 0) {
      this.known.forget(missing);
      return this.appendPart(rows, states);
    }
    this.known.add(others.map(({ key }) => key));
  }

  async page(since: number, limit: number, after?: string): Promise<RecordedPage> {
    const from = Math.max(since, oldestShown(this.limits));
    const [decidedAt = from, seq = -1] = after?.split('-').map(Number) ?? [];
    const start = decidedAt < from ? [from, -1] : [decidedAt, seq];
    const rows = await this.database.run(() => this.selectPage.all(...start, Math.max(0, limit) + 1));
    const shown = rows.slice(0, Math.max(0, limit));
    const last = shown.at(-1);
    return {
      inputs: shown.map(read),
      next: last && rows.length > shown.length ? `${Number(last['decided_at'])}-${Number(last['seq'])}` : undefined,
    };
  }

  async states(keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
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
    const places = new Map<number, number>();
    const note = (rows: readonly Row[]) =>
      rows.forEach((row) => places.set(Number(row['seq']), Number(row['decided_at'])));
    for (const id of new Set(ids)) {
      for await (const rows of this.pages(this.selectByVisitor, id)) note(rows);
      for await (const states of this.pages(this.selectStates, id))
        note(await this.database.run(() => states.flatMap(({ key }) => this.selectByState.all(String(key)))));
    }
    const ordered = [...places].sort(([seqA, a], [seqB, b]) => a - b || seqA - seqB).map(([seq]) => seq);
    for (let at = 0; at < ordered.length; at += AT_ONCE) {
      const some = ordered.slice(at, at + AT_ONCE);
      // Those that were forgotten meanwhile are gone.
      yield await this.database.run(() => some.flatMap((seq) => this.selectOne.all(seq).map(read)));
      await nextTurn();
    }
  }

  /** What a statement finds for an id, page by page, a turn of the event loop for each. */
  private async *pages(statement: Statement, id: string): AsyncGenerator<readonly Row[]> {
    for (let [after, isMore] = [-1, true]; isMore;) {
      const rows = await this.database.run(() => statement.all(id, after));
      yield rows;
      isMore = rows.length === PLACES_AT_ONCE;
      after = Number(rows.at(-1)?.['seq'] ?? 0);
      await nextTurn();
    }
  }

  async erase(ids: readonly string[]): Promise<number> {
    let erased = 0;
    for (const id of new Set(ids)) erased += await untilDone(() => this.database.write('eraseInputs', id));
    return erased;
  }

  async forgetBefore(instant: number): Promise<number> {
    return untilDone(() => this.database.write('forgetInputs', instant), ROUNDS);
  }

  /** Before so many bytes are written. */
  private async makeRoom(bytes: number): Promise<void> {
    const { keepBytes = Infinity } = this.limits;
    const isRoom = () => Number(this.selectBytes.get()?.['bytes']) + bytes <= keepBytes;
    const some = async () => ((await this.database.run(isRoom)) ? 0 : this.database.write('removeOldestInputs'));
    if ((await some()) > 0) await untilDone(some);
  }
}

type Row = Record<string, unknown>;

function toRow(input: RecordedInput): RecordedRow {
  return [input.decidedAt, input.visitorId, stateOf(input) ?? null, JSON.stringify(input)];
}

function toBeSent(state: VisitorState): VisitorState {
  return { ...state, document: aloneInMemory(state.document) };
}

/** How many bytes they come to, as JSON and as they are. */
function bytesOf(rows: readonly RecordedRow[], states: readonly VisitorState[]): number {
  const texts = rows.reduce((sum, [, , , body]) => sum + body.length, 0);
  return states.reduce((sum, { document }) => sum + document.length, texts);
}

function read(row: Row): RecordedInput {
  return JSON.parse(String(row['body'])) as RecordedInput;
}
