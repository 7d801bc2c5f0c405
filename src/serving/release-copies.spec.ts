import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOTHING_LIVE, type Release } from '../stores/release-store.js';
import { ReleaseCopies } from './release-copies.js';

let folder: string;
let copies: ReleaseCopies;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'usher-copies-')), 'not', 'there yet');
  copies = new ReleaseCopies(folder);
});
afterEach(() => rmSync(join(folder, '../..'), { recursive: true }));

const digestOf = (version: number, store = 'a') => `sha256:${store.repeat(40)}${version}`;
function release(version: number, texts: Readonly<Record<string, string>> = { 'a.json': '{}' }, store = 'a'): Release {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return {
    version,
    digest: digestOf(version, store),
    publishedAt: version,
    author: 'the desk',
    message: 'm',
    fileCount: files.length,
    files,
    revisions: Object.fromEntries(files.map(({ path }) => [path, version])),
  };
}
const serving = (live: number) => ({ ...NOTHING_LIVE, revision: live, live });
const remember = async (...releases: Release[]) =>
  copies.remember(serving(releases[0]?.version ?? 0), releases, await copies.missing(releases));
const copiesThere = () => readdirSync(folder).filter((name) => name.endsWith('.gz'));

describe('the copies of releases', () => {
  test('are none where nothing ever served', async () => {
    expect(await copies.last()).toBeUndefined();
    expect(await copies.release(release(1))).toBeUndefined();
    expect(await copies.missing([release(1)])).toEqual([release(1)]);
  });

  test('give back what served last, byte by byte', async () => {
    const odd = release(1, {
      ['__proto__']: 'a member of every object',
      'lines.yaml': '\uFEFFone\r\ntwo\n\n\u2028three',
      'broken.json': 'half a pair \uD83D',
      'empty.json': '',
      'offers/💐.json': '\u0000',
    });
    await remember(odd, release(2));
    expect(await copies.last()).toEqual({
      rollout: serving(1),
      releases: [1, 2].map((version) => ({ version, digest: digestOf(version) })),
    });
    const found = await copies.release(odd);
    expect(found).toEqual(odd);
    expect(found?.files).toEqual(odd.files);
  });

  test('may be of a release without files, and of one with thousands', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_234 }, (_, n) => [`offers/o-${n}.json`, `{ "n": ${n} }`]));
    await remember(release(1, {}), release(2, many));
    expect([await copies.release(release(1)), await copies.release(release(2))]).toEqual([
      release(1, {}),
      release(2, many),
    ]);
  });

  test('of others go, and of those that stay none is written again', async () => {
    await remember(release(1), release(2));
    const before = readFileSync(join(folder, copiesThere().find((name) => name.startsWith('2-')) ?? ''));
    await copies.remember(serving(2), [release(2), release(3)], [release(3)]);
    expect(copiesThere().map((name) => name.split('-')[0])).toEqual(['2', '3']);
    expect(readFileSync(join(folder, copiesThere()[0] ?? ''))).toEqual(before);
    expect(await copies.release(release(1))).toBeUndefined();
  });

  test('are told apart by more than their version, which another store has too', async () => {
    await remember(release(1));
    const others = release(1, { 'b.json': '[]' }, 'b');
    expect(await copies.release(others)).toBeUndefined();
    expect(await copies.missing([release(1), others])).toEqual([others]);
  });

  test('leave other files of the folder alone', async () => {
    await remember(release(1));
    for (const name of ['note.txt', 'usher.db', '1.ndjson.gz']) writeFileSync(join(folder, name), 'mine');
    await remember(release(2));
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['note.txt', 'usher.db', '1.ndjson.gz']));
  });

  test('are as good as not there where they were cut or overwritten', async () => {
    await remember(release(1), release(2));
    const [first = '', second = ''] = copiesThere().map((name) => join(folder, name));
    truncateSync(first, 20);
    writeFileSync(second, 'not compressed');
    writeFileSync(join(folder, 'last-serving.json'), '{ "rollout": ');
    expect([await copies.release(release(1)), await copies.release(release(2))]).toEqual([undefined, undefined]);
    expect(await copies.last()).toBeUndefined();
  });

  test('are what they were when the next can’t be written', async () => {
    await remember(release(1));
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const broken = { ...release(2), message: circular as unknown as string };
    await expect(copies.remember(serving(2), [broken], [broken])).rejects.toThrow(/circular/);
    expect((await copies.last())?.rollout).toEqual(serving(1));
    expect(await copies.release(release(1))).toEqual(release(1));
  });
});

test('a folder that can’t be made is told', async () => {
  const file = join(folder, '../..', 'file');
  writeFileSync(file, '');
  await expect(new ReleaseCopies(join(file, 'copies')).remember(serving(1), [], [])).rejects.toThrow(/ENOTDIR/);
});
