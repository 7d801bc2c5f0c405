import type { Problem } from '../errors.js';
import type { CandidateCheck } from '../rulebook/cases/check-release.js';
import type { ReleaseFile } from '../stores/release-store.js';

/** Every reason why files may not become a release: in which of them, by the path it was sent with, and what. */
export function refusalLines(
  files: readonly ReleaseFile[],
  { problems, failedCases, disagreements }: CandidateCheck,
): Problem[] {
  const pathOf = (id: string): string => files.find(({ path }) => isCase(path, id))?.path ?? `cases/${id}`;
  const says = (holds: boolean): string => (holds ? 'holds' : 'does not hold');
  return [
    ...problems.map(({ file, line, column, message }) => ({ path: `${file}:${line}:${column}`, message })),
    ...failedCases.flatMap(({ id, name, differences }) =>
      differences.map((difference) => ({ path: pathOf(id), message: `"${name}" fails: ${difference}` })),
    ),
    ...disagreements.map(({ case: id, placement, rule, compiled, reference }) => ({
      path: pathOf(id),
      message:
        `${placement}: the matchers disagree about ${rule}: ` +
        `it ${says(compiled)} for Usher and ${says(reference)} for json-rules-engine`,
    })),
  ];
}

function isCase(path: string, id: string): boolean {
  return path.replace(/\.(json|yaml|yml)$/, '') === `cases/${id}`;
}
