import { readFact } from '../arbitraries/facts.ts';
import type { RuleSet } from '../arbitraries/rules.ts';
import { countKnown, type Failures } from './known-failures.ts';

/** What operators on time are made of. */
export type Times = Pick<
  typeof import('../../src/engine/values/time-comparisons.js'),
  'reckonedFrame' | 'findTimeComparison' | 'compareTimes'
> & { readonly RECKONED: string };

/** What the properties are about. It is handed in: Jest has it from `src/`, a long run from `dist/` as it ships. */
export interface Product extends Times {
  readonly Matcher: typeof import('../../src/engine/match/matcher.js').Matcher;
  readonly MatcherBuilder: typeof import('../../src/engine/match/matcher-builder.js').MatcherBuilder;
  readonly compileRules: typeof import('../../src/engine/match/compile-rules.js').compileRules;
  readonly compilePath: typeof import('../../src/engine/match/path.js').compilePath;
  readonly referenceMatch: typeof import('../../src/rulebook/check/reference-match.js').referenceMatch;
  readonly visitors: Visitors;
  readonly proofs: Proofs;
}

/** What proves things of rules, and what decides by them. */
export type Proofs = Pick<typeof import('../../src/proofs/prove.js'), 'prove'> &
  Pick<typeof import('../../src/engine/compile.js'), 'compileRulebook'> &
  Pick<typeof import('../../src/engine/decide.js'), 'decide'> &
  Pick<typeof import('../../src/engine/decision-run.js'), 'startRun'> &
  Pick<typeof import('../../src/engine/visitor/visitor.js'), 'visitorView'> &
  Pick<typeof import('../../src/rulebook/templates/templates.js'), 'renderer'> &
  Pick<typeof import('../../src/rulebook/read/instant.js'), 'instant'>;

/** What remembers people. */
export type Visitors = Pick<
  typeof import('../../src/visitors/memory/memory.js'),
  'apply' | 'merge' | 'emptyMemory' | 'traitsOf'
> &
  Pick<typeof import('../../src/visitors/memory/counters.js'), 'countersOf'> &
  Pick<typeof import('../../src/visitors/documents/codec.js'), 'decode'> &
  Pick<typeof import('../../src/visitors/writing/find-document.js'), 'findDocument'> &
  Pick<typeof import('../../src/visitors/writing/write-round.js'), 'writeRound'> &
  Pick<typeof import('../../src/visitors/behind/glances.js'), 'Glances'> &
  Pick<typeof import('../../src/visitors/writing/corrupt-documents.js'), 'CorruptDocuments'> &
  Pick<typeof import('../../src/visitors/visitors.service.js'), 'VisitorsService'> &
  Pick<typeof import('../../src/visitors/care/visitor-splitter.js'), 'VisitorSplitter'> &
  Pick<typeof import('../../src/visitors/care/visitor-eraser.js'), 'VisitorEraser'> &
  Pick<typeof import('../../src/stores/personal/personal-records-list.js'), 'PersonalRecordsList'>;

/** Facts by name. */
export type Facts = Readonly<Record<string, unknown>>;

/** Rules compiled into one scope. */
export interface Compiled {
  /** The names of the rules that hold, in the order of the rules, found through the index. */
  match(facts: Facts, seen?: (name: string) => void): string[];
  /** The same, each rule asked for on its own. */
  scan(facts: Facts): string[];
}

/** At least so many rules are matched together. */
const MANY = 60;

/** Finds out how a fact is read. */
export type FindFact = (
  name: string,
  params: Readonly<Record<string, unknown>> | undefined,
) => {
  readonly read: (facts: Facts) => unknown;
  readonly scoped: boolean;
  readonly readsVisitor: boolean;
  readonly cost: number;
};

/** Facts are those of {@link readFact}. */
export const findPlainFact: FindFact = (name, params) => ({
  read: (facts) => readFact(facts, name, params),
  scoped: false,
  readsVisitor: false,
  cost: 1,
});

/** Compiles rules. */
export function compile(
  { Matcher, MatcherBuilder }: Product,
  { rules, segments }: RuleSet,
  findFact = findPlainFact,
): Compiled {
  const builder = new MatcherBuilder<Facts>({ findFact, named: segments });
  const numbers = rules.map((rule) => builder.add(rule.conditions));
  // Few rules get no index: over and over again they are many, of which the first are looked at.
  builder.scope(
    'rules',
    Array.from({ length: Math.max(numbers.length, MANY) }, (_, place) => numbers[place % numbers.length] ?? -1),
  );
  const matcher = new Matcher<Facts>(builder.build(), findFact);
  const told = (place: number, visitor: (name: string) => unknown): boolean => {
    const name = rules[place]?.name;
    if (name !== undefined) visitor(name);
    return true;
  };
  return {
    match(facts, seen) {
      const [run, found] = [matcher.run(facts), [] as string[]];
      run.match('rules', {
        admits: (place) => told(place, (name) => seen?.(name)),
        visit: (place) => void told(place, (name) => found.push(name)),
      });
      run.end();
      return found;
    },
    scan(facts) {
      const run = matcher.run(facts);
      const found = rules.filter((_rule, place) => run.holds(numbers[place] ?? -1)).map((rule) => rule.name);
      run.end();
      return found;
    },
  };
}

/**
 * The names of the rules that hold by json-rules-engine, in the order of the rules; undefined where it throws, which is
 * counted among the failures where it is known to, and else thrown.
 */
export async function reference(
  { referenceMatch }: Product,
  { rules, segments }: RuleSet,
  facts: Facts,
  failures: Failures,
): Promise<string[] | undefined> {
  const read = (name: string, params: Readonly<Record<string, unknown>>) => readFact(facts, name, params);
  const found = await referenceMatch(rules, segments, { names: Object.keys(facts), read }).catch(countKnown(failures));
  return found && rules.map((rule) => rule.name).filter((name) => found.includes(name));
}
