import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { asVersion } from '../engine/compile.js';
import { loadRulebook } from '../rulebook/build/load-rulebook.js';
import { SAMPLE } from '../rulebook/sample-rules.contract.js';
import { nextRelease } from '../releases/next-release.js';
import { ReleasesAtHand } from './releases-at-hand.js';
import { until } from '../../test/until.js';

let atHand = new ReleasesAtHand();
afterEach(() => {
  atHand.onApplicationShutdown();
  atHand = new ReleasesAtHand();
});

/** Rulebooks that differ by one file. */
function bookOf(name: string, version = 0) {
  const texts = { ...SAMPLE, 'segments/more.yaml': `name: ${name}\nconditions: { all: [] }\n` };
  const { rulebook } = loadRulebook(
    Object.entries(texts).map(([path, text]) => ({ path, text })),
    version,
  );
  if (!rulebook) throw new RangeError('the sample rules do not compile');
  return rulebook;
}

describe('what is at hand of releases', () => {
  test('have a candidate as whichever release was made of its files', () => {
    const [one, other] = [bookOf('one'), bookOf('other')];
    atHand.keepCandidate(one);
    const found = atHand.find({ version: 7, digest: one.digest });
    expect(found).toMatchObject({ version: 7, digest: one.digest });
    expect(found?.startRun).toBe(one.startRun);
    expect(one.version).toBe(0);
    expect(atHand.find({ version: 7, digest: other.digest })).toBeUndefined();
  });

  test('have one candidate at a time', () => {
    const [one, other] = [bookOf('one'), bookOf('other')];
    atHand.keepCandidate(one);
    atHand.keepCandidate(other);
    expect(atHand.find({ version: 1, digest: one.digest })).toBeUndefined();
    expect(atHand.find({ version: 1, digest: other.digest })).toBeDefined();
  });

  test('let go of a candidate that does not go live in time', async () => {
    atHand = new ReleasesAtHand(10);
    const one = bookOf('one');
    atHand.keepCandidate(one);
    await until('the candidate to be let go', () => !atHand.find(one));
    atHand.keepCandidate(one);
    atHand.keep(one);
    await sleep(30);
    expect(atHand.find(one)).toBe(one);
  });

  test('have the last four that served, and the very same for whoever asks again', () => {
    const books = Array.from({ length: 5 }, (_, at) => bookOf(`book ${at}`, at + 1));
    for (const book of books) atHand.keep(book);
    expect(books.map((book) => atHand.find(book) === book)).toEqual([false, true, true, true, true]);
    const again = asVersion(books[1] ?? bookOf('none'), 9);
    expect(atHand.find({ version: 9, digest: again.digest })?.startRun).toBe(again.startRun);
  });

  test('has the files of the release that was last published here, for a while', async () => {
    atHand = new ReleasesAtHand(10);
    const told = { author: 'a', message: 'm', digest: 'sha256:0' };
    const [first, second] = [1, 2].map((publishedAt) => ({ ...nextRelease([], undefined, told), publishedAt }));
    if (!first || !second) throw new RangeError('two were made');
    atHand.keepFiles(first);
    expect(atHand.withFiles(first)).toBe(first);
    expect(atHand.withFiles(second)).toBeUndefined();
    await until('the files to be let go', () => !atHand.withFiles(first));
  });
});
