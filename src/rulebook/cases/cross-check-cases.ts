import type { Definitions } from '../../engine/language/definitions.js';
import { findDisagreements, type Disagreement } from './reference-check.js';
import type { Rulebook } from '../../engine/rulebook.js';
import { caseRuns } from './case-runs.js';
import type { CaseResult } from './run-cases.js';

/**
 * Decides every case with json-rules-engine too: the results given, where each rule on which the two matchers differ is
 * one more difference, so that its case fails.
 */
export async function crossCheckCases(
  definitions: Definitions,
  rulebook: Rulebook,
  results: readonly CaseResult[],
): Promise<CaseResult[]> {
  const found = new Map<string, string[]>();
  for (const { id, input } of caseRuns(definitions, rulebook)) {
    found.set(id, (await findDisagreements(definitions, input)).map(inWords));
  }
  return results.map((result) => {
    const differences = [...result.differences, ...(found.get(result.id) ?? [])];
    return { ...result, ok: differences.length === 0, differences };
  });
}

function inWords({ placement, rule, compiled, reference }: Disagreement): string {
  const says = (holds: boolean) => (holds ? 'holds' : 'does not hold');
  return (
    `${placement}: the matchers disagree about ${rule}: ` +
    `it ${says(compiled)} for Usher and ${says(reference)} for json-rules-engine`
  );
}
