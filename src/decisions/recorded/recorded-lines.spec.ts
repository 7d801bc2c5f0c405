import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecorded } from '../../cli/replay/read-recorded.js';
import { readConfig } from '../../config.js';
import { openStores, type Stores } from '../../stores/open-stores.js';
import { stateOf, type RecordedInput } from '../../stores/recorded-inputs.js';
import { RecentDocuments } from './recent-documents.js';
import { recordedLines } from './recorded-lines.js';

let folder: string;
let stores: Stores;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-recorded-'));
  stores = await openStores(readConfig({ USHER_DATA: folder }));
});
afterAll(async () => {
  await stores.close();
  await rm(folder, { recursive: true });
});

const BEGIN = Date.now() - 60_000;

function inputOf(n: number, state: string | undefined): RecordedInput {
  return {
    ...{
      decisionId: `d-${n}`,
      decidedAt: BEGIN + n,
      rulebook: { version: 1, digest: 'sha256:0' },
      visitorId: `v-${n}`,
      served: 'full',
      answer: '',
    },
    request: { placements: [{ id: 'hero' }], context: {} },
    visitor:
      state === undefined
        ? { kind: 'stranger' }
        : { kind: 'stored', state, seenAt: BEGIN + n, keepInteractions: 500, keepDays: 90 },
  };
}

const LARGE = 10_000;
const RECENT = 100 * LARGE;

function documentOf(key: string): Buffer {
  return Buffer.from(`document of ${key}`.padEnd(key.startsWith('large') ? LARGE : 0));
}

async function record(inputs: readonly RecordedInput[]): Promise<void> {
  const states = [...new Set(inputs.flatMap((input) => stateOf(input) ?? []))].map((key) => ({
    key,
    id: key,
    document: documentOf(key),
  }));
  await stores.recorded.append(inputs, states);
}

async function linesOf(since: number, until: number, releases = false): Promise<string[]> {
  const lines: string[] = [];
  for await (const piece of recordedLines({ since, until, releases }, stores, new RecentDocuments(RECENT)))
    lines.push(...piece.split('\n').filter((line) => line !== ''));
  return lines;
}

async function* pieces(lines: readonly string[]): AsyncGenerator<Buffer> {
  for (const line of lines) yield Buffer.from(`${line}\n`);
}

describe('the stream of recorded inputs', () => {
  test('gives the reader every document it needs, each once as long as not too many others come between', async () => {
    const people = RECENT / LARGE + 30;
    // Each of them twice, so far apart that the first has gone when the second comes; one of them all the time.
    const visits = [...Array(2 * people).keys()].flatMap((n) => [
      `large-${n % people}`,
      ...(n % 5 === 0 ? ['always'] : []),
    ]);
    await record([...visits.map((state, n) => inputOf(n, state)), inputOf(visits.length, undefined)]);
    const lines = await linesOf(BEGIN, BEGIN + visits.length + 1);
    const read = [];
    for await (const one of readRecorded(pieces(lines), () => undefined, new RecentDocuments(RECENT))) read.push(one);
    expect(read.map(({ input }) => input.decisionId)).toEqual([...visits, ''].map((_, n) => `d-${n}`));
    expect(read.map(({ document }) => document && Buffer.from(document).toString().replace(/ +$/, ''))).toEqual([
      ...visits.map((state) => `document of ${state}`),
      undefined,
    ]);
    const documents = lines.filter((line) => line.startsWith('{"state"'));
    expect(documents.length).toBeGreaterThanOrEqual(2 * people);
    expect(documents.length).toBeLessThan(2 * people + 10);
  });

  test('begins and ends where it is told to, and leaves out a document that is gone', async () => {
    const [first, last] = [inputOf(5_000, 'gone'), inputOf(5_002, 'there')];
    await record([first, inputOf(5_001, undefined), last, inputOf(5_003, undefined)]);
    await stores.recorded.erase(['gone']);
    const lines = await linesOf(BEGIN + 5_001, BEGIN + 5_003);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      { input: inputOf(5_001, undefined) },
      { state: 'there', document: documentOf('there').toString('base64') },
      { input: last },
    ]);
    expect(await linesOf(BEGIN + 6_000, BEGIN + 7_000)).toEqual([]);
  });

  test('brings the releases along where they are asked for, each once, before its first input', async () => {
    const files = [{ path: 'placements/hero.json', text: '{ "name": "Hero" }' }];
    const release = {
      version: 1,
      digest: 'sha256:0',
      publishedAt: BEGIN,
      author: 'someone',
      message: 'first',
      fileCount: 1,
      files,
      revisions: { 'placements/hero.json': 1 },
    };
    await stores.releases.add(release, { at: BEGIN, who: 'local', action: 'publish', version: 1 });
    const inputs = [
      inputOf(7_000, undefined),
      inputOf(7_001, undefined),
      { ...inputOf(7_002, undefined), rulebook: { version: 2, digest: 'sha256:1' } },
    ];
    await record(inputs);
    const lines = (await linesOf(BEGIN + 7_000, BEGIN + 8_000, true)).map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      { release: { version: 1, digest: 'sha256:0', files: { 'placements/hero.json': '{ "name": "Hero" }' } } },
      ...inputs.map((input) => ({ input })),
    ]);
  });
});
