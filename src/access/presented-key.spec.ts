import { expect, test } from '@jest/globals';
import { presentedKey } from './presented-key.js';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  ['Bearer abc.def', 'abc.def'],
  ['bearer  abc ', 'abc'],
  [basic('abc:'), 'abc'],
  [basic('abc:pass:word'), 'abc'],
  [basic('abc'), 'abc'],
  [basic(':'), ''],
  [undefined, undefined],
  ['', undefined],
  ['abc', undefined],
  ['Bearer', undefined],
  ['Bearer a b', undefined],
  ['Digest username="abc"', undefined],
])('the header %j presents the key %j', (header, key) => {
  expect(presentedKey(header)).toBe(key);
});
