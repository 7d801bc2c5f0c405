import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Release, ReleaseFile } from '../stores/release-store.js';
import { unifiedDiff } from './unified-diff.js';

/** What became of one file between two releases. */
export interface FileDiff {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** The revisions of the file, where it is there: the releases in which it last changed. */
  readonly from?: number;
  readonly to?: number;
  /** The change of its text in the unified format. */
  readonly diff: string;
}

/** What differs between two releases. */
export interface ReleaseDiff {
  readonly from: number;
  readonly to: number;
  /** Sorted by path; empty where nothing differs. */
  readonly files: readonly FileDiff[];
}

/** Tells two releases apart, file by file, with a turn of the event loop for each that differs. */
export async function diffReleases(from: Release, to: Release): Promise<ReleaseDiff> {
  const [before, after] = [textsOf(from.files), textsOf(to.files)];
  const files: FileDiff[] = [];
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const change = { path, from: before.get(path), to: after.get(path) };
    if (change.from === change.to) continue;
    files.push({ path, change: kindOf(change), ...revisionsOf(path, from, to), diff: unifiedDiff(change) });
    await nextTurn();
  }
  return { from: from.version, to: to.version, files };
}

/** The text of each file by its path. */
export function textsOf(files: readonly ReleaseFile[]): ReadonlyMap<string, string> {
  return new Map(files.map(({ path, text }) => [path, text]));
}

function kindOf({ from, to }: { from: string | undefined; to: string | undefined }): FileDiff['change'] {
  if (from === undefined) return 'added';
  return to === undefined ? 'removed' : 'changed';
}

function revisionsOf(
  path: string,
  { revisions: before }: Release,
  { revisions: after }: Release,
): Pick<FileDiff, 'from' | 'to'> {
  const [from, to] = [before[path], after[path]];
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}
