import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLines, type Line } from './ndjson.js';

async function* chunked(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += size)
    yield Promise.resolve(bytes.subarray(at, at + size)) as unknown as Buffer;
}

async function linesOf(text: string, size = 7, maxLength = 100): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of readLines(chunked(text, size), { maxLength })) lines.push(line);
  return lines;
}

describe('reading lines', () => {
  test('gives the same lines however the bytes are cut, within a character too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }).map((line) => line.replaceAll(/\s/gu, '_'))),
        fc.integer({ min: 1, max: 9 }),
        async (lines, size) => {
          const expected = lines
            .map((text, index) => ({ number: index + 1, text }))
            .filter(({ text }) => text.trim() !== '');
          expect(await linesOf(`\uFEFF${lines.join('\r\n')}`, size, 1_000)).toEqual(
            expected.map((line) => ({ ...line, text: line.text.trim() })),
          );
        },
      ),
    );
  });

  test('passes over a line beyond the limit and goes on with the next', async () => {
    expect(await linesOf(`a\n${'x'.repeat(500)}\nb`)).toEqual([
      { number: 1, text: 'a' },
      { number: 2, problem: 'is longer than the limit of 100 characters' },
      { number: 3, text: 'b' },
    ]);
    expect(await linesOf('x'.repeat(500))).toEqual([
      { number: 1, problem: 'is longer than the limit of 100 characters' },
    ]);
  });

  test('counts empty lines but leaves them out', async () => {
    expect(await linesOf('\n\na\n \nb\n')).toEqual([
      { number: 3, text: 'a' },
      { number: 5, text: 'b' },
    ]);
  });
});
