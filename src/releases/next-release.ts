import type { Release, ReleaseFile } from '../stores/release-store.js';
import { textsOf } from './diff-releases.js';

/** The release after another, made of files. A file that is as it was keeps its revision. */
export function nextRelease(
  files: readonly ReleaseFile[],
  previous: Release | undefined,
  told: Pick<Release, 'author' | 'message' | 'digest'>,
): Release {
  const version = (previous?.version ?? 0) + 1;
  const before = textsOf(previous?.files ?? []);
  const revisionOf = ({ path, text }: ReleaseFile): number =>
    before.get(path) === text ? (previous?.revisions[path] ?? version) : version;
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const { author, message, digest } = told;
  const revisions = Object.fromEntries(sorted.map((file) => [file.path, revisionOf(file)]));
  return {
    version,
    digest,
    publishedAt: Date.now(),
    author,
    message,
    fileCount: sorted.length,
    files: sorted,
    revisions,
  };
}

/** Whether a release is made of these very files; its own are sorted by path, and so, mostly, are these. */
export function hasFiles(release: Release, files: readonly ReleaseFile[]): boolean {
  if (release.files.length !== files.length) return false;
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return release.files.every(({ path, text }, at) => path === sorted[at]?.path && text === sorted[at]?.text);
}
