import type { SegmentReference, Comparison } from '../../engine/language/condition-definition.js';
import type { CaseCoverage } from '../../rulebook/cases/case-coverage.js';
import type { SeenCondition } from '../../rulebook/cases/case-conditions.js';
import type { CasePlaces, RulePlace } from '../../rulebook/cases/case-places.js';
import type { CaseResult } from '../../rulebook/cases/run-cases.js';
import { claimText } from '../../words/condition-words.js';

/** How a case came out, with its file. */
export interface ReportedCase extends CaseResult {
  /** Starts with the rules folder's own name: `rules/cases/x.json`. */
  readonly file: string;
}

/** A condition of which the cases don't show both outcomes. */
export interface Unexercised extends Partial<RulePlace> {
  /** Where it stands: `rules pet-lovers-see-cameras`, `offers …` for an eligibility, `segments …`. */
  readonly in: string;
  /** In words: `profile.interests contains "pets"`. */
  readonly condition: string;
  /** The outcomes that no case saw. */
  readonly never: readonly boolean[];
}

/** What `usher test` found. */
export interface TestReport {
  readonly results: readonly ReportedCase[];
  readonly coverage: CaseCoverage;
  readonly unexercised: readonly Unexercised[];
  /** The time at which the cases were run instead of their own; undefined for their own. */
  readonly at: string | undefined;
  /** The least coverage that is enough, in percent. */
  readonly minCoverage: number | undefined;
}

/** Brings together what was found, with the places in the rule files. */
export function testReport(
  results: readonly CaseResult[],
  coverage: CaseCoverage,
  places: CasePlaces,
  { at, minCoverage }: Pick<TestReport, 'at' | 'minCoverage'>,
): TestReport {
  const unexercised = coverage.conditions.filter(({ sawTrue, sawFalse }) => !sawTrue || !sawFalse);
  return {
    results: results.map((result) => ({
      ...result,
      file: places.of('cases', result.id)?.file ?? `cases/${result.id}`,
    })),
    coverage,
    unexercised: unexercised.map((leaf) => toUnexercised(leaf, places)),
    at,
    minCoverage,
  };
}

/** Whether every case passed, and enough is covered. */
export function isPassed({ results, coverage, minCoverage = 0 }: TestReport): boolean {
  return results.every(({ ok }) => ok) && coverage.percent >= minCoverage;
}

/** A percentage of which 100 means all: it is never rounded up. */
export function percentText(percent: number): string {
  return `${Math.floor(percent * 10) / 10} %`;
}

function toUnexercised(
  { kind, id, path, condition, sawTrue, sawFalse }: SeenCondition,
  places: CasePlaces,
): Unexercised {
  const never = [...(sawTrue ? [] : [true]), ...(sawFalse ? [] : [false])];
  return { ...places.of(kind, id, path), in: `${kind} ${id}`, condition: wordsOf(condition), never };
}

function wordsOf(condition: Comparison | SegmentReference): string {
  return 'condition' in condition ? `segment ${condition.condition}` : claimText(condition);
}
