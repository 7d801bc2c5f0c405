import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RecentDocuments } from './recent-documents.js';

const MOST = 10;

describe('recent documents', () => {
  test('let the oldest go, as few as will do', () => {
    const recent = new RecentDocuments<string>(MOST);
    for (const [key, bytes] of Object.entries({ a: 4, b: 4, c: 3 })) recent.add(key, key, bytes);
    expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([undefined, 'b', 'c']);
  });

  test('have one that comes again as the latest, counted once', () => {
    const recent = new RecentDocuments<string>(MOST);
    const came = [
      ['a', 2],
      ['b', 2],
      ['a', 3],
      ['c', 6],
    ] as const;
    for (const [key, bytes] of came) recent.add(key, `${key}${bytes}`, bytes);
    expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual(['a3', undefined, 'c6']);
    recent.add('d', 'd1', 1);
    expect(recent.get('a')).toBe('a3');
  });

  test('have the latest however large it is, and nothing beside it', () => {
    const recent = new RecentDocuments<string>(MOST);
    for (const [key, bytes] of Object.entries({ a: 1, b: 99 })) recent.add(key, key, bytes);
    expect([recent.get('a'), recent.get('b')]).toEqual([undefined, 'b']);
    recent.add('c', 'c', 1);
    expect([recent.get('b'), recent.get('c')]).toEqual([undefined, 'c']);
  });

  test('are to the byte as many as may be', () => {
    const recent = new RecentDocuments<string>(MOST);
    for (const [key, bytes] of Object.entries({ a: 5, b: 5 })) recent.add(key, key, bytes);
    expect(recent.get('a')).toBe('a');
    recent.add('c', 'c', 0);
    expect(recent.get('a')).toBe('a');
    recent.add('d', 'd', 1);
    expect(recent.get('a')).toBeUndefined();
  });

  test('are known to the writer exactly when the reader has them, whatever comes', () => {
    const line = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), bytes: fc.nat(2 * MOST) });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const [writer, reader] = [new RecentDocuments<true>(MOST), new RecentDocuments<number>(MOST)];
        const sizes = new Map<string, number>();
        for (const { key, bytes } of lines) {
          const isSent = !writer.get(key);
          // Same key, same document: its size is what it first was.
          const size = sizes.get(key) ?? bytes;
          sizes.set(key, size);
          if (isSent) {
            writer.add(key, true, size);
            reader.add(key, size, size);
          }
          expect(reader.get(key)).toBe(size);
        }
        const kept = [...sizes.keys()].map((key) => reader.get(key) ?? 0);
        expect(kept.filter(Boolean).length <= 1 || kept.reduce((sum, one) => sum + one, 0) <= MOST).toBe(true);
      }),
    );
  });
});
