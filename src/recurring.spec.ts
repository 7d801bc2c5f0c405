import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Recurring } from './recurring.js';

const lines: string[] = [];
const told = (): string[] => lines.splice(0);

beforeEach(() => {
  told();
  jest.useFakeTimers();
});
afterEach(() => void jest.useRealTimers());

test('an outage is told when it begins, once a minute with counts, and when it ends', () => {
  const recurring = new Recurring((line) => lines.push(line));
  recurring.note('store', 'the store is away (1)', 'at some place');
  for (let n = 2; n <= 1_000; n++) recurring.note('store', `the store is away (${n})`, 'at some place');
  expect(told()).toEqual(['the store is away (1)\nat some place']);
  jest.advanceTimersByTime(60_000);
  expect(told()).toEqual(['999 more in the last minute, the latest: the store is away (1000)']);
  recurring.note('store', 'the store is away (1001)');
  jest.advanceTimersByTime(60_000);
  expect(told()).toEqual(['1 more in the last minute, the latest: the store is away (1001)']);
  jest.advanceTimersByTime(60_000);
  expect(told()).toEqual(['No more for a minute of: the store is away (1001)']);
  jest.advanceTimersByTime(600_000);
  expect(told()).toEqual([]);
  recurring.note('store', 'the store is away again');
  expect(told()).toEqual(['the store is away again']);
});

test('each kind has a course of its own, and too many kinds are told as one', () => {
  const recurring = new Recurring((line) => lines.push(line));
  for (let n = 0; n < 1_000; n++) recurring.note(`kind ${n}`, `line ${n}`);
  expect(told()).toEqual(Array.from({ length: 101 }, (_, n) => `line ${n}`));
  jest.advanceTimersByTime(60_000);
  expect(told()).toContain('899 more in the last minute, the latest: line 999');
});
