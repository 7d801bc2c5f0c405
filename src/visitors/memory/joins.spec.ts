import { expect, test } from '@jest/globals';
import { mergeJoins, type Join } from './joins.js';

const join = (id: string, at: number, by?: 'browser' | 'server'): Join => ({ id, at, ...(by && { by }) });

test('of an id that both note the earlier is kept, whichever way round', () => {
  const [ours, theirs] = [
    [join('a', 2, 'server'), join('b', 3)],
    [join('a', 1, 'browser'), join('c', 3, 'server')],
  ];
  const merged = [join('a', 1, 'browser'), join('b', 3), join('c', 3, 'server')];
  expect(mergeJoins(ours, theirs)).toEqual(merged);
  expect(mergeJoins(theirs, ours)).toEqual(merged);
  expect(mergeJoins(merged, ours)).toEqual(merged);
});

test('of many the latest 50 are kept', () => {
  const many = Array.from({ length: 60 }, (_, at) => join(`device ${at}`, at, 'browser'));
  expect(mergeJoins(many.slice(0, 40), many.slice(30))).toEqual(many.slice(10));
});
