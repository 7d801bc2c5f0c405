import { decide, startRun, type DecideInput } from '../engine/decide.js';
import type { Definitions } from '../engine/definitions.js';
import type { Rulebook } from '../engine/types.js';
import { caseRuns } from './case-runs.js';

/** What the cases say of the live rules. */
export interface CaseCoverage {
  /** The ids of the live rules that put forward an offer which was decided in some case. */
  readonly won: readonly string[];
  /** Those whose conditions hold in some case, but which never won. */
  readonly matched: readonly string[];
  /** Those that no case speaks of. */
  readonly untouched: readonly string[];
}

/** Which live rules win, only match, or do neither in any case; each list is sorted. */
export function caseCoverage(definitions: Definitions, rulebook: Rulebook): CaseCoverage {
  const inputs = caseRuns(definitions, rulebook).map((run) => run.input);
  const winners = new Set(inputs.flatMap(winningRules));
  const holding = new Set(inputs.flatMap(holdingRules));
  const live = [...new Set([...rulebook.rules.values()].flat().map((rule) => rule.id))].sort();
  return {
    won: live.filter((id) => winners.has(id)),
    matched: live.filter((id) => holding.has(id) && !winners.has(id)),
    untouched: live.filter((id) => !holding.has(id) && !winners.has(id)),
  };
}

function winningRules(input: DecideInput): string[] {
  const items = decide(input).flatMap((decision) => decision.items);
  return items.flatMap((item) => (item.rule === undefined ? [] : [item.rule]));
}

function holdingRules(input: DecideInput): string[] {
  const run = startRun(input);
  return input.request.placements.flatMap(({ id }) => {
    run.input.placement = input.rulebook.placements.get(id);
    run.enterScope();
    const rules = input.rulebook.rules.get(id) ?? [];
    return rules.filter((rule) => run.holds(rule.when)).map((rule) => rule.id);
  });
}
