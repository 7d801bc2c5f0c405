import { caseRuns } from '../rulebook/cases/case-runs.js';
import { loadRulebook } from '../rulebook/build/load-rulebook.js';
import { findDisagreements, type Disagreement } from '../rulebook/cases/reference-check.js';
import type { RuleProblem } from '../rulebook/read/rule-problem.js';
import { runCases, type CaseResult } from '../rulebook/cases/run-cases.js';
import type { RuleSource } from '../rulebook/kinds/walk-rules.js';

/** A rule about which Usher's matcher and json-rules-engine say different things, and in which case. */
export interface CaseDisagreement extends Disagreement {
  /** The id of the case. */
  readonly case: string;
}

/** What a set of rule files came to. It may become a release when the first three lists are empty. */
export interface CandidateCheck {
  readonly problems: readonly RuleProblem[];
  /** The cases that did not come out as they tell; none are run where there are problems. */
  readonly failedCases: readonly CaseResult[];
  readonly disagreements: readonly CaseDisagreement[];
  /** What is accepted but not enforced yet, one line each. */
  readonly notes: readonly string[];
  /** As `usher check` gives it for the folder. */
  readonly digest: string;
}

/** Reads rules, runs every case, and decides each with json-rules-engine too. */
export async function checkRelease(source: RuleSource): Promise<CandidateCheck> {
  const { rulebook, definitions, problems, notes, digest } = loadRulebook(source);
  if (!rulebook) return { problems, failedCases: [], disagreements: [], notes, digest };
  const failedCases = runCases(definitions, rulebook).filter(({ ok }) => !ok);
  const disagreements: CaseDisagreement[] = [];
  for (const { id, input } of caseRuns(definitions, rulebook)) {
    for (const found of await findDisagreements(definitions, input)) disagreements.push({ case: id, ...found });
  }
  return { problems, failedCases, disagreements, notes, digest };
}

/** Whether a release may be made of what was checked. */
export function isFit({ problems, failedCases, disagreements }: CandidateCheck): boolean {
  return problems.length + failedCases.length + disagreements.length === 0;
}
