import { expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { charsetOf } from './charset.js';

test.each([
  ['gzip', gzipSync('visitorId'), /packed with gzip.*Content-Encoding/],
  ['a spreadsheet', Buffer.from('PK\u0003\u0004\u0014'), /\.xlsx.*as CSV/],
])('%s is told as what it is, also where it is declared to be text', (_, bytes, message) => {
  expect(() => charsetOf(bytes)).toThrow(message);
  expect(() => charsetOf(bytes, 'windows-1252')).toThrow(message);
});
