import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { RepeatCounter } from './repeat-counter.js';
import { rowIds } from './row-ids.js';
import type { Row } from '../../doors/tables/row.js';

const row = (identity: string): Row => ({ number: 1, line: 2, identity, cell: () => undefined });

describe('the id of a row', () => {
  test('is the same each time the file is read, also for rows that are equal', () => {
    const file = ['a', 'b', 'a', 'a', 'c'].map(row);
    const first = file.map(rowIds());
    expect(file.map(rowIds())).toEqual(first);
    expect(new Set(first).size).toBe(5);
  });

  test('does not depend on what stands before it, unless that is equal', () => {
    const [, , alone] = ['x', 'y', 'a'].map(row).map(rowIds());
    expect(alone).toBe(rowIds()(row('a')));
  });

  test('is short enough to be kept for every event', () => {
    expect(rowIds()(row('x'.repeat(10_000)))).toMatch(/^row-[\w-]{22}$/);
  });
});

describe('the counter of repeats', () => {
  const digest = (n: number) => createHash('sha256').update(String(n)).digest();

  test('counts a hundred thousand keys, as a Map does', () => {
    const counter = new RepeatCounter();
    const reference = new Map<number, number>();
    for (let i = 0; i < 150_000; i++) {
      const key = i < 100_000 ? i : (i * 7) % 1000;
      const before = reference.get(key) ?? 0;
      reference.set(key, before + 1);
      if (counter.add(digest(key)) !== before) throw new TypeError(`key ${key} was counted wrongly`);
    }
    expect(counter.size).toBe(reference.size);
  });
});
