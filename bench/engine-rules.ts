import type { Comparison, RootCondition } from '../src/engine/language/condition-definition.js';
import { between, pick, seeded } from './random.ts';

/**
 * A rule that every contender can express: 2 to 5 comparisons, all of which must hold, the last two of some as
 * alternatives.
 */
export interface BenchRule {
  readonly name: string;
  readonly conditions: RootCondition;
  readonly event: { readonly type: string };
  readonly priority: number;
}

/**
 * One visitor: 60 attributes, all of them there and of the kind that the rules expect, so that no peer stumbles over a
 * null.
 */
export type Visitor = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Rules by the placement that asks for them; without scopes all are at one. */
export type RulesByPlacement = ReadonlyMap<string, readonly BenchRule[]>;

const PLACEMENTS = 50;
const VISITORS = 1_000;
/** One with which 3 % of the rules hold even when there are only ten of them. */
const SEED = 77;

const texts = names('text', 22);
const numbers = names('number', 18);
const flags = names('flag', 8);
const lists = names('list', 12);
const words = names('word', 16);
const tags = names('tag', 30);

/** The same rules on every run. */
export function makeRules(count: number): BenchRule[] {
  const random = seeded(SEED);
  return Array.from({ length: count }, (_, index) => ({
    name: `rule ${index}`,
    conditions: makeConditions(random),
    event: { type: 'offer' },
    priority: between(1, 100, random),
  }));
}

/** Each rule at one of 50 placements, or all at one. */
export function placeRules(rules: readonly BenchRule[], scoped: boolean): RulesByPlacement {
  return Map.groupBy(rules, ({ name }) =>
    scoped ? `placement ${Number(name.slice('rule '.length)) % PLACEMENTS}` : 'all',
  );
}

/** The same visitors on every run, others than the rules were made with. */
export function makeVisitors(): Visitor[] {
  const random = seeded(SEED + 1);
  return Array.from({ length: VISITORS }, () => makeVisitor(random));
}

function makeVisitor(random: () => number): Visitor {
  const tagged = () => Array.from({ length: between(0, 7, random) }, () => pick(tags, random));
  const entries = [
    ...texts.map((name) => [name, pick(words, random)] as const),
    ...numbers.map((name) => [name, between(0, 1_000, random)] as const),
    ...flags.map((name) => [name, random() < 0.5] as const),
    ...lists.map((name) => [name, tagged()] as const),
  ];
  // As a request's context comes in.
  return JSON.parse(JSON.stringify(Object.fromEntries(entries))) as Visitor;
}

function makeConditions(random: () => number): RootCondition {
  const leaves = Array.from({ length: between(2, 6, random) }, () => makeLeaf(random));
  if (leaves.length < 3 || random() < 0.85) return { all: leaves };
  return { all: [...leaves.slice(0, -2), { any: leaves.slice(-2) }] };
}

function makeLeaf(random: () => number): Comparison {
  const kind = random();
  if (kind < 0.32) return { fact: pick(texts, random), operator: 'equal', value: pick(words, random) };
  if (kind < 0.47)
    return {
      fact: pick(texts, random),
      operator: 'in',
      value: [pick(words, random), pick(words, random), pick(words, random)],
    };
  if (kind < 0.49) return { fact: pick(texts, random), operator: 'notEqual', value: pick(words, random) };
  if (kind < 0.635) return { fact: pick(numbers, random), operator: 'greaterThan', value: between(0, 1_000, random) };
  if (kind < 0.78)
    return { fact: pick(numbers, random), operator: 'lessThanInclusive', value: between(0, 1_000, random) };
  if (kind < 0.88) return { fact: pick(flags, random), operator: 'equal', value: random() < 0.5 };
  return { fact: pick(lists, random), operator: 'contains', value: pick(tags, random) };
}

function names(kind: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind}${index}`);
}
