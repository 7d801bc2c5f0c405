import type { JsonObject } from '../language/json.js';
import type { Absence } from '../match/fact-reader.js';
import type { Run } from '../match/run.js';
import type { DecisionFacts } from './decision-facts.js';

/** One thing wrong with how a condition asks for a fact; `path` leads from the condition to the place. */
export interface FactProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Computes a fact for a decision. */
export type ReadDecisionFact = (facts: DecisionFacts, run: Run<DecisionFacts>) => unknown;

/** A fact that rules may speak of. */
export interface FactDeclaration {
  /** What it is, in a marketer's words. */
  readonly hint: string;
  /** Whether it can only be computed when the visitor's memory could be read. */
  readonly readsVisitor: boolean;
  /** Whether it may differ between the placements of one call. */
  readonly scoped: boolean;
  /** What computing it costs, where looking up a name costs 1. */
  readonly cost: number;
  /** When its value for these params can be told without computing it. */
  readonly absence?: (params: JsonObject) => Absence | undefined;
  /** What is wrong with these params; empty when nothing is. */
  readonly problems: (params: JsonObject) => readonly FactProblem[];
  /** The computation for these params, which have no problems. */
  readonly compile: (params: JsonObject) => ReadDecisionFact;
}

/** A fact that takes no params. */
export function conditionFact(declaration: Omit<FactDeclaration, 'problems'>): FactDeclaration {
  return { ...declaration, problems: refuseParams };
}

function refuseParams(params: JsonObject): readonly FactProblem[] {
  return Object.keys(params).map((name) => ({
    path: ['params', name],
    message: `this fact takes no params; remove "${name}"`,
  }));
}
