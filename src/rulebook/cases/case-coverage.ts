import { decide } from '../../engine/decide.js';
import { startRun, type DecideInput } from '../../engine/decision-run.js';
import type { Definitions } from '../../engine/language/definitions.js';
import type { Rulebook } from '../../engine/rulebook.js';
import { seenConditions, type SeenCondition } from './case-conditions.js';
import { caseRuns } from './case-runs.js';
import { rulesInPlay } from './condition-leaves.js';

/** What the cases say of what is live. */
export interface CaseCoverage {
  /** The ids of the live rules that put forward an offer which was decided in some case. */
  readonly won: readonly string[];
  /** Those whose conditions hold in some case, but which never won. */
  readonly matched: readonly string[];
  /** Those that no case speaks of. */
  readonly untouched: readonly string[];
  /** Every condition that can bear on a decision, in the order of the rules. */
  readonly conditions: readonly SeenCondition[];
  /**
   * From 0 to 100: of all there is to show, what the cases show. To be shown are each live rule winning once, and each
   * condition true once and false once. 100 where there is nothing to show.
   */
  readonly percent: number;
}

/** What the cases exercise; lists of ids are sorted. Rules whose offer or placements are not live are left out. */
export function caseCoverage(definitions: Definitions, rulebook: Rulebook): CaseCoverage {
  const inputs = caseRuns(definitions, rulebook).map((run) => run.input);
  const winners = new Set(inputs.flatMap(winningRules));
  const holding = new Set(inputs.flatMap(holdingRules));
  const live = rulesInPlay(rulebook).map(({ id }) => id);
  const won = live.filter((id) => winners.has(id));
  const conditions = seenConditions(definitions, rulebook, inputs);
  return {
    won,
    matched: live.filter((id) => holding.has(id) && !winners.has(id)),
    untouched: live.filter((id) => !holding.has(id) && !winners.has(id)),
    conditions,
    percent: percentOf(won.length + outcomesSeen(conditions), live.length + 2 * conditions.length),
  };
}

/** How many of the two outcomes of each condition were seen, in all. */
export function outcomesSeen(conditions: readonly SeenCondition[]): number {
  return conditions.reduce((sum, { sawTrue, sawFalse }) => sum + Number(sawTrue) + Number(sawFalse), 0);
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 100 : (100 * part) / whole;
}

function winningRules(input: DecideInput): string[] {
  const items = decide(input).flatMap((decision) => decision.items);
  return items.flatMap((item) => (item.rule === undefined ? [] : [item.rule]));
}

function holdingRules(input: DecideInput): string[] {
  const run = startRun(input);
  const held = input.request.placements.flatMap(({ id }) => {
    const placement = input.rulebook.placements.get(id);
    const rules = input.rulebook.rules.get(id) ?? [];
    return placement
      ? run.in(placement, (placed) => rules.filter((rule) => placed.holds(rule.when))).map((rule) => rule.id)
      : [];
  });
  run.end();
  return held;
}
