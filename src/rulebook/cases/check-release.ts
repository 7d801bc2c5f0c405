import { caseRuns } from './case-runs.js';
import type { LoadedRulebook } from '../build/load-rulebook.js';
import { findDisagreements, type Disagreement } from './reference-check.js';
import { DEAF, type Tell } from '../read/tell.js';
import type { RuleProblem } from '../read/rule-problem.js';
import { runCases, type CaseResult } from './run-cases.js';

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
  /**
   * Where the files ask for what is accepted and not enforced yet, and where a case has values that an aggregate passes
   * over; no reason against a release.
   */
  readonly warnings: readonly RuleProblem[];
  /** Folders that nothing reads yet, one line each. */
  readonly notes: readonly string[];
  /** As `usher check` gives it for the folder. */
  readonly digest: string;
}

/** Runs every case of what was loaded, and decides each with json-rules-engine too. */
export async function checkRelease(loaded: LoadedRulebook, tell: Tell = DEAF): Promise<CandidateCheck> {
  const { rulebook, definitions, problems, warnings, notes, digest } = loaded;
  if (!rulebook) return { problems, failedCases: [], disagreements: [], warnings, notes, digest };
  const failedCases = runCases(definitions, rulebook, tell).filter(({ ok }) => !ok);
  const disagreements: CaseDisagreement[] = [];
  for (const { id, input } of caseRuns(definitions, rulebook)) {
    tell('deciding', `rules/cases/${id}`);
    for (const found of await findDisagreements(definitions, input)) disagreements.push({ case: id, ...found });
  }
  return { problems, failedCases, disagreements, warnings, notes, digest };
}

/** Whether a release may be made of what was checked. */
export function isFit({ problems, failedCases, disagreements }: CandidateCheck): boolean {
  return problems.length + failedCases.length + disagreements.length === 0;
}
