/**
 * The facts that rules may speak of: each is one declaration with what it checks and what it computes. The check, the
 * decision and the reference matcher all read this one table.
 */
import { conditionFact, type FactDeclaration, type FactProblem } from './fact-declaration.js';
import { isObject } from '../language/is-object.js';
import type { JsonObject } from '../language/json.js';
import { HAPPENED, happenedFact, interactionsFact } from './interactions-fact.js';
import type { FactReader } from '../match/fact-reader.js';
import { nowFact } from './now-fact.js';
import { sessionFact } from './session-fact.js';
import type { DecisionFacts } from './decision-facts.js';

const profileFact = conditionFact({
  hint: 'what is known of the person: their traits',
  readsVisitor: true,
  scoped: false,
  cost: 1,
  compile: () => (facts) => facts.visitor.traits,
});

const contextFact = conditionFact({
  hint: "the request's context, with `channel` and `placement`",
  readsVisitor: false,
  scoped: true,
  cost: 2,
  compile:
    () =>
    ({ context, channel: asked, placement }) => ({
      ...context,
      ...channelEntry(asked ?? placement?.channel),
      ...(placement && { placement: placement.id }),
    }),
});

const segmentsFact = conditionFact({
  hint: 'the ids of the segments the person is in',
  readsVisitor: true,
  scoped: true,
  cost: 100,
  compile: () => (facts, run) => [...facts.segments].filter(([, segment]) => run.holds(segment)).map(([id]) => id),
});

const FACTS: Readonly<Record<string, FactDeclaration>> = {
  profile: profileFact,
  context: contextFact,
  interactions: interactionsFact,
  session: sessionFact,
  segments: segmentsFact,
  now: nowFact,
};

/** Every fact's name, as rule files write it. */
export const factNames: readonly string[] = Object.keys(FACTS);

/** What is wrong with the way a condition asks for a fact. The fact itself must be one of {@link factNames}. */
export function factProblems(fact: string, params: unknown): readonly FactProblem[] {
  if (params !== undefined && !isObject(params)) {
    return [{ path: ['params'], message: '"params" must be an object such as { "event": "Product Viewed" }' }];
  }
  return declared(fact)?.problems(params ?? {}) ?? [];
}

/** The reader of a fact in a decision; undefined when there is no such fact. */
export function findFact(fact: string, params: JsonObject = {}): FactReader<DecisionFacts> | undefined {
  const declaration = declared(fact);
  if (!declaration) return undefined;
  const { scoped, readsVisitor, cost } = declaration;
  const absence = declaration.absence?.(params);
  return { scoped, readsVisitor, cost, ...(absence && { absence }), read: declaration.compile(params) };
}

function channelEntry(channel: string | undefined): { channel?: string } {
  return channel === undefined ? {} : { channel };
}

function declared(fact: string): FactDeclaration | undefined {
  if (fact === HAPPENED) return happenedFact;
  return Object.hasOwn(FACTS, fact) ? FACTS[fact] : undefined;
}
