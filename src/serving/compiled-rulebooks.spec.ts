import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { asVersion } from '../engine/compile.js';
import { loadRulebook } from '../rulebook/build/load-rulebook.js';
import { SAMPLE } from '../rulebook/sample-rules.contract.js';
import { CompiledRulebooks } from './compiled-rulebooks.js';

let compiled = new CompiledRulebooks();
afterEach(() => {
  compiled.onApplicationShutdown();
  compiled = new CompiledRulebooks();
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

describe('the compiled rulebooks at hand', () => {
  test('have a candidate as whichever release was made of its files', () => {
    const [one, other] = [bookOf('one'), bookOf('other')];
    compiled.keepCandidate(one);
    const found = compiled.find({ version: 7, digest: one.digest });
    expect(found).toMatchObject({ version: 7, digest: one.digest });
    expect(found?.startRun).toBe(one.startRun);
    expect(one.version).toBe(0);
    expect(compiled.find({ version: 7, digest: other.digest })).toBeUndefined();
  });

  test('have one candidate at a time', () => {
    const [one, other] = [bookOf('one'), bookOf('other')];
    compiled.keepCandidate(one);
    compiled.keepCandidate(other);
    expect(compiled.find({ version: 1, digest: one.digest })).toBeUndefined();
    expect(compiled.find({ version: 1, digest: other.digest })).toBeDefined();
  });

  test('let go of a candidate that does not go live in time', async () => {
    compiled = new CompiledRulebooks(10);
    const one = bookOf('one');
    compiled.keepCandidate(one);
    while (compiled.find(one)) await sleep(5);
    compiled.keepCandidate(one);
    compiled.keep(one);
    await sleep(30);
    expect(compiled.find(one)).toBe(one);
  });

  test('have the last four that served, and the very same for whoever asks again', () => {
    const books = Array.from({ length: 5 }, (_, at) => bookOf(`book ${at}`, at + 1));
    for (const book of books) compiled.keep(book);
    expect(books.map((book) => compiled.find(book) === book)).toEqual([false, true, true, true, true]);
    const again = asVersion(books[1] ?? bookOf('none'), 9);
    expect(compiled.find({ version: 9, digest: again.digest })?.startRun).toBe(again.startRun);
  });
});
