import { expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { linesAtHand, type AtHand } from './lines-at-hand.js';

const never = new AbortController().signal;
const source = (): PassThrough => new PassThrough({ objectMode: true });
const lines = (stream: PassThrough) => stream[Symbol.asyncIterator]() as AsyncIterator<number>;

test('are given as they come, in groups of the size at most, in their order', async () => {
  const stream = source();
  for (let at = 0; at < 10; at++) stream.write(at);
  stream.end();
  const groups: AtHand<number>[] = [];
  for await (const one of linesAtHand(lines(stream), 4, never)) groups.push(one);
  expect(groups.map(({ group }) => group.length).every((length) => length <= 4)).toBe(true);
  expect(groups.flatMap(({ group }) => group)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(groups.map(({ end }) => end).filter(Boolean)).toEqual(['ended']);
});

test('are not held back until a group is full', async () => {
  const stream = source();
  const groups = linesAtHand(lines(stream), 64, never);
  stream.write(1);
  expect((await groups.next()).value).toEqual({ group: [1], end: undefined });
  stream.write(2);
  expect((await groups.next()).value).toEqual({ group: [2], end: undefined });
});

test('are given up to a stop, whether the source is quiet or never is, and the source lives on', async () => {
  const quiet = source();
  const stop = new AbortController();
  const groups = linesAtHand(lines(quiet), 64, stop.signal);
  quiet.write(1);
  expect((await groups.next()).value).toMatchObject({ group: [1] });
  const next = groups.next();
  stop.abort();
  expect((await next).value).toEqual({ group: [], end: 'stopped' });
  expect([(await groups.next()).done, quiet.destroyed]).toEqual([true, false]);

  async function* endless(): AsyncGenerator<number> {
    for (let at = 0; ; at++) yield Promise.resolve(at) as unknown as number;
  }
  expect((await linesAtHand(endless(), 64, stop.signal).next()).value).toEqual({ group: [], end: 'stopped' });
});

test('fail where the source fails', async () => {
  const stream = source();
  const groups = linesAtHand(lines(stream), 64, never);
  const next = groups.next();
  stream.destroy(new Error('torn'));
  await expect(next).rejects.toThrow('torn');
});
