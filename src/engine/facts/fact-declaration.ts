import type { Json, JsonObject } from '../language/json.js';
import type { Millis } from '../language/millis.js';
import type { Absence } from '../match/fact-reader.js';
import type { Run } from '../match/run.js';
import type { PassedOver } from './aggregates.js';
import type { CountedQuery } from './counted-query.js';
import type { DecisionFacts } from './decision-facts.js';
import type { ValueShape } from './value-shape.js';

/** One thing wrong with how a condition asks for a fact; `path` leads from the condition to the place. */
export interface FactProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Whether it is the name at that place that is wrong, rather than the value. */
  readonly isAboutName?: boolean;
}

/** Computes a fact for a decision. */
export type ReadDecisionFact = (facts: DecisionFacts, run: Run<DecisionFacts>) => unknown;

/** What an editor asks for a param. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly input:
    | 'event'
    | 'channel'
    | 'property'
    | 'offer'
    | 'group'
    | 'placement'
    | 'choice'
    | 'duration'
    | 'conditions'
    | 'text'
    | 'number';
  readonly choices?: readonly string[];
  /** What counts when nothing is chosen. */
  readonly default?: string;
}

/** A name of the business that a condition asks for, and the steps from the reference to where it does. */
export interface AskedName {
  readonly what: 'trait' | 'event' | 'property';
  readonly name: string;
  /** Whose property it is; undefined for that of any event. */
  readonly event?: string;
  readonly at: readonly (string | number)[];
}

/** An interaction that is likely to give a fact the value wanted. */
export interface WantedInteraction {
  readonly event?: string | undefined;
  readonly ageMs: number;
  readonly channel?: string | undefined;
  readonly properties?: JsonObject;
}

/** Everything about a fact that rules may speak of. What else needs to know of one reads its declaration. */
export interface FactDeclaration {
  /** As rule files write it. */
  readonly name: string;
  /** What it is, in a marketer's words. */
  readonly hint: string;
  /**
   * What it is made from: what is known of the person, what they did, the request, the time, who they are, or other
   * rule files.
   * Consent that guards traits or the history guards what is made from them; rules about history or the request are
   * contextual.
   */
  readonly source: 'traits' | 'history' | 'request' | 'clock' | 'identity' | 'rules';
  /** Single traits that it looks at besides its source. */
  readonly traits?: readonly string[];
  /** Whether it can only be computed when the visitor's memory could be read. */
  readonly readsVisitor: boolean;
  /** Whether it may differ between the placements of one call. */
  readonly scoped: boolean;
  /** Whether it may where these are its params, though it mostly does not. */
  readonly isScopedWith?: (params: JsonObject) => boolean;
  /** What computing it costs, where looking up a name costs 1. */
  readonly cost: number;
  /** What it may turn out to be for these params. */
  readonly shape: (params: JsonObject) => ValueShape;
  /** The params it takes, as a form asks for them; empty where it takes none. */
  readonly form: readonly FormField[];
  /** What is wrong with these params; empty when nothing is. */
  readonly problems: (params: JsonObject) => readonly FactProblem[];
  /** When its value for these params is known without computing it. */
  readonly absence?: (params: JsonObject) => Absence | undefined;
  /** The computation for these params, which have no problems. */
  readonly compile: (params: JsonObject) => ReadDecisionFact;
  /** Computes the part at a path of names without the rest, where that is less work; undefined for the other paths. */
  readonly compilePart?: (names: readonly string[]) => ReadDecisionFact | undefined;
  /** How people say it with these params, and a path into it; its name and the path when absent. */
  readonly say?: (params: JsonObject, path: string | undefined) => string;
  /** Which interactions it sums up, where that is all it does. */
  readonly query?: (params: JsonObject) => CountedQuery;
  /** Tells which values it passed over; absent for params with which it passes over none. */
  readonly passesOver?: (params: JsonObject) => ((facts: DecisionFacts) => PassedOver | undefined) | undefined;
  /** The names of the business that are asked for. */
  readonly asksFor?: (params: JsonObject, path: string | undefined) => readonly AskedName[];
  /** Interactions that are likely to give the part at this path of names a value; whoever asks must try them out. */
  readonly bringAbout?: (names: readonly string[], value: Json | undefined) => readonly WantedInteraction[];
  /** Its value at an instant, where nothing else matters. */
  readonly readClock?: (timeZone: string, now: Millis) => JsonObject;
  /** Its value for whoever has this id, where nothing else matters. */
  readonly readId?: (id: string, params: JsonObject) => Json;
  /** Its value is the list of the segments that hold, by id. */
  readonly isSegmentList?: true;
  /** Which facts of other rule sets are found in it, by name; `others` for all that no other fact takes. */
  readonly takesIn?: readonly string[] | 'others';
}

/** A fact that takes no params. */
export function plainFact(
  declaration: Omit<FactDeclaration, 'problems' | 'form' | 'shape'> & { readonly shape: ValueShape },
): FactDeclaration {
  return { ...declaration, shape: () => declaration.shape, form: [], problems: refuseParams };
}

function refuseParams(params: JsonObject): readonly FactProblem[] {
  return Object.keys(params).map((name) => ({
    path: ['params', name],
    message: `this fact takes no params; remove "${name}"`,
    isAboutName: true,
  }));
}
