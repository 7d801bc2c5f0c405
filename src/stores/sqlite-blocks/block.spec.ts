import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { blocksOf, MOST_MS } from './block.js';
import { hashOf, holdsOneOf, packIds } from './id-hashes.js';
import { emptied, linesOf } from './lines.js';

const ids = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })));

describe('blocks', () => {
  test('hold all entries in their order, and none of them is too large or too long', () => {
    const entry = fc.record({ line: fc.stringMatching(/^[a-z]{1,9}$/), id: fc.string(), at: fc.nat(30_000) });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 700, size: 'max' }), (entries) => {
        const blocks = blocksOf(entries);
        expect(blocks.flatMap(({ body }) => body.split('\n'))).toEqual(entries.map(({ line }) => line));
        expect(blocks.flatMap((block) => block.ids)).toEqual(entries.map(({ id }) => id));
        for (const { count, firstAt, lastAt, ids: all } of blocks)
          expect([count, count <= 256, lastAt - firstAt <= MOST_MS]).toEqual([all.length, true, true]);
      }),
      { numRuns: 50 },
    );
  });

  test('are as few as may be', () => {
    const entries = (count: number, length: number) =>
      Array.from({ length: count }, () => ({ line: 'x'.repeat(length), id: 'a', at: 1 }));
    expect(blocksOf(entries(600, 1)).map(({ count }) => count)).toEqual([256, 256, 88]);
    expect(blocksOf(entries(5, 100_000)).map(({ count }) => count)).toEqual([2, 2, 1]);
    expect(blocksOf(entries(2, 1_000_000)).map(({ count }) => count)).toEqual([1, 1]);
    expect(blocksOf([])).toEqual([]);
  });

  test('whose entries are removed leave the others where they are', () => {
    const body = emptied(7, 'a\nb\nc', new Set([7, 9]));
    expect([body, linesOf(7, body)]).toEqual(['\nb\n', [{ seq: 8, line: 'b' }]]);
  });
});

describe('the hashes of ids', () => {
  test('are found as they lie in files, whatever the ids look like', () => {
    fc.assert(
      fc.property(ids, ids, (some, more) => {
        const both = packIds(more, packIds(some));
        expect(both).toEqual(packIds([...more, ...some, ...some]));
        for (const id of [...some, ...more]) expect(holdsOneOf(both, [0, hashOf(id)])).toBe(true);
        expect(holdsOneOf(both, [])).toBe(false);
      }),
    );
  });

  test('tell nearly all others apart, and never change', () => {
    const packed = packIds(Array.from({ length: 200 }, (_, n) => `visitor ${n}`));
    const others = Array.from({ length: 10_000 }, (_, n) => hashOf(`other ${n}`));
    expect(others.filter((hash) => holdsOneOf(packed, [hash])).length).toBeLessThan(3);
    expect(packIds(['visitor-1', '🐈'])).toEqual(new Uint8Array([253, 177, 255, 32, 124, 170, 91, 113]));
  });
});
