import type { TriedRelease, TryRelease } from '../rulebook/aside/try-release.js';
import type { ReleaseFile } from '../stores/release-store.js';
import { unfitFiles } from './unfit-files.js';

/**
 * Checks files that may become a release, as `usher check` and `usher test` check a folder. What could not stand in a
 * folder is a problem too. What the check compiled comes along where it is wanted and nothing was found. Rejects only
 * where memory fails.
 */
export async function checkCandidate(
  files: readonly ReleaseFile[],
  wanted: { readonly rulebook: boolean; readonly tryRelease: TryRelease },
): Promise<TriedRelease> {
  const { tryRelease } = wanted;
  const unfit = unfitFiles(files);
  if (unfit.length === 0) return tryRelease(files, wanted);
  const places = new Set(unfit.map(({ file }) => file));
  const fit = files.filter(({ path }) => !places.has(path));
  const { check } = await tryRelease(fit, { rulebook: false });
  return { check: { ...check, problems: [...unfit, ...check.problems] } };
}
