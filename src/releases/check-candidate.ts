import { areLarge } from '../rulebook/aside/load-rules.js';
import type { ReleaseFile } from '../stores/release-store.js';
import { checkAside } from './check-aside.js';
import { checkRelease, type CandidateCheck } from '../rulebook/cases/check-release.js';
import { unfitFiles } from './unfit-files.js';

/**
 * Checks files that may become a release, as `usher check` and `usher test` check a folder. What could not stand in a
 * folder is a problem too. Rejects only where memory fails.
 */
export async function checkCandidate(files: readonly ReleaseFile[]): Promise<CandidateCheck> {
  const unfit = unfitFiles(files);
  const places = new Set(unfit.map(({ file }) => file));
  const fit = files.filter(({ path }) => !places.has(`rules/${path}`));
  const check = await (areLarge(fit) ? checkAside(fit) : checkRelease(fit));
  return { ...check, problems: [...unfit, ...check.problems] };
}
