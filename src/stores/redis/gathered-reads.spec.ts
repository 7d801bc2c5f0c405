import { expect, test } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatheredReads, type ReadPage } from './gathered-reads.js';

const byName: ReadPage = (keys) => Promise.resolve(keys.map((key) => (key === 'nobody' ? null : Buffer.from(key))));

test('whoever asks in one turn is served by one read, each with what they asked for', async () => {
  const { reads, seen } = reader(byName);
  const all = await Promise.all(['a', 'nobody', 'b', 'a'].map((key) => reads.read(key)));
  expect(all.map(String)).toEqual(['a', 'null', 'b', 'a']);
  expect(seen).toEqual([['a', 'nobody', 'b', 'a']]);
});

test('what is more than a page is read in several, and who is on one does not wait for the others', async () => {
  const { promise: never } = Promise.withResolvers<never>();
  const { reads, seen } = reader((keys) => (keys.includes('slow') ? never : byName(keys)));
  const [first, , , , last] = ['a', 'b', 'slow', 'c', 'd', 'e'].map((key) => reads.read(key));
  expect([await first, await last].map(String)).toEqual(['a', 'd']);
  expect(seen).toEqual([
    ['a', 'b'],
    ['slow', 'c'],
    ['d', 'e'],
  ]);
});

test('who asks in another turn waits for nobody', async () => {
  const { promise: never } = Promise.withResolvers<never>();
  const { reads, seen } = reader((keys) => (keys.includes('slow') ? never : byName(keys)));
  void reads.read('slow');
  await nextTurn();
  expect(String(await reads.read('a'))).toBe('a');
  expect(seen).toEqual([['slow'], ['a']]);
});

test('a read that fails fails for all on its page, and for nobody after them', async () => {
  let isAway = true;
  const { reads } = reader((keys) => (isAway ? Promise.reject(new Error('away')) : byName(keys)));
  const outcomes = await Promise.allSettled([reads.read('a'), reads.read('b')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isAway = false;
  expect(String(await reads.read('b'))).toBe('b');
});

/** Pages of two, but where all fit on one. */
function reader(read: ReadPage): { reads: GatheredReads; seen: (readonly string[])[] } {
  const seen: (readonly string[])[] = [];
  const readPage: ReadPage = (keys) => {
    seen.push(keys);
    return read(keys);
  };
  const pageSize = read === byName ? 4 : 2;
  return { reads: new GatheredReads({ readPage, pageSize, atEndOfTurn: (send) => void setImmediate(send) }), seen };
}
