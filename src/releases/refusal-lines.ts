import type { Problem } from '../errors.js';
import type { CandidateCheck } from '../rulebook/cases/check-release.js';

/** Every reason why a candidate may not become a release: where, and what. */
export function refusalLines({ problems, failedCases, disagreements }: CandidateCheck): Problem[] {
  const says = (holds: boolean): string => (holds ? 'holds' : 'does not hold');
  return [
    ...problems.map(({ file, line, column, message }) => ({ path: `${file}:${line}:${column}`, message })),
    ...failedCases.flatMap(({ id, name, differences }) =>
      differences.map((difference) => ({ path: `rules/cases/${id}`, message: `"${name}" fails: ${difference}` })),
    ),
    ...disagreements.map(({ case: id, placement, rule, compiled, reference }) => ({
      path: `rules/cases/${id}`,
      message:
        `${placement}: the matchers disagree about ${rule}: ` +
        `it ${says(compiled)} for Usher and ${says(reference)} for json-rules-engine`,
    })),
  ];
}
