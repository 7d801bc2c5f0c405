/** Two states of one file; undefined where it is not there. */
export interface TextChange {
  readonly path: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The change in the unified format that `patch` and `git apply` read, with three lines around each change. */
export function unifiedDiff({ path, from, to }: TextChange): string {
  const [a, b] = [linesOf(from ?? ''), linesOf(to ?? '')];
  const head = [
    `--- ${from === undefined ? '/dev/null' : `a/${path}`}`,
    `+++ ${to === undefined ? '/dev/null' : `b/${path}`}`,
  ];
  const hunks = hunksOf(shownLines(a, b));
  return hunks.length === 0 ? '' : `${[...head, ...hunks].join('\n')}\n`;
}

const CONTEXT = 3;
/**
 * Beyond so many changed lines the rest is told as replaced: finding the fewest takes too long, and nobody reads it.
 */
const MAX_EDITS = 500;

type Sign = ' ' | '-' | '+';

interface ShownLine {
  readonly sign: Sign;
  readonly text: string;
}

/** Each line with its end; the last may have none. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return [...lines.map((line) => `${line}\n`), ...(last === '' ? [] : [last])];
}

function shownLines(a: readonly string[], b: readonly string[]): ShownLine[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [middleA, middleB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const same = (text: string): ShownLine => ({ sign: ' ', text });
  return [...a.slice(0, start).map(same), ...edited(middleA, middleB), ...a.slice(a.length - end).map(same)];
}

function edited(a: readonly string[], b: readonly string[]): ShownLine[] {
  const trace = search(a, b);
  const signs: readonly Sign[] = trace
    ? walkBack(a, b, trace)
    : [...a.map(() => '-' as const), ...b.map(() => '+' as const)];
  let [atA, atB] = [0, 0];
  return signs.map((sign) => {
    const text = (sign === '+' ? b[atB] : a[atA]) ?? '';
    if (sign !== '+') atA++;
    if (sign !== '-') atB++;
    return { sign, text };
  });
}

/**
 * How far each diagonal reaches with 0, 1, 2 … edits, until the end is reached: the greedy algorithm of Myers, "An
 * O(ND) Difference Algorithm and Its Variations" (1986), section 4. Entry `d` is the state before edit `d`, for
 * diagonals -d-1 to d+1.
 */
function search(a: readonly string[], b: readonly string[]): Int32Array[] | undefined {
  const limit = Math.min(a.length + b.length, MAX_EDITS);
  const middle = limit + 1;
  const reach = new Int32Array(2 * limit + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= limit; d++) {
    trace.push(reach.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const [left, right] = [reach[middle + k - 1] ?? 0, reach[middle + k + 1] ?? 0];
      let x = isDown(k, d, left, right) ? right : left + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return trace;
    }
  }
  return undefined;
}

/** Whether the best way onto diagonal `k` adds a line of `b`, rather than leaving out one of `a`. */
function isDown(k: number, d: number, left: number, right: number): boolean {
  return k === -d || (k !== d && left < right);
}

function walkBack(a: readonly string[], b: readonly string[], trace: readonly Int32Array[]): Sign[] {
  const signs: Sign[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trace.length - 1; d >= 0; d--) {
    const reached = (k: number): number => trace[d]?.[k + d + 1] ?? 0;
    const k = x - y;
    const down = isDown(k, d, reached(k - 1), reached(k + 1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = reached(fromK);
    for (; x > fromX && y > fromX - fromK; x--, y--) signs.push(' ');
    if (d > 0) signs.push(down ? '+' : '-');
    [x, y] = [fromX, fromX - fromK];
  }
  return signs.reverse();
}

function hunksOf(lines: readonly ShownLine[]): string[] {
  const hunks: string[] = [];
  let [lineA, lineB, at] = [1, 1, 0];
  for (const [start, end] of spansOf(lines)) {
    lineA += start - at;
    lineB += start - at;
    const inside = lines.slice(start, end);
    const [countA, countB] = [
      inside.filter(({ sign }) => sign !== '+').length,
      inside.filter(({ sign }) => sign !== '-').length,
    ];
    hunks.push(`@@ -${rangeOf(lineA, countA)} +${rangeOf(lineB, countB)} @@`, ...inside.map(textOf));
    [lineA, lineB, at] = [lineA + countA, lineB + countB, end];
  }
  return hunks;
}

/** From where to where the hunks reach: changes with what is around them, joined where they touch. */
function spansOf(lines: readonly ShownLine[]): (readonly [start: number, end: number])[] {
  const spans: [number, number][] = [];
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    const [start, end] = [Math.max(0, index - CONTEXT), Math.min(lines.length, index + CONTEXT + 1)];
    const last = spans.at(-1);
    if (last && start <= last[1]) last[1] = end;
    else spans.push([start, end]);
  }
  return spans;
}

function rangeOf(line: number, count: number): string {
  // Where nothing is, the format names the line before.
  if (count === 0) return `${line - 1},0`;
  return count === 1 ? `${line}` : `${line},${count}`;
}

function textOf({ sign, text }: ShownLine): string {
  return text.endsWith('\n') ? `${sign}${text.slice(0, -1)}` : `${sign}${text}\n\\ No newline at end of file`;
}
