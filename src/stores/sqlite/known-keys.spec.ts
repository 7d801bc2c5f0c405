import { expect, test } from '@jest/globals';
import { KnownKeys } from './known-keys.js';

test('keys are known until they are forgotten, or others came after them', () => {
  const known = new KnownKeys(3);
  known.add(['a', 'b']);
  known.add(['c', 'a']);
  known.forget(['b', 'x']);
  const which = () => ['a', 'b', 'c', 'd', 'e'].filter((key) => known.has(key));
  expect(which()).toEqual(['a', 'c']);
  known.add(['d', 'e']);
  expect(which()).toEqual(['c', 'd', 'e']);
});
