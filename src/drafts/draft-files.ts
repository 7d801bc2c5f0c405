import type { Problem } from '../errors.js';
import { unfitFiles } from '../releases/unfit-files.js';
import type { Draft } from '../stores/draft-store.js';
import type { ReleaseFile } from '../stores/release-store.js';

/** What a draft changes: the text of each file by its path, null for one that is to go. */
export type ChangedFiles = Draft['files'];

/** The most files that one draft changes. */
export const MOST_DRAFT_FILES = 1_000;

/** How many bytes their paths and texts have together at most, as UTF-8. */
export const MOST_DRAFT_BYTES = 1024 * 1024;

/** Why these can't be the files of a draft: too many, too large, paths that no rule file has, half characters. */
export function draftProblems(files: ChangedFiles): Problem[] {
  const entries = Object.entries(files);
  if (entries.length > MOST_DRAFT_FILES)
    return [{ path: 'files', message: `has ${entries.length} files; a draft changes at most ${MOST_DRAFT_FILES}` }];
  const bytes = entries.reduce((sum, [path, text]) => sum + Buffer.byteLength(path) + Buffer.byteLength(text ?? ''), 0);
  if (bytes > MOST_DRAFT_BYTES)
    return [{ path: 'files', message: `has ${bytes} bytes; a draft has at most ${MOST_DRAFT_BYTES}` }];
  const asFiles = entries.map(([path, text]) => ({ path, text: text ?? '' }));
  return unfitFiles(asFiles).map(({ file, message }) => ({ path: `files["${file.toWellFormed()}"]`, message }));
}

/** The files of a release with what a draft changes. One that is to go and is not there is gone already. */
export function withChanges(base: readonly ReleaseFile[], changed: ChangedFiles): ReleaseFile[] {
  const kept = base.filter(({ path }) => !Object.hasOwn(changed, path));
  const put = Object.entries(changed).flatMap(([path, text]) => (text === null ? [] : [{ path, text }]));
  return [...kept, ...put];
}

/** The paths that a draft changes, and that are not the same in two releases; sorted. */
export function changedInBoth(
  changed: ChangedFiles,
  from: readonly ReleaseFile[],
  to: readonly ReleaseFile[],
): readonly string[] {
  const [before, after] = [from, to].map((files) => new Map(files.map(({ path, text }) => [path, text])));
  return Object.keys(changed)
    .filter((path) => before?.get(path) !== after?.get(path))
    .sort();
}
