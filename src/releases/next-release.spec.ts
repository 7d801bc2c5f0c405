import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteReleaseStore } from '../stores/sqlite/sqlite-release-store.js';
import { diffReleases } from './diff-releases.js';
import { findEvent } from './find-event.js';
import { hasFiles, nextRelease } from './next-release.js';

const told = { author: 'the desk', message: 'a change', digest: 'sha256:1' };
const filesOf = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).map(([path, text]) => ({ path, text }));
const first = nextRelease(filesOf({ 'b.json': '2', 'a.json': '1' }), undefined, told);

describe('the next release', () => {
  test('is the first where there is none before, with its files by their paths', () => {
    expect(first).toMatchObject({ ...told, version: 1, fileCount: 2, revisions: { 'a.json': 1, 'b.json': 1 } });
    expect(first.files).toEqual(filesOf({ 'a.json': '1', 'b.json': '2' }));
  });

  test('gives a file its revision when it changes, when it is new, and when it is back', () => {
    const second = nextRelease(filesOf({ 'a.json': '1', 'c.json': '3' }), first, told);
    expect(second.revisions).toEqual({ 'a.json': 1, 'c.json': 2 });
    const third = nextRelease(filesOf({ 'a.json': '1 ', 'b.json': '2', 'c.json': '3' }), second, told);
    expect(third.revisions).toEqual({ 'a.json': 3, 'b.json': 3, 'c.json': 2 });
  });

  test('takes no name of a file for a member that every object has', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const files = names.map((path) => ({ path, text: '{}' }));
    const one = nextRelease(files, first, told);
    const two = nextRelease(files, one, told);
    expect(Object.entries(one.revisions).toSorted()).toEqual(names.map((name) => [name, 2]).toSorted());
    expect(two.revisions).toEqual(one.revisions);
  });
});

describe('a release', () => {
  test('has its files in any order', () => {
    expect(hasFiles(first, filesOf({ 'b.json': '2', 'a.json': '1' }))).toBe(true);
  });

  test.each([
    [{}],
    [{ 'a.json': '1' }],
    [{ 'a.json': '1', 'b.json': '2 ' }],
    [{ 'a.json': '1', 'c.json': '2' }],
    [{ 'a.json': '1', 'b.json': '2', 'c.json': '' }],
  ])('has not the files %j', (texts) => {
    expect(hasFiles(first, filesOf(texts))).toBe(false);
  });
});

test('releases are told apart by what is in the texts, an empty file from none too', async () => {
  const second = nextRelease(filesOf({ 'a.json': '1', 'b.json': '', 'c.json': '' }), first, told);
  expect((await diffReleases(first, second)).files.map(({ diff: _, ...file }) => file)).toEqual([
    { path: 'b.json', change: 'changed', from: 1, to: 2 },
    { path: 'c.json', change: 'added', to: 2 },
  ]);
  expect((await diffReleases(second, first)).files.map(({ path, change }) => [path, change])).toEqual([
    ['b.json', 'changed'],
    ['c.json', 'removed'],
  ]);
  expect((await diffReleases(second, second)).files).toEqual([]);
});

describe('a line of the log', () => {
  let database: SqliteDatabase;
  let store: SqliteReleaseStore;
  beforeEach(() => {
    database = SqliteDatabase.open(':memory:');
    store = new SqliteReleaseStore(database);
  });
  afterEach(() => database.close());

  test('is found however far back it is, the latest first', async () => {
    const who = (version: number) => `author:${version % 2}`;
    let last: typeof first | undefined;
    for (let version = 1; version <= 401; version++) {
      last = nextRelease(filesOf({ 'a.json': String(version) }), last, told);
      await store.add(last, { at: version, who: who(version), action: 'publish', version });
    }
    const find = (isWanted: (version: number | undefined) => boolean) =>
      findEvent(store, ({ version }) => isWanted(version)).then((found) => found?.version);
    expect(await find(() => true)).toBe(401);
    expect(await find((version) => version === 1)).toBe(1);
    expect(await find((version) => version === 202)).toBe(202);
    expect(await find(() => false)).toBeUndefined();
  });

  test('is not found where there is no log', async () => {
    expect(await findEvent(store, () => true)).toBeUndefined();
  });
});
