import { expect, test } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatheredReads, type ReadAll } from './gathered-reads.js';

const byName: ReadAll = (keys) => Promise.resolve(keys.map((key) => (key === 'nobody' ? null : Buffer.from(key))));

test('whoever asks in one turn is served by one read, each with what they asked for', async () => {
  const { reads, seen } = reader(byName);
  const all = await Promise.all([reads.read(['a']), reads.read(['b', 'nobody']), reads.read([]), reads.read(['a'])]);
  expect(all.map((values) => values.map(String))).toEqual([['a'], ['b', 'null'], [], ['a']]);
  expect(seen).toEqual([['a', 'b', 'nobody', 'a']]);
});

test('who asks in another turn waits for nobody', async () => {
  const { promise: never } = Promise.withResolvers<never>();
  const { reads, seen } = reader((keys) => (keys.includes('slow') ? never : byName(keys)));
  void reads.read(['slow']);
  await nextTurn();
  expect(await reads.read(['a'])).toEqual([Buffer.from('a')]);
  expect(seen).toEqual([['slow'], ['a']]);
});

test('a read that fails fails for all who asked, and for nobody after them', async () => {
  let isAway = true;
  const { reads } = reader((keys) => (isAway ? Promise.reject(new Error('away')) : byName(keys)));
  const outcomes = await Promise.allSettled([reads.read(['a']), reads.read(['b'])]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isAway = false;
  expect(await reads.read(['b'])).toEqual([Buffer.from('b')]);
});

function reader(readAll: ReadAll): { reads: GatheredReads; seen: (readonly string[])[] } {
  const seen: (readonly string[])[] = [];
  const note: ReadAll = (keys) => {
    seen.push(keys);
    return readAll(keys);
  };
  return { reads: new GatheredReads(note, (send) => void setImmediate(send)), seen };
}
