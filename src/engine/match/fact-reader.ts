import type { FactReference } from '../language/condition-definition.js';
import type { JsonObject } from '../language/json.js';
import type { Run } from './run.js';

/** How a fact is read from the input of a run. */
export interface FactReader<I> {
  /** Computes the fact; called at most once per run, or once per scope when `scoped`. */
  readonly read: (input: I, run: Run<I>) => unknown;
  /** Makes what computes the part at a path of names without the rest; undefined where the rest is needed. */
  readonly readPart?: ((names: readonly string[]) => FactReader<I>['read'] | undefined) | undefined;
  /** Whether the value depends on the scope within a run (the placement being decided). */
  readonly scoped: boolean;
  /** Whether the value depends on what is remembered of the visitor. */
  readonly readsVisitor: boolean;
  /** What a computation costs, where looking up a name costs 1. Conditions that cost less are tried first. */
  readonly cost: number;
  /** Whether the value is the list of the named conditions that hold, by name. */
  readonly listsConditions?: boolean;
  /** When the value is known without computing it. */
  readonly absence?: Absence;
}

/** The fact has this value unless another fact, which is a list, contains this text. */
export interface Absence {
  readonly value: unknown;
  readonly list: FactReference;
  readonly text: string;
}

/** Finds the reader of a fact; undefined when there is no such fact, whose value is then undefined. */
export type FindFact<I> = (fact: string, params: JsonObject | undefined) => FactReader<I> | undefined;
