import { expect, test } from '@jest/globals';
import { decodeBytes } from './decode-bytes.js';
import { decodeInTurns } from './decode-in-turns.js';

const LARGE = `a\uFEFF${'é€🐈'.repeat(350_000)}`;

test.each([
  ['of many bytes', Buffer.from(LARGE), undefined],
  ['with a byte order mark', Buffer.from(`\uFEFF${LARGE}`), undefined],
  ['of few bytes', Buffer.from('é'), undefined],
  ['in another encoding', Buffer.from(LARGE, 'utf16le'), 'utf-16le'],
])('bytes %s come out as they do at once', async (_what, bytes, charset) => {
  expect((await decodeInTurns(bytes, charset)) === decodeBytes(bytes, charset)).toBe(true);
});

test.each([
  ['somewhere', Buffer.concat([Buffer.from(`${LARGE}\n`), Buffer.from([0xff]), Buffer.from(LARGE)])],
  ['at its end', Buffer.from(`${LARGE}\n€`).subarray(0, -1)],
])('many bytes that are no text %s are refused with their line', async (_where, bytes) => {
  await expect(decodeInTurns(bytes)).rejects.toThrow(/[Ll]ine 2 /);
});
