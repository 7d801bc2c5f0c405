import { expect, test } from '@jest/globals';
import { aliasOf, encode } from './codec.js';
import { ifReadable } from './if-readable.js';

test('a look at a document that can’t be read finds nothing, and what else goes wrong is thrown', () => {
  expect(ifReadable(() => aliasOf(encode({ kind: 'alias', of: 'u-1' })))).toBe('u-1');
  expect(ifReadable(() => aliasOf(Buffer.from('no document')))).toBeUndefined();
  expect(() =>
    ifReadable(() => {
      throw new RangeError('a mistake of ours');
    }),
  ).toThrow(RangeError);
});
