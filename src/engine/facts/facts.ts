/**
 * The facts that rules may speak of, each declared in its file: checks, decisions, proofs and words read this table.
 */
import type { FactReference } from '../language/condition-definition.js';
import { isObject } from '../language/is-object.js';
import type { JsonObject } from '../language/json.js';
import type { FactReader } from '../match/fact-reader.js';
import type { PassedOver } from './aggregates.js';
import { contactsFact } from './contacts-fact.js';
import { contextFact } from './context-fact.js';
import type { DecisionFacts } from './decision-facts.js';
import type { FactDeclaration, FactProblem } from './fact-declaration.js';
import { interactionsFact } from './interactions-fact.js';
import { nowFact } from './now-fact.js';
import { profileFact } from './profile-fact.js';
import { satisfactionFact } from './satisfaction-fact.js';
import { segmentsFact } from './segments-fact.js';
import { sentimentFact } from './sentiment-fact.js';
import { sessionFact } from './session-fact.js';
import { shareFact } from './share-fact.js';
import { supportFact } from './support-fact.js';
import { happenedFact, reckonedFact } from './unspoken-facts.js';

/** Every fact. */
export const facts: readonly FactDeclaration[] = [
  profileFact,
  contextFact,
  interactionsFact,
  contactsFact,
  sessionFact,
  supportFact,
  satisfactionFact,
  sentimentFact,
  shareFact,
  segmentsFact,
  nowFact,
];

/** Every fact's name, as rule files write it. */
export const factNames: readonly string[] = facts.map(({ name }) => name);

const BY_NAME: ReadonlyMap<string, FactDeclaration> = new Map(
  [...facts, happenedFact, reckonedFact].map((one) => [one.name, one]),
);

/** The declaration of a fact; undefined when there is no such fact. */
export function findDeclaration(fact: string): FactDeclaration | undefined {
  return BY_NAME.get(fact);
}

/** What is wrong with the way a condition asks for a fact. The fact itself must be one of {@link factNames}. */
export function factProblems(fact: string, params: unknown): readonly FactProblem[] {
  if (params !== undefined && !isObject(params)) {
    return [{ path: ['params'], message: '"params" must be an object such as { "event": "Product Viewed" }' }];
  }
  return findDeclaration(fact)?.problems(params ?? {}) ?? [];
}

/** The reader of a fact in a decision; undefined when there is no such fact. */
export function findFact(fact: string, params: JsonObject = {}): FactReader<DecisionFacts> | undefined {
  const declaration = findDeclaration(fact);
  if (!declaration) return undefined;
  const { readsVisitor, cost, compilePart } = declaration;
  const scoped = declaration.scoped || (declaration.isScopedWith?.(params) ?? false);
  const absence = declaration.absence?.(params);
  const listsConditions = declaration.isSegmentList ?? false;
  return {
    scoped,
    readsVisitor,
    cost,
    listsConditions,
    ...(absence && { absence }),
    read: declaration.compile(params),
    readPart: compilePart,
  };
}

/** The values that a fact passed over in a decision, as they are no numbers; undefined where it passed over none. */
export function passedOverBy({ fact, params = {} }: FactReference, facts: DecisionFacts): PassedOver | undefined {
  return findDeclaration(fact)?.passesOver?.(params)?.(facts);
}

/** A fact as people say it: `profile.address.city`, `count of Product Viewed (within 30d)`. */
export function factText({ fact, params = {}, path }: FactReference): string {
  const say = findDeclaration(fact)?.say;
  if (say) return say(params, path);
  const given = Object.keys(params).length > 0 ? JSON.stringify(params) : '';
  return `${fact}${given}${pathText(path)}`;
}

function pathText(path: string | undefined): string {
  if (path === undefined || path === '$') return '';
  return path.startsWith('$') ? path.slice(1) : `.${path}`;
}
