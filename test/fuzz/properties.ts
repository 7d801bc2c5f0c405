/**
 * What must be true of the matcher, whatever the rules and whatever the facts: it says what json-rules-engine says, and
 * what it says does not depend on how a rule is written or found. Run shortly by `properties.spec.ts`, long by
 * `run.ts`. What must be true of visitors is in `visitor-properties.ts`.
 */
import fc from 'fast-check';
import { Almanac, Engine, type TopLevelCondition } from 'json-rules-engine';
import { deepStrictEqual } from 'node:assert';
import type { Condition } from '../../src/engine/language/condition-definition.js';
import { factValue } from '../arbitraries/facts.ts';
import { largeFacts, largeRuleSet } from '../arbitraries/large-rule-sets.ts';
import { pathInto } from '../arbitraries/paths.ts';
import { facts, ruleSet, type GeneratedRule, type RuleSet } from '../arbitraries/rules.ts';
import { countKnown, type Failures } from './known-failures.ts';
import { compile, reference, type Facts, type Product } from './product.ts';
import { doublyNegated, shuffled, turnedInsideOut } from './rewrites.ts';
import { proofProperties } from './proof-properties.ts';
import { timeProperties } from './time-properties.ts';
import { visitorProperties } from './visitor-properties.ts';

/** What happened on the way, so that it shows when a property is true because nothing was tried. */
export interface Tally {
  /** Answers about a rule compared with json-rules-engine's, and those where it threw and nothing could be compared. */
  compared: number;
  threw: number;
  /** How often it threw, of all rules together and of each, by what. */
  readonly failures: Failures;
  /** Rules that were asked about, that an index let through, and that held. */
  asked: number;
  candidates: number;
  held: number;
  /** Warnings that were held against visitors. */
  claims: number;
}

/** Something that must be true. */
export interface Property {
  readonly name: string;
  /** How many times as long as the others one run of it takes, about: it gets so many fewer. */
  readonly weight: number;
  check(product: Product, tally: Tally): fc.IRawProperty<unknown>;
}

const severalFacts = fc.array(facts, { minLength: 1, maxLength: 3 });

const sameAsReference: Property = {
  name: 'the same rules hold as by json-rules-engine',
  weight: 1,
  check: (product, tally) =>
    fc.asyncProperty(ruleSet, severalFacts, (set, cases) => compareAll(product, tally, set, cases)),
};

const sameAsReferenceWhenLarge: Property = {
  name: 'the same rules of a large set hold as by json-rules-engine',
  weight: 20,
  check: (product, tally) =>
    fc.asyncProperty(largeRuleSet, largeFacts, (set, one) => compareAll(product, tally, set, [one])),
};

const dropIn: Property = {
  name: 'compileRules matches as Engine.run does, in order of priority',
  weight: 1,
  check: (product, tally) =>
    fc.asyncProperty(ruleSet, facts, async (set, one) => {
      const conditions = Object.fromEntries(set.segments);
      const rules = set.rules
        .map((rule) => ({ ...rule, event: { type: rule.name, params: { of: rule.name } } }))
        .filter((rule) => isAccepted(product, [rule], conditions));
      if (!isAccepted(product, rules, conditions)) return;
      const ours = product.compileRules(rules, { conditions }).match(one);
      const theirs = await knownAnswers(rules, tally, (some) => engineRun(some, set.segments, one, tally.failures));
      const expected = rules
        .filter(({ name }) => theirs.get(name) ?? ours.some((match) => match.name === name))
        .sort((a, b) => b.priority - a.priority);
      deepStrictEqual(
        ours,
        expected.map(({ name, event, priority }) => ({ name, event, priority })),
      );
    }),
};

const indexAgainstScan: Property = {
  name: 'an index finds every rule that holds when it is alone',
  weight: 10,
  check: (product, tally) =>
    fc.property(largeRuleSet, fc.array(largeFacts, { minLength: 1, maxLength: 5 }), (set, cases) => {
      const together = compile(product, set);
      const alone = set.rules.map((rule) => compile(product, { ...set, rules: [rule] }));
      for (const one of cases) {
        const candidates: string[] = [];
        const found = together.match(one, (name) => candidates.push(name));
        const expected = alone.flatMap((single) => single.scan(one));
        tally.asked += set.rules.length;
        tally.candidates += candidates.length;
        tally.held += found.length;
        deepStrictEqual(
          expected.filter((name) => !candidates.includes(name)),
          [],
          'a rule holds that is no candidate',
        );
        deepStrictEqual(found, expected);
        deepStrictEqual(together.scan(one), expected);
      }
    }),
};

const rewritten = (name: string, rewrite: fc.Arbitrary<(condition: Condition) => Condition>): Property => ({
  name,
  weight: 1,
  check: (product) =>
    fc.property(ruleSet, rewrite, severalFacts, (set, change, cases) => {
      const rules = set.rules.map((rule) => ({ ...rule, conditions: change(rule.conditions) }) as GeneratedRule);
      const segments = new Map([...set.segments].map(([id, condition]) => [id, change(condition)] as const));
      const [before, after] = [compile(product, set), compile(product, { rules, segments })];
      for (const one of cases) deepStrictEqual(after.match(one), before.match(one));
    }),
});

const irrelevantFacts: Property = {
  name: 'facts that no rule asks for change nothing',
  weight: 1,
  check: (product) =>
    fc.property(
      ruleSet,
      facts,
      fc.dictionary(
        fc.string({ maxLength: 3 }).map((name) => `other ${name}`),
        factValue,
        { maxKeys: 4 },
      ),
      (set, one, others) => {
        const compiled = compile(product, set);
        deepStrictEqual(
          compiled.match(Object.fromEntries([...Object.entries(others), ...Object.entries(one)])),
          compiled.match(one),
        );
      },
    ),
};

const reused: Property = {
  name: 'a matcher answers the same after it has answered about others',
  weight: 1,
  check: (product) =>
    fc.property(ruleSet, severalFacts, (set, cases) => {
      const compiled = compile(product, set);
      const first = cases.map((one) => compiled.match(one));
      deepStrictEqual(
        cases
          .toReversed()
          .map((one) => compiled.match(one))
          .toReversed(),
        first,
      );
      deepStrictEqual(
        cases.map((one) => compile(product, set).match(one)),
        first,
      );
    }),
};

const samePaths: Property = {
  name: 'a path that is accepted leads where it leads in json-rules-engine',
  weight: 0.2,
  check: ({ compilePath }, tally) =>
    fc.asyncProperty(pathInto, async ({ path, values }) => {
      const follow = compilePath(path);
      for (const value of follow ? values : []) {
        const almanac = new Almanac();
        almanac.addFact('x', value as never);
        // It throws at paths such as `toString`, which it takes for known.
        const theirs = await almanac
          .factValue('x', {}, path)
          .then((found: unknown) => ({ found }), countKnown(tally.failures));
        if (theirs) deepStrictEqual({ found: follow?.(value) }, theirs);
      }
    }),
};

const askedAgain: Property = {
  name: 'what is asked of a matcher while it matches changes no answer',
  weight: 2,
  check: ({ compileRules }) =>
    fc.property(ruleSet, severalFacts, (set, cases) => {
      const conditions = Object.fromEntries(set.segments);
      const asking = { all: [{ fact: 'asking', operator: 'equal', value: 1 }] };
      const rules = [asking, ...set.rules.map((rule) => rule.conditions), asking]
        .filter((condition) =>
          isAccepted({ compileRules }, [{ conditions: condition, event: { type: 'r' } }], conditions),
        )
        .map((condition, index) => ({ name: `${index}`, conditions: condition, event: { type: 'r' } }));
      // Then it is the segments that are not.
      if (rules.length === 0) return;
      const many = Array.from({ length: MANY_RULES }, (_, index) => rules[index % rules.length] ?? rules[0]).filter(
        (rule) => rule !== undefined,
      );
      const matcher = compileRules(many, { conditions });
      const about = (one: Facts, asks: () => void) =>
        matcher
          .match(Object.defineProperty({ ...one }, 'asking', { get: () => (asks(), 1) }) as Facts)
          .map(({ name }) => name);
      const alone = cases.map((one) => about(one, () => undefined));
      const meanwhile = () =>
        deepStrictEqual(
          cases.map((one) => about(one, () => undefined)),
          alone,
        );
      deepStrictEqual(
        cases.map((one) => about(one, meanwhile)),
        alone,
      );
    }),
};

/** Few rules get no index. */
const MANY_RULES = 70;

/** All of them. */
export const properties: readonly Property[] = [
  samePaths,
  askedAgain,
  sameAsReference,
  sameAsReferenceWhenLarge,
  dropIn,
  indexAgainstScan,
  rewritten(
    'children in another order change nothing',
    fc.nat().map((seed) => (condition: Condition) => shuffled(condition, seed)),
  ),
  rewritten('what is negated twice is as it was', fc.constant(doublyNegated)),
  rewritten('an all is no any of negations, and the other way round', fc.constant(turnedInsideOut)),
  irrelevantFacts,
  reused,
  ...timeProperties,
  ...visitorProperties,
  ...proofProperties,
];

/** Nothing has happened yet. */
export function emptyTally(): Tally {
  return { compared: 0, threw: 0, failures: new Map(), asked: 0, candidates: 0, held: 0, claims: 0 };
}

async function compareAll(product: Product, tally: Tally, set: RuleSet, cases: readonly Facts[]): Promise<void> {
  const compiled = compile(product, set);
  for (const one of cases) {
    const ours = compiled.match(one);
    const theirs = await knownAnswers(set.rules, tally, (rules) =>
      reference(product, { ...set, rules }, one, tally.failures),
    );
    deepStrictEqual(
      ours.filter((name) => theirs.has(name)),
      [...theirs].filter(([, holds]) => holds).map(([name]) => name),
    );
  }
}

/**
 * What the library says of each rule. Where it throws over them all it is asked about each; what is not known then is
 * left out.
 */
async function knownAnswers<R extends GeneratedRule>(
  rules: readonly R[],
  tally: Tally,
  ask: (rules: readonly R[]) => Promise<readonly string[] | undefined>,
): Promise<Map<string, boolean>> {
  const answers = new Map<string, boolean>();
  const together = await ask(rules);
  for (const rule of rules) {
    const found = together ?? (await ask([rule]));
    if (found) answers.set(rule.name, found.includes(rule.name));
  }
  tally.compared += rules.length;
  tally.threw += rules.length - answers.size;
  return answers;
}

/** The rules that hold by the library itself, facts given as a plain object; undefined where it is known to throw. */
async function engineRun(
  rules: readonly (GeneratedRule & { event: { type: string } })[],
  segments: RuleSet['segments'],
  one: Facts,
  failures: Failures,
): Promise<string[] | undefined> {
  const engine = new Engine([], { allowUndefinedFacts: true });
  for (const [name, condition] of segments) engine.setCondition(name, structuredClone(condition) as TopLevelCondition);
  for (const { conditions, ...rule } of rules)
    engine.addRule({ ...rule, conditions: structuredClone(conditions) as TopLevelCondition });
  const ran = await engine.run({ ...one }).catch(countKnown(failures));
  return ran?.results.map((result) => String(result.name));
}

/** What is refused makes json-rules-engine throw, if not over these facts then over others. */
function isAccepted(
  { compileRules }: Pick<Product, 'compileRules'>,
  rules: Parameters<Product['compileRules']>[0],
  conditions: Readonly<Record<string, Condition>>,
): boolean {
  try {
    return compileRules(rules, { conditions }) !== undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidRules') return false;
    throw error;
  }
}
