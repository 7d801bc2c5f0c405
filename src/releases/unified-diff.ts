import { structuredPatch, type StructuredPatchHunk } from 'diff';

/** Two states of one file; undefined where it is not there. */
export interface TextChange {
  readonly path: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The change in the unified format that `patch` and `git apply` read, with three lines around each change. */
export function unifiedDiff({ path, from, to }: TextChange): string {
  const hunks = hunksOf(from ?? '', to ?? '');
  if (hunks.length === 0) return '';
  const head = [
    `--- ${from === undefined ? '/dev/null' : `a/${path}`}`,
    `+++ ${to === undefined ? '/dev/null' : `b/${path}`}`,
  ];
  return `${[...head, ...hunks.flatMap(linesOf)].join('\n')}\n`;
}

const CONTEXT = 3;
/** Beyond so many changed lines all is shown as replaced: finding the fewest takes too long, and nobody reads it. */
const MAX_EDITS = 1_000;

function hunksOf(from: string, to: string): readonly StructuredPatchHunk[] {
  const { hunks } = structuredPatch('', '', from, to, '', '', { context: CONTEXT, maxEditLength: MAX_EDITS }) ?? {};
  return hunks ?? replaced(from, to);
}

/** All that was there goes, all that is there comes. */
function replaced(from: string, to: string): readonly StructuredPatchHunk[] {
  const [gone] = structuredPatch('', '', from, '').hunks;
  const [come] = structuredPatch('', '', '', to).hunks;
  if (!gone || !come) return [gone, come].filter((hunk) => hunk !== undefined);
  return [{ ...gone, newLines: come.newLines, lines: [...gone.lines, ...come.lines] }];
}

function linesOf({ oldStart, oldLines, newStart, newLines, lines }: StructuredPatchHunk): string[] {
  return [`@@ -${rangeOf(oldStart, oldLines)} +${rangeOf(newStart, newLines)} @@`, ...lines];
}

/** As `diff -u` and git write it: a single line has no count, and where nothing is, the line before is named. */
function rangeOf(line: number, count: number): string {
  if (count === 0) return `${line - 1},0`;
  return count === 1 ? `${line}` : `${line},${count}`;
}
