import { expect, test } from '@jest/globals';
import { shadowReport } from './shadow-report.js';

const differs = (live: number, placement: string, from: string[], to: string[]) =>
  JSON.stringify([live, placement, from, to]);

test('a shadow of which nothing is counted yet has a report of nothing', () => {
  expect(shadowReport(3, new Map())).toEqual({
    version: 3,
    compared: 0,
    skipped: 0,
    failed: 0,
    others: 0,
    differences: [],
  });
});

test('differences come with the most frequent first, equal ones by placement', () => {
  const counts = new Map([
    [differs(1, 'home.hero', ['a'], ['b']), 2],
    ['compared', 20],
    [differs(1, 'home.cards', ['a', 'b'], []), 2],
    [differs(2, 'email', [], ['a']), 9],
    ['skipped', 4],
    ['failed', 1],
    ['others', 7],
  ]);
  expect(shadowReport(3, counts)).toEqual({
    version: 3,
    compared: 20,
    skipped: 4,
    failed: 1,
    others: 7,
    differences: [
      { live: 2, placement: 'email', from: [], to: ['a'], count: 9 },
      { live: 1, placement: 'home.cards', from: ['a', 'b'], to: [], count: 2 },
      { live: 1, placement: 'home.hero', from: ['a'], to: ['b'], count: 2 },
    ],
  });
});

test('names with quotes, brackets and characters of several bytes come through', () => {
  const [report] = shadowReport(1, new Map([[differs(1, '["é', ['"],['], ['💐']), 1]])).differences;
  expect(report).toEqual({ live: 1, placement: '["é', from: ['"],['], to: ['💐'], count: 1 });
});

test('a kind of count that a later Usher may write is passed over', () => {
  expect(shadowReport(1, new Map([['slower', 5]])).differences).toEqual([]);
});
