import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unifiedDiff } from './unified-diff.js';

const diff = (from: string | undefined, to: string | undefined): string =>
  unifiedDiff({ path: 'offers/a.json', from, to });

/** Applies a unified diff as `patch` does, and checks every line that it says is there. */
function patched(from: string, told: string): string {
  const lines = from.split(/(?<=\n)/);
  const out: string[] = [];
  let at = 0;
  let last: { text: string; out: boolean } | undefined;
  for (const line of told.split('\n').slice(2, -1)) {
    const [, start, count] = /^@@ -(\d+)(?:,(\d+))? /.exec(line) ?? [];
    if (start !== undefined) {
      const first = count === '0' ? Number(start) : Number(start) - 1;
      out.push(...lines.slice(at, first));
      at = first;
    } else if (line.startsWith('\\')) {
      if (last?.out) out[out.length - 1] = out.at(-1)?.slice(0, -1) ?? '';
    } else {
      if (!line.startsWith('+')) expect(lines[at++]?.replace(/\n$/, '')).toBe(line.slice(1));
      if (!line.startsWith('-')) out.push(`${line.slice(1)}\n`);
      last = { text: line, out: !line.startsWith('-') };
    }
  }
  return [...out, ...lines.slice(at)].join('');
}

describe('a unified diff', () => {
  test('shows changes with three lines around them, and where they are', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`);
    const changed = lines.with(4, 'five\n').toSpliced(15, 1);
    expect(diff(lines.join(''), changed.join(''))).toBe(
      [
        '--- a/offers/a.json',
        '+++ b/offers/a.json',
        '@@ -2,7 +2,7 @@',
        ' line 2',
        ' line 3',
        ' line 4',
        '-line 5',
        '+five',
        ' line 6',
        ' line 7',
        ' line 8',
        '@@ -13,7 +13,6 @@',
        ' line 13',
        ' line 14',
        ' line 15',
        '-line 16',
        ' line 17',
        ' line 18',
        ' line 19',
        '',
      ].join('\n'),
    );
  });

  test('names no file where there is none, and says where the last line has no end', () => {
    expect(diff(undefined, '{}')).toBe(
      '--- /dev/null\n+++ b/offers/a.json\n@@ -0,0 +1 @@\n+{}\n\\ No newline at end of file\n',
    );
    expect(diff('{}\n', undefined)).toBe('--- a/offers/a.json\n+++ /dev/null\n@@ -1 +0,0 @@\n-{}\n');
    expect(diff('a\n', 'a')).toBe(
      '--- a/offers/a.json\n+++ b/offers/a.json\n@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n',
    );
    expect(diff('a\n', 'a\n')).toBe('');
  });

  test('makes the one text of the other, whatever they are, and changes no more lines than it must', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (from, to) => {
        const told = diff(from, to);
        expect(patched(from, told)).toBe(to);
        const edits = told
          .split('\n')
          .slice(2)
          .filter((line) => /^[+-]/.test(line)).length;
        expect(edits).toBe(fewestEdits(from.split(/(?<=\n)/).filter(Boolean), to.split(/(?<=\n)/).filter(Boolean)));
      }),
      { numRuns: 300 },
    );
  });

  test('is soon done with texts that have nothing in common', () => {
    const lines = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}\n`).join('');
    const told = diff(`same\n${lines('old')}`, `same\n${lines('new')}`);
    expect(patched(`same\n${lines('old')}`, told)).toBe(`same\n${lines('new')}`);
  });
});

/** By the longest common subsequence, worked out in full. */
function fewestEdits(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    for (const [j, other] of b.entries())
      next.push(one === other ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
    row = next;
  }
  return a.length + b.length - 2 * (row.at(-1) ?? 0);
}
