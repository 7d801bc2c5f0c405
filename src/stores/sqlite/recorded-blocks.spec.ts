import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { blockProblems } from '../../../test/block-problems.js';
import { allOf } from '../../../test/in-parts.js';
import { input, state } from '../recorded-inputs.contract.js';
import { type RecordedInput, stateOf, type VisitorState } from '../recorded-inputs.js';
import { MIGRATIONS } from '../sqlite-writer/migrations.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteRecordedInputs } from './sqlite-recorded-inputs.js';

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'usher-recorded-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const newFile = () => join(folder, `${(files += 1)}.db`);
const numbersOf = (inputs: readonly RecordedInput[]) =>
  inputs.map(({ decisionId }) => Number(decisionId.slice('decision-'.length)));

interface Appended {
  readonly who: number;
  readonly at: number;
  /** The number of the state that it needs; none for a stranger. */
  readonly state: number | undefined;
}

type Step =
  | { readonly append: readonly Appended[]; readonly states: readonly number[] }
  | { readonly erase: readonly number[] }
  | { readonly forget: number };

/** Ids that are asked for, and then those that documents are kept under. */
const WHO = ['a', 'b', '🐈', '"\n', '\ud800', 'home of 0', 'home of 1', 'home of 2'];
const STATES = 6;
const who = fc.nat(WHO.length - 1);
const at = fc.oneof(fc.nat(20), fc.nat(60_000));
const appended = fc.record({ who, at, state: fc.option(fc.nat(STATES - 1), { nil: undefined }) });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        append: fc.array(appended, { maxLength: 20 }),
        states: fc.uniqueArray(fc.nat(STATES - 1)),
      }),
    },
    { weight: 2, arbitrary: fc.record({ erase: fc.array(who, { maxLength: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ forget: at }) },
  ),
  { maxLength: 20 },
);

const stateOfNumber = (n: number): VisitorState => ({ ...state(n), id: `home of ${n % 3}` });

/** Lists that do what the store does where no limit is met. */
class Model {
  inputs: RecordedInput[] = [];
  states = new Map<string, VisitorState>();
  total = 0;

  append(step: Extract<Step, { readonly append: unknown }>): [RecordedInput[], VisitorState[]] {
    const inputs = step.append.map((one) => this.made(one));
    const states = step.states.map(stateOfNumber);
    this.inputs.push(...inputs);
    for (const one of states) if (!this.states.has(one.key)) this.states.set(one.key, one);
    this.keepNeeded();
    return [inputs, states];
  }

  isAbout(ids: readonly string[]): (one: RecordedInput) => boolean {
    return (one) =>
      ids.includes(one.visitorId) || ids.includes(this.states.get(stateOf(one) ?? '')?.id ?? one.visitorId);
  }

  remove(goes: (one: RecordedInput) => boolean): number {
    const before = this.inputs.length;
    this.inputs = this.inputs.filter((one) => !goes(one));
    this.keepNeeded();
    return before - this.inputs.length;
  }

  inTime(): RecordedInput[] {
    return this.inputs.toSorted((a, b) => a.decidedAt - b.decidedAt);
  }

  private made({ who: id, at: decidedAt, state: needed }: Appended): RecordedInput {
    const visitor =
      needed === undefined ? ({ kind: 'stranger' } as const) : { ...input(needed).visitor, state: `state ${needed}` };
    return input(this.total++, { decidedAt, visitorId: WHO[id] ?? '', visitor: visitor as RecordedInput['visitor'] });
  }

  private keepNeeded(): void {
    const needed = new Set(this.inputs.map(stateOf));
    for (const key of this.states.keys()) if (!needed.has(key)) this.states.delete(key);
  }
}

async function apply(step: Step, recorded: SqliteRecordedInputs, model: Model): Promise<void> {
  if ('append' in step) await recorded.append(...model.append(step));
  else if ('erase' in step) {
    const ids = step.erase.map((id) => WHO[id] ?? '');
    const about = numbersOf(model.inTime().filter(model.isAbout(ids)));
    expect(numbersOf(await allOf(recorded.about(ids)))).toEqual(about);
    expect(await recorded.erase(ids)).toBe(model.remove(model.isAbout(ids)));
  } else {
    let gone = 0;
    for (let now = 1; now > 0; gone += now) now = await recorded.forgetBefore(step.forget);
    expect(gone).toBe(model.remove(({ decidedAt }) => decidedAt < step.forget));
  }
}

async function pages(recorded: SqliteRecordedInputs, since: number, size: number): Promise<RecordedInput[]> {
  const all: RecordedInput[] = [];
  for (let next: string | undefined = '', isFirst = true; next !== undefined; isFirst = false) {
    const page = await recorded.page(since, size, isFirst ? undefined : next);
    expect(page.inputs.length).toBeLessThanOrEqual(size);
    all.push(...page.inputs);
    next = page.next;
  }
  return all;
}

const keysOfAll = Array.from({ length: STATES }, (_, n) => `state ${n}`);

describe('recorded inputs in blocks on SQLite', () => {
  test('agree with lists after any appends, erasures and ages, by two that write to one file', async () => {
    const property = fc.asyncProperty(steps, fc.integer({ min: 1, max: 9 }), at, async (all, size, since) => {
      const database = SqliteDatabase.open(':memory:');
      const limits = { keep: 10_000, keepDays: 0 };
      const both = [new SqliteRecordedInputs(database, limits), new SqliteRecordedInputs(database, limits)] as const;
      const model = new Model();
      for (const [n, step] of all.entries()) {
        await apply(step, both[n % 2 === 0 ? 0 : 1], model);
        expect(await pages(both[0], 0, 1_000)).toEqual(model.inTime());
        const states = await both[1].states(keysOfAll);
        expect([...states.keys()].sort()).toEqual([...model.states.keys()].sort());
        expect(blockProblems(database, 'recorded')).toEqual([]);
      }
      expect(await pages(both[1], since, size)).toEqual(model.inTime().filter(({ decidedAt }) => decidedAt >= since));
      await both[0].erase(model.inputs.map(({ visitorId }) => visitorId));
      const left = (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'];
      expect([...TABLES.map(left), await bytesIn(database)]).toEqual([...TABLES.map(() => 0), 0]);
      await database.close();
    });
    await fc.assert(property, { numRuns: 80 });
  });

  test('never show more than the limit, in whatever portions they came', async () => {
    const portions = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 });
    const property = fc.asyncProperty(portions, fc.constantFrom(1, 10, 35), async (sizes, keep) => {
      const database = SqliteDatabase.open(':memory:');
      const recorded = new SqliteRecordedInputs(database, { keep, keepDays: 0 });
      let total = 0;
      for (const size of sizes) {
        const some = Array.from({ length: size }, () => (total += 1));
        await recorded.append(
          some.map((n) => input(n)),
          some.map(state),
        );
        const shown = Array.from({ length: total }, (_, n) => n + 1).slice(-keep);
        expect(numbersOf(await pages(recorded, 0, 7))).toEqual(shown);
        expect((await recorded.states(shown.map((n) => `state ${n}`))).size).toBe(shown.length);
        expect(blockProblems(database, 'recorded')).toEqual([]);
      }
      await database.close();
    });
    await fc.assert(property, { numRuns: 40 });
  });
});

const TABLES = ['recorded_blocks', 'recorded_spans', 'recorded_keys', 'recorded_documents', 'recorded_awaited'];

async function bytesIn(database: SqliteDatabase): Promise<unknown> {
  return database.prepare("SELECT bytes FROM block_counts WHERE kind = 'recorded'").get()?.['bytes'];
}

describe('what an earlier Usher recorded on SQLite', () => {
  const inputs = Array.from({ length: 900 }, (_, n) =>
    input(n, {
      visitorId: n % 5 === 0 ? '\ud800' : `visitor ${n}`,
      visitor: { ...input(n).visitor, state: `state ${n % 100}` } as RecordedInput['visitor'],
    }),
  );

  /** A file as it was when each input was a row. */
  function earlierFile(): string {
    const file = newFile();
    const earlier = new DatabaseSync(file);
    const version = MIGRATIONS.findIndex((sql) => sql.includes('old_decisions'));
    for (const sql of MIGRATIONS.slice(0, version)) earlier.exec(sql);
    earlier.exec(`PRAGMA user_version = ${version}; BEGIN`);
    const insert = earlier.prepare(
      'INSERT INTO recorded_inputs (decided_at, visitor_id, state_key, body) VALUES (?, ?, ?, ?)',
    );
    const insertState = earlier.prepare('INSERT INTO recorded_states (key, id, document) VALUES (?, ?, ?)');
    for (const one of inputs) insert.run(one.decidedAt, one.visitorId, stateOf(one) ?? null, JSON.stringify(one));
    for (let n = 0; n < 100; n += 1) insertState.run(`state ${n}`, `home of ${n}`, state(n).document);
    earlier.exec('COMMIT');
    earlier.close();
    return file;
  }

  test('is read whole, with its states, before what comes new', async () => {
    const database = SqliteDatabase.open(earlierFile());
    const recorded = new SqliteRecordedInputs(database, { keep: 10_000, keepDays: 0 });
    const newer = input(900, { visitor: { ...input(1).visitor, state: 'state 7' } as RecordedInput['visitor'] });
    await recorded.append([newer], [state(7)]);
    expect(await pages(recorded, 0, 400)).toEqual([...inputs, newer]);
    expect((await recorded.states(Array.from({ length: 100 }, (_, n) => `state ${n}`))).size).toBe(100);
    expect(numbersOf(await allOf(recorded.about(['home of 7'])))).toEqual([
      ...numbersOf(inputs.filter((one) => stateOf(one) === 'state 7')),
      900,
    ]);
    expect(await recorded.erase(['\ud800'])).toBe(180);
    expect(blockProblems(database, 'recorded')).toEqual([]);
    await database.close();
  });

  test('is moved by whoever comes next where somebody stopped in between', async () => {
    const file = earlierFile();
    const first = SqliteDatabase.open(file);
    expect(await first.write('moveInputs')).toBe(200);
    await first.close();
    const both = [SqliteDatabase.open(file), SqliteDatabase.open(file)] as const;
    const limits = { keep: 10_000, keepDays: 0 };
    const stores = both.map((database) => new SqliteRecordedInputs(database, limits));
    const seen = await Promise.all(stores.map((one) => pages(one, 0, 1_000)));
    expect(seen).toEqual([inputs, inputs]);
    const left = ['old_recorded_inputs', 'old_recorded_states'].map(
      (table) => both[0].prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'],
    );
    expect([left, blockProblems(both[0], 'recorded')]).toEqual([[0, 0], []]);
    for (const database of both) await database.close();
  });
});
