import { expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { unpack } from './unpack.js';

const [FIRST, SECOND, ZEROS] = [gzipSync('first\n'), gzipSync('second\n'), Buffer.alloc(16)];

async function unpacked(...chunks: readonly Buffer[]): Promise<string> {
  const texts: string[] = [];
  for await (const chunk of unpack(Readable.from(chunks, { objectMode: false }), 'gzip')) texts.push(String(chunk));
  return texts.join('');
}

const bytesOf = (bytes: Buffer): Buffer[] => [...bytes].map((byte) => Buffer.from([byte]));

test('files of gzip one after the other are one, however they are cut into pieces', async () => {
  const both = Buffer.concat([FIRST, SECOND]);
  expect(await Promise.all([unpacked(FIRST, SECOND), unpacked(both), unpacked(...bytesOf(both))])).toEqual(
    Array.from({ length: 3 }, () => 'first\nsecond\n'),
  );
});

test.each([
  ['zeros and another file', [FIRST, ZEROS, SECOND]],
  ['the same in one piece', [Buffer.concat([FIRST, ZEROS, SECOND])]],
  ['the same byte by byte', bytesOf(Buffer.concat([FIRST, ZEROS, SECOND]))],
  ['zeros and something else', [FIRST, Buffer.from('\0\0something else')]],
  ['something else', [FIRST, Buffer.from('something else')]],
  ['a file that is cut off', [FIRST, SECOND.subarray(0, -3)]],
])('gzip with %s behind its end is refused, and nothing passed over in silence', async (_, chunks) => {
  await expect(unpacked(...chunks)).rejects.toMatchObject({ code: 'MALFORMED_BODY' });
});
