import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { blockProblems } from '../../../test/block-problems.js';
import { allOf } from '../../../test/in-parts.js';
import { decision } from '../decision-log.contract.js';
import type { LoggedDecision } from '../decision-log.js';

import { hashOf } from '../sqlite-blocks/id-hashes.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteDecisionLog } from './sqlite-decision-log.js';

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'usher-blocks-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const newFile = () => join(folder, `${(files += 1)}.db`);

/** What was decided for somebody, told from others by its number. */
const decided = (n: number, visitorId: string, decidedAt = n): LoggedDecision => ({
  ...decision(n),
  visitorId,
  decidedAt,
});
const numbersOf = (decisions: readonly LoggedDecision[]) =>
  decisions.map(({ decisionId }) => Number(decisionId.slice('decision-'.length)));

type Step =
  | { readonly append: readonly (readonly [who: number, at: number])[] }
  | { readonly erase: readonly number[] }
  | { readonly forget: number };

const WHO = ['a', 'b', '🐈', '"\n', '\ud800', 'nobody'];
const who = fc.nat(WHO.length - 1);
const at = fc.oneof(fc.nat(100), fc.nat(60_000));
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ append: fc.array(fc.tuple(who, at), { maxLength: 40 }) }) },
    { weight: 1, arbitrary: fc.record({ erase: fc.array(who, { maxLength: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ forget: at }) },
  ),
  { maxLength: 25 },
);

/** A list that does what the log does, but for trimming: what lies beyond the limit may be held for a while. */
class Model {
  all: LoggedDecision[] = [];
  total = 0;

  constructor(private readonly keep: number) {}

  shown(): LoggedDecision[] {
    return this.all.filter((one) => (numbersOf([one])[0] ?? 0) >= this.total - this.keep);
  }
}

async function apply(step: Step, log: SqliteDecisionLog, model: Model): Promise<void> {
  if ('append' in step) {
    const some = step.append.map(([id, time]) => decided(model.total++, WHO[id] ?? '', time));
    await log.append(some);
    model.all.push(...some);
  } else if ('erase' in step) {
    const ids = step.erase.map((id) => WHO[id] ?? '');
    const isTheirs = ({ visitorId }: LoggedDecision) => ids.includes(visitorId);
    const held = await allOf(log.about(ids));
    expect(await log.erase(ids)).toBe(held.length);
    expect(await allOf(log.about(ids))).toEqual([]);
    model.all = model.all.filter((one) => !isTheirs(one));
  } else {
    while ((await log.forgetBefore(step.forget)) > 0);
    model.all = model.all.filter(({ decidedAt }) => decidedAt >= step.forget);
  }
}

describe('the log of decisions in blocks on SQLite', () => {
  test('agrees with a list after any appends, erasures and ages, by two that write to one file', async () => {
    const property = fc.asyncProperty(steps, fc.constantFrom(1, 7, 60, 10_000), async (all, keep) => {
      const database = SqliteDatabase.open(':memory:');
      const logs = [new SqliteDecisionLog(database, keep), new SqliteDecisionLog(database, keep)] as const;
      const model = new Model(keep);
      for (const [n, step] of all.entries()) {
        await apply(step, logs[n % 2 === 0 ? 0 : 1], model);
        const shown = model.shown().toReversed();
        expect(await logs[0].latest(keep + 5)).toEqual(shown);
        expect(await logs[0].latest(3)).toEqual(shown.slice(0, 3));
        const about = numbersOf(await allOf(logs[1].about(['a', '🐈'])));
        const theirs = numbersOf(model.all.filter(({ visitorId }) => ['a', '🐈'].includes(visitorId))).toReversed();
        // Some of those beyond the limit may be held.
        expect(about).toEqual(theirs.filter((one) => about.includes(one)));
        expect(about).toEqual(expect.arrayContaining(theirs.filter((one) => one >= model.total - keep)));
        expect(blockProblems(database, 'decision')).toEqual([]);
      }
      await database.close();
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test('lets go of what is beyond the limit soon, however it was appended', async () => {
    const database = SqliteDatabase.open(':memory:');
    const log = new SqliteDecisionLog(database, 100);
    for (let n = 0; n < 2_000; n += 5) await log.append([0, 1, 2, 3, 4].map((more) => decided(n + more, 'a')));
    expect((await allOf(log.about(['a']))).length).toBeLessThan(150);
    await log.append(Array.from({ length: 500 }, (_, n) => decided(2_000 + n, 'b')));
    expect([await allOf(log.about(['a'])), (await allOf(log.about(['b']))).length]).toEqual([[], 100]);
    await database.close();
  });

  test('what comes one by one lies together, and so do few that are far apart in time not', async () => {
    const database = SqliteDatabase.open(':memory:');
    const log = new SqliteDecisionLog(database, 1_000);
    const blocks = () => database.prepare('SELECT count(*) AS n FROM decision_spans').get()?.['n'];
    for (let n = 0; n < 10; n += 1) await log.append([decided(n, 'a')]);
    expect(blocks()).toBe(1);
    for (let n = 10; n < 13; n += 1) await log.append([decided(n, 'a', n * 60_000)]);
    expect([blocks(), numbersOf(await log.latest(5))]).toEqual([4, [12, 11, 10, 9, 8]]);
    await database.close();
  });

  test('two ids with the same hash are two people', async () => {
    const byHash = new Map<number, string>();
    let [one, other]: [string?, string?] = [];
    for (let n = 0; other === undefined; n += 1) {
      one = byHash.get(hashOf(`device ${n}`));
      if (one !== undefined) other = `device ${n}`;
      byHash.set(hashOf(`device ${n}`), `device ${n}`);
    }
    const database = SqliteDatabase.open(':memory:');
    const log = new SqliteDecisionLog(database, 100);
    await log.append([decided(1, one ?? ''), decided(2, other)]);
    expect(await allOf(log.about([other]))).toEqual([decided(2, other)]);
    expect([await log.erase([other]), await log.latest(5)]).toEqual([1, [decided(1, one ?? '')]]);
    await database.close();
  });

  test('what can not be read keeps nobody from being erased, and goes with them', async () => {
    const database = SqliteDatabase.open(':memory:');
    const log = new SqliteDecisionLog(database, 100);
    await log.append([decided(1, 'a'), decided(2, 'b'), decided(3, 'c')]);
    database.prepare(`UPDATE decision_blocks SET body = replace(body, '"visitorId":"b"', '"visitor')`).run();
    expect([await log.erase(['nobody']), await log.erase(['a'])]).toEqual([0, 2]);
    expect(await log.latest(5)).toEqual([decided(3, 'c')]);
    expect(blockProblems(database, 'decision')).toEqual([]);
    await database.close();
  });

  test('another connection on the file erases beside one that appends, and neither loses anything', async () => {
    const file = newFile();
    const [one, other] = [SqliteDatabase.open(file), SqliteDatabase.open(file)];
    const [log, eraser] = [new SqliteDecisionLog(one, 10_000), new SqliteDecisionLog(other, 10_000)];
    let erased = 0;
    for (let n = 0; n < 300; n += 3) {
      const appended = log.append([decided(n, 'goes'), decided(n + 1, 'stays'), decided(n + 2, `device ${n}`)]);
      const gone = eraser.erase(['goes']);
      await appended;
      erased += await gone;
    }
    erased += await eraser.erase(['goes']);
    expect([erased, (await log.latest(1_000)).length, await allOf(log.about(['goes']))]).toEqual([100, 200, []]);
    expect(blockProblems(one, 'decision')).toEqual([]);
    for (const database of [one, other]) await database.close();
  });
});

describe('the log of decisions of an earlier Usher on SQLite', () => {
  const rows = Array.from({ length: 2_500 }, (_, n) => decided(n, n % 5 === 0 ? 'a' : `device ${n}`));

  /** A file as it was before there were visitors in columns, with every tenth decision gone. */
  function earlierFile(): string {
    const file = newFile();
    const earlier = new DatabaseSync(file);
    earlier.exec('CREATE TABLE visitors (id TEXT NOT NULL PRIMARY KEY, version TEXT NOT NULL, document BLOB NOT NULL)');
    earlier.exec(
      'CREATE TABLE decisions (seq INTEGER PRIMARY KEY, body TEXT NOT NULL); PRAGMA user_version = 1; BEGIN',
    );
    const insert = earlier.prepare('INSERT INTO decisions (body) VALUES (?)');
    for (const one of rows) insert.run(JSON.stringify(one));
    earlier.exec('DELETE FROM decisions WHERE seq % 10 = 0; COMMIT');
    earlier.close();
    return file;
  }
  const held = rows.filter((_, n) => (n + 1) % 10 !== 0);

  test('is read whole, before what comes new', async () => {
    const database = SqliteDatabase.open(earlierFile());
    const log = new SqliteDecisionLog(database, 10_000);
    const appended = log.append([decided(2_500, 'a')]);
    expect(await allOf(log.about(['a']))).toEqual([...held, decided(2_500, 'a')].filter(isOf('a')).toReversed());
    await appended;
    expect(await log.latest(10_000)).toEqual([...held, decided(2_500, 'a')].toReversed());
    expect(blockProblems(database, 'decision')).toEqual([]);
    await database.close();
  });

  test('is moved by whoever comes next where somebody stopped in between', async () => {
    const file = earlierFile();
    const first = SqliteDatabase.open(file);
    expect(await first.write('moveDecisions')).toBe(1_000);
    await first.close();
    const both = [SqliteDatabase.open(file), SqliteDatabase.open(file)] as const;
    const logs = [new SqliteDecisionLog(both[0], 10_000), new SqliteDecisionLog(both[1], 10_000)] as const;
    const erased = await Promise.all(logs.map((log) => log.erase(['a'])));
    expect(erased.reduce((sum, count) => sum + count, 0)).toBe(held.filter(isOf('a')).length);
    expect(await logs[0].latest(10_000)).toEqual(held.filter((one) => !isOf('a')(one)).toReversed());
    expect(await logs[1].forgetBefore(2_500)).toBe(held.length - held.filter(isOf('a')).length);
    for (const database of both) await database.close();
  });
});

const isOf = (id: string) => (one: LoggedDecision) => one.visitorId === id;
