import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Asked, commitTogether } from './commit-together.js';
import { SqliteFile } from './sqlite-file.js';
import { type Writes, writesOn } from './writes.js';

let folder: string;
let path: string;
let file: SqliteFile;
let writes: Writes;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'usher-together-'));
  path = join(folder, 'usher.db');
  file = SqliteFile.open(path, 20);
  writes = writesOn(file);
});
afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true });
});

const create = (id: string, size = 10): Asked => [
  'saveVisitors',
  [{ id, from: undefined, document: new Uint8Array(size) }],
];
const ids = () => {
  const reader = new DatabaseSync(path, { readOnly: true });
  const rows = reader.prepare('SELECT id FROM visitors ORDER BY id').all();
  reader.close();
  return rows.map(({ id }) => id);
};
const refuse = (id: string) =>
  file.exec(
    `CREATE TRIGGER no_${id} BEFORE INSERT ON visitors WHEN new.id = '${id}' BEGIN SELECT raise(ABORT, 'no'); END`,
  );

describe('writes that are done together', () => {
  test('are committed, each with its own outcome, in their order', () => {
    expect(commitTogether(file, writes, [create('a'), create('b'), create('a')])).toEqual([
      { value: [true] },
      { value: [true] },
      { value: [false] },
    ]);
    expect(ids()).toEqual(['a', 'b']);
  });

  test('go through though one of them can not be done, which alone is refused', () => {
    refuse('b');
    const outcomes = commitTogether(file, writes, [create('a'), create('b'), create('c'), create('a')]);
    expect(outcomes).toEqual([
      { value: [true] },
      { message: 'no', errcode: expect.any(Number) },
      { value: [true] },
      { value: [false] },
    ]);
    expect(ids()).toEqual(['a', 'c']);
  });

  test('leave what fits, when the disk is full for one of them', () => {
    const pages = Number(file.prepare('PRAGMA page_count').get()?.['page_count']);
    file.prepare(`PRAGMA max_page_count = ${pages + 2}`).get();
    const outcomes = commitTogether(file, writes, [create('a'), create('b', 100_000), create('c')]);
    expect(outcomes).toEqual([
      { value: [true] },
      { message: 'database or disk is full', errcode: 13 },
      { value: [true] },
    ]);
    expect(ids()).toEqual(['a', 'c']);
  });

  test('are refused all at once where another process keeps the lock, and leave nothing', () => {
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const locked = { message: 'database is locked', errcode: 5 };
    expect(commitTogether(file, writes, [create('a'), create('b')])).toEqual([locked, locked]);
    other.exec('ROLLBACK');
    other.close();
    expect(commitTogether(file, writes, [create('a')])).toEqual([{ value: [true] }]);
    expect(ids()).toEqual(['a']);
  });

  test('of a kind that is unknown are refused', () => {
    const unknown = ['nothing'] as unknown as Asked;
    expect(commitTogether(file, writes, [create('a'), unknown])).toEqual([
      { value: [true] },
      { message: expect.stringContaining('not a function'), errcode: undefined },
    ]);
  });
});
