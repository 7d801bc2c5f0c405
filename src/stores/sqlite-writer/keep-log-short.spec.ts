import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { keepLogShort } from './keep-log-short.js';
import { SqliteFile } from './sqlite-file.js';

let folder: string;
let file: SqliteFile;
let keepShort: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'usher-log-'));
  file = SqliteFile.open(join(folder, 'usher.db'));
  keepShort = keepLogShort(file);
});
afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true });
});

/** A megabyte is some 250 pages. */
const write = (id: string, megabytes: number) =>
  file.prepare("INSERT INTO visitors VALUES (?, '1', zeroblob(?))").run(id, megabytes * 1_000_000);
const log = () => ({ ...file.prepare('PRAGMA wal_checkpoint(NOOP)').get() });

test('a log is left alone while it is short, and not brought in by a commit', () => {
  write('a', 3);
  keepShort();
  expect(log()).toMatchObject({ checkpointed: 0 });
  write('b', 5);
  expect(log()).toMatchObject({ checkpointed: 0 });
});

test('a long log is brought into the file, and begun anew by the next write', () => {
  write('a', 5);
  keepShort();
  const { log: length, checkpointed } = log();
  expect(checkpointed).toBe(length);
  write('b', 1);
  expect(Number(log()['log'])).toBeLessThan(Number(length));
});

test('a reader keeps what it needs, and the rest comes when it has read', () => {
  write('a', 1);
  const reader = new DatabaseSync(join(folder, 'usher.db'), { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM visitors').get();
  write('b', 6);
  keepShort();
  expect(Number(log()['checkpointed'])).toBeLessThan(1_000);
  reader.exec('COMMIT');
  keepShort();
  const { log: length, checkpointed } = log();
  expect(checkpointed).toBe(length);
  reader.close();
});
