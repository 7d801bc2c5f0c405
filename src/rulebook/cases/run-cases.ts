import { decide } from '../../engine/decide.js';
import { explainOffers } from '../../engine/explain/explain.js';
import type { OfferFates } from '../../engine/explain/explanation.js';
import { TextBudget } from '../../engine/text-budget.js';
import type { Definition, Definitions } from '../../engine/language/definitions.js';
import type { Rulebook } from '../../engine/rulebook.js';
import { differencesOf } from './case-differences.js';
import { DEAF, type Tell } from '../read/tell.js';
import { caseRuns } from './case-runs.js';

/** How one case came out. */
export interface CaseResult {
  readonly id: string;
  readonly name: string;
  readonly ok: boolean;
  /** What differs from what is expected, one line each, to be read by people; empty when it is ok. */
  readonly differences: readonly string[];
}

/** Runs every case against the rulebook, in the order of their ids. */
export function runCases(definitions: Definitions, rulebook: Rulebook, tell: Tell = DEAF): CaseResult[] {
  return caseRuns(definitions, rulebook).map(({ id, written, input }) => {
    tell('deciding', `rules/cases/${id}`);
    let fates: readonly OfferFates[] | undefined;
    const budget = new TextBudget();
    const found = differencesOf(written, decide(input, undefined, budget), {
      definitions,
      explain: () => (fates ??= explainOffers(input, new Set(offersIn(written)))),
    });
    const differences = [...found, ...budget.refused.map(tooCostly)];
    return { id, name: written.name, ok: differences.length === 0, differences };
  });
}

/** Those that the case expects, or expects to be stopped. */
function offersIn({ expect, expectGates = {} }: Definition<'cases'>): string[] {
  return [...Object.values(expect).flat(), ...Object.values(expectGates).flatMap((gates) => Object.keys(gates))];
}

function tooCostly(offer: string): string {
  return `the texts of ${offer} are more work than was left of what a decision may take; shorten their loops`;
}
