/** What must be true of operators on time, which no other rules have: they look at a clock. */
import fc from 'fast-check';
import { Engine, type TopLevelCondition } from 'json-rules-engine';
import { deepStrictEqual } from 'node:assert';
import { timedOperator, timedRules, type PersonInTime } from '../arbitraries/times.ts';
import { TIME_OPERATORS, type RuleSet } from '../arbitraries/rules.ts';
import { countKnown, type Failures } from './known-failures.ts';
import { compile, findPlainFact, type Facts, type FindFact, type Product } from './product.ts';
import type { Property } from './properties.ts';
import { holdsOnTime, shownAt, spanMeant } from './reference-times.ts';

/** What is known of a person, and the clock beside it. */
const CLOCK = Symbol('clock');
type TimedFacts = Facts & { readonly [CLOCK]: Pick<PersonInTime, 'now' | 'timeZone'> };

const sameAsReference: Property = {
  name: 'rules on time hold as by json-rules-engine with a second reading of their operators',
  weight: 1,
  check: (product, tally) =>
    fc.asyncProperty(timedRules, async ({ set, people }) => {
      const compiled = compile(product, set, findFactIn(product));
      for (const { now, timeZone, facts } of people) {
        const timed = { ...facts, [CLOCK]: { now, timeZone } } as TimedFacts;
        const theirs = await answersOf(set, { now, timeZone, facts }, tally.failures);
        tally.compared += set.rules.length;
        tally.threw += set.rules.length - theirs.size;
        const expected = [...theirs].filter(([, holds]) => holds).map(([name]) => name);
        for (const ours of [compiled.match(timed), compiled.scan(timed)])
          deepStrictEqual(
            ours.filter((name) => theirs.has(name)),
            expected,
          );
      }
    }),
};

const sameOperators: Property = {
  name: 'operators on time hold as a second reading of them says, at the ends of what they mean too',
  weight: 0.2,
  check: ({ reckonedFrame, findTimeComparison, compareTimes }) =>
    fc.property(timedOperator, ({ operator, value, clock, facts, ends }) => {
      const comparison = findTimeComparison(operator);
      const frame = reckonedFrame({ operator, value })?.(clock.now, clock.timeZone);
      const meant = spanMeant(operator, value, clock) ?? [clock.now];
      const atEnds = meant.flatMap((end) => ends.map(([offset, spell]) => spell(end + offset)));
      const onClocks = meant.map((end) => new Date(shownAt(end, clock.timeZone)).toISOString().slice(0, -1));
      for (const fact of [...facts, ...atEnds, ...onClocks])
        deepStrictEqual(
          { fact, holds: comparison && compareTimes(comparison, fact, frame) },
          { fact, holds: holdsOnTime(operator, fact, value, clock) },
        );
    }),
};

/** All of them. */
export const timeProperties: readonly Property[] = [sameOperators, sameAsReference];

/** The facts of a person, and what values of operators on time mean by their clock. */
function findFactIn({ RECKONED, reckonedFrame }: Product): FindFact {
  return (name, params) => {
    if (name !== RECKONED) return findPlainFact(name, params);
    const frame = reckonedFrame((params ?? {}) as never);
    const read = (facts: Facts): unknown => {
      const { now, timeZone } = (facts as TimedFacts)[CLOCK];
      return frame?.(now, timeZone);
    };
    return { read, scoped: false, readsVisitor: false, cost: 1 };
  };
}

/** Of each rule whether it holds; where the library throws over them all each is asked alone, or left out. */
async function answersOf(
  { rules, segments }: RuleSet,
  person: PersonInTime,
  failures: Failures,
): Promise<Map<string, boolean>> {
  const together = await referenceRun({ rules, segments }, person, failures);
  const answers = new Map<string, boolean>();
  for (const rule of rules) {
    const found = together ?? (await referenceRun({ rules: [rule], segments }, person, failures));
    if (found) answers.set(rule.name, found.includes(rule.name));
  }
  return answers;
}

/** The rules that hold by the library, values of operators on time standing as they are written. */
async function referenceRun(
  { rules, segments }: RuleSet,
  person: PersonInTime,
  failures: Failures,
): Promise<string[] | undefined> {
  const engine = new Engine([], { allowUndefinedFacts: true });
  for (const name of TIME_OPERATORS)
    engine.addOperator(name, (fact: unknown, value: unknown) => holdsOnTime(name, fact, value, person));
  for (const [name, condition] of segments) engine.setCondition(name, structuredClone(condition) as TopLevelCondition);
  for (const { name, priority, conditions } of rules)
    engine.addRule({
      name,
      priority,
      conditions: structuredClone(conditions) as TopLevelCondition,
      event: { type: name },
    });
  const ran = await engine.run({ ...person.facts }).catch(countKnown(failures));
  return ran?.results.map((result) => String(result.name));
}
