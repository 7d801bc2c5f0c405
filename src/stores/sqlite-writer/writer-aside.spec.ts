import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { writerThread } from '../../../test/writer-thread.js';
import type { Asked } from './commit-together.js';
import { SqliteFile } from './sqlite-file.js';
import { type ThreadOptions, WriterAside } from './writer-aside.js';

let folder: string;
let path: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'usher-aside-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  path = join(folder, `${(files += 1)}.db`);
  SqliteFile.open(path).close();
});

const create = (id: string): Asked => ['saveVisitors', [{ id, from: undefined, document: Buffer.from(id) }]];
const ids = () => {
  const reader = new DatabaseSync(path, { readOnly: true });
  const rows = reader.prepare('SELECT id FROM visitors ORDER BY rowid').all();
  reader.close();
  return rows.map(({ id }) => id);
};
const writer = (options: Partial<ThreadOptions> = {}) =>
  new WriterAside({ program: writerThread(), path, lockWaitMs: 2_000, ...options });

describe('a thread that writes', () => {
  test('does what is asked for in that order, also of different turns, and says what became of each', async () => {
    const aside = writer();
    const first = ['a', 'b', 'a'].map((id) => aside.write(create(id)));
    await new Promise(setImmediate);
    const then = ['b', 'c'].map((id) => aside.write(create(id)));
    expect(await Promise.all([...first, ...then])).toEqual(
      [true, true, false, false, true].map((saved) => ({ value: [saved] })),
    );
    expect(ids()).toEqual(['a', 'b', 'c']);
    await aside.end();
  });

  test('has all of it in the file when it has ended, though nobody waited for an answer', async () => {
    const aside = writer();
    const asked = Array.from({ length: 700 }, (_, n) => aside.write(create(`v-${n}`)));
    const scrubbed = aside.scrub();
    await aside.end();
    expect(ids()).toHaveLength(700);
    expect(new Set((await Promise.all(asked)).map((outcome) => JSON.stringify(outcome)))).toEqual(
      new Set(['{"value":[true]}']),
    );
    expect(await scrubbed).toEqual({ value: undefined });
  });

  test('that nothing was asked of ends at once', async () => {
    await expect(writer().end()).resolves.toBeUndefined();
  });

  test('refuses what another process is in the way of, and keeps nobody waiting here', async () => {
    const aside = writer({ lockWaitMs: 50 });
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    expect(await aside.write(create('a'))).toEqual({ message: 'database is locked', errcode: 5 });
    other.exec('ROLLBACK');
    other.close();
    expect(await aside.write(create('a'))).toEqual({ value: [true] });
    await aside.end();
  });

  test('what can not be sent is refused, and what comes after it is written', async () => {
    const aside = writer();
    await expect(aside.write(['saveVisitors', () => undefined])).rejects.toThrow('could not be cloned');
    expect(await aside.write(create('a'))).toEqual({ value: [true] });
    await aside.end();
  });
});

describe('a thread that ends against our will', () => {
  let said: string[];
  const watch = { onDown: (reason: string) => said.push(`down: ${reason}`), onUp: () => said.push('up') };
  let now: number;
  let aside: WriterAside;
  beforeEach(() => {
    [said, now] = [[], 0];
  });
  afterEach(() => aside.end());

  /** Its first thread does this with each message, all others answer. */
  function threads(hear: string): WriterAside {
    const program = join(folder, `thread-${(files += 1)}.mjs`);
    const mark = `${program}.begun`;
    writeFileSync(
      program,
      `import { existsSync, writeFileSync } from 'node:fs';
       import { parentPort } from 'node:worker_threads';
       const isFirst = !existsSync(${JSON.stringify(mark)});
       writeFileSync(${JSON.stringify(mark)}, '');
       const answer = (asks) => parentPort.postMessage(asks.map(() => ({ value: 'done' })));
       parentPort.on('message', (asks) => {
         if (asks[0] === 'end') return parentPort.close();
         if (isFirst) { ${hear} } else answer(asks);
       });`,
    );
    return writer({ program: pathToFileURL(program), watch, now: () => now });
  }

  test.each([
    ['by a mistake', "throw new Error('a mistake')", 'a mistake'],
    ['by itself', 'process.exit(3)', 'it ended'],
  ])('%s has all that waits rejected, is told of once, and another one writes', async (_how, hear, reason) => {
    aside = threads(hear);
    const all = await Promise.allSettled([aside.write(create('a')), aside.write(create('b')), aside.scrub()]);
    expect(all).toEqual(
      Array(3).fill({ status: 'rejected', reason: expect.objectContaining({ name: 'WriterEnded' }) }),
    );
    await expect(aside.write(create('c'))).rejects.toThrow(`the thread that writes has ended: ${reason}`);
    now = 100;
    expect(await aside.write(create('c'))).toEqual({ value: 'done' });
    expect(said).toEqual([`down: ${reason}`, 'up']);
  });

  test('again and again is begun after longer and longer pauses, five seconds at most', async () => {
    const begun = join(folder, 'begun');
    const program = `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(begun)}, '.'); throw 1;`;
    aside = writer({ program: new URL(`data:text/javascript,${program}`), watch, now: () => now });
    const refusedNow = () => expect(aside.write(create('a'))).rejects.toMatchObject({ name: 'WriterEnded' });
    for (const pause of [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]) {
      await refusedNow();
      now += pause - 1;
      await refusedNow();
      now += 1;
    }
    expect(readFileSync(begun, 'utf8')).toBe('........');
    expect(said).toHaveLength(1);
  });

  test('in the middle leaves what it answered as it is', async () => {
    aside = threads("parentPort.postMessage([{ value: 'first' }]); setImmediate(() => process.exit(3))");
    const [first, second] = await Promise.allSettled([aside.write(create('a')), aside.write(create('b'))]);
    expect([first, second]).toEqual([
      { status: 'fulfilled', value: { value: 'first' } },
      { status: 'rejected', reason: expect.anything() },
    ]);
  });

  test('is stuck when it has answered nothing for longer than it may wait, until it answers', async () => {
    aside = threads('answer(asks)');
    expect(aside.isStuck()).toBe(false);
    const asked = aside.write(create('a'));
    await new Promise(setImmediate);
    now = 10_000;
    expect(aside.isStuck()).toBe(false);
    now += 1;
    expect(aside.isStuck()).toBe(true);
    await asked;
    expect(aside.isStuck()).toBe(false);
  });

  test('as it is asked to end has what waits rejected', async () => {
    aside = threads('process.exit(3)');
    const [written] = await Promise.allSettled([aside.write(create('a')), aside.end()]);
    expect(written).toMatchObject({ status: 'rejected' });
  });

  test('as its file is gone is told with what SQLite says', async () => {
    aside = writer({ path: join(folder, 'nowhere', 'usher.db'), watch });
    await expect(aside.write(create('a'))).rejects.toThrow(/nowhere/);
    expect(said).toEqual([expect.stringContaining('unable to open')]);
  });
});
