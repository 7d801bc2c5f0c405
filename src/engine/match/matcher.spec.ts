import { describe, expect, test } from '@jest/globals';
import type { Condition } from '../language/condition-definition.js';
import type { FactReader, FindFact } from './fact-reader.js';
import { Matcher } from './matcher.js';
import { MatcherBuilder } from './matcher-builder.js';
import type { PlainRule } from '../../rulebook/check/reference-match.js';

type Facts = Record<string, unknown>;

interface World {
  readonly named?: ReadonlyMap<string, Condition>;
  readonly reader?: (fact: string) => Partial<FactReader<Facts>>;
}

/** Compiles conditions into one scope, as deep as wanted in rules that never hold, so that the index is used too. */
function compile(
  conditions: readonly Condition[],
  { named = new Map(), reader = () => ({}) }: World = {},
): { matcher: Matcher<Facts>; numbers: number[] } {
  const findFact: FindFact<Facts> = (fact) => ({
    read: (facts) => facts[fact],
    scoped: false,
    readsVisitor: false,
    cost: 1,
    ...reader(fact),
  });
  const builder = new MatcherBuilder({ findFact, named });
  const numbers = conditions.map((condition) => builder.add(condition));
  builder.scope('rules', numbers);
  return { matcher: new Matcher(builder.build(), findFact), numbers };
}

/** The rules that hold: each asked for on its own, and all found through the index, which must agree. */
function matched(rules: readonly PlainRule[], named: ReadonlyMap<string, Condition>, facts: Facts): string[] {
  const { matcher, numbers } = compile(
    rules.map((rule) => rule.conditions),
    { named },
  );
  const run = matcher.run(facts);
  const found: string[] = [];
  run.match('rules', { admits: () => true, visit: (place) => void found.push(rules[place]?.name ?? '') });
  expect(found).toEqual(rules.filter((_rule, index) => run.holds(numbers[index] ?? -1)).map((rule) => rule.name));
  run.end();
  return found;
}

const holds = (condition: Condition, facts: Facts = {}): boolean =>
  matched([{ name: 'r', conditions: condition }], new Map(), facts).length === 1;

describe('the matcher', () => {
  test('holds for an empty all and an empty any, and not for the negation of either', () => {
    expect([holds({ all: [] }), holds({ any: [] }), holds({ not: { any: [] } }), holds({ not: { all: [] } })]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('lets a missing fact hold for notEqual, notIn and negations only', () => {
    const on = (operator: string, value: never) => holds({ all: [{ fact: 'missing', operator, value }] });
    expect(on('notEqual', 1 as never)).toBe(true);
    expect(on('notIn', [1] as never)).toBe(true);
    expect(on('not:equal', 1 as never)).toBe(true);
    expect(on('doesNotContain', 1 as never)).toBe(false);
    expect(on('lessThan', 1 as never)).toBe(false);
  });

  test('says false instead of throwing where a list turns out to be none', () => {
    expect(holds({ all: [{ fact: 'x', operator: 'in', value: { fact: 'missing' } }] })).toBe(false);
    expect(holds({ all: [{ fact: 'x', operator: 'someValue:equal', value: { fact: 'missing' } }] })).toBe(false);
    expect(holds({ all: [{ fact: 'x', operator: 'lessThan', value: 3 }] }, { x: { toString: 'not a function' } })).toBe(
      false,
    );
  });

  test('computes a fact once, however many rules and conditions ask for it', () => {
    let reads = 0;
    const asking = [1, 2, 3].map((value): Condition => ({
      any: [
        { fact: 'x', params: { a: 1, b: 2 }, operator: 'equal', value },
        { fact: 'x', params: { b: 2, a: 1 }, operator: 'greaterThan', value: 99 },
      ],
    }));
    const { matcher, numbers } = compile(asking, { reader: () => ({ read: () => ++reads }) });
    const run = matcher.run({});
    for (const number of numbers) run.holds(number);
    expect(reads).toBe(1);
  });

  test('computes it anew for the next run, in the memory of the one before', () => {
    const { matcher, numbers } = compile([{ all: [{ fact: 'x', operator: 'equal', value: 1 }] }]);
    const answers = [1, 2, 1].map((x) => {
      const run = matcher.run({ x });
      const answer = run.holds(numbers[0] ?? -1);
      run.end();
      return answer;
    });
    expect(answers).toEqual([true, false, true]);
  });

  test('keeps runs apart that are under way at the same time', () => {
    const { matcher, numbers } = compile([{ all: [{ fact: 'x', operator: 'equal', value: 1 }] }]);
    const [one, two] = [matcher.run({ x: 1 }), matcher.run({ x: 2 })];
    expect([one, two, one].map((run) => run.holds(numbers[0] ?? -1))).toEqual([true, false, true]);
  });

  test('tries what is cheap first and reads nothing that no rule needs to know', () => {
    const reader = (fact: string) =>
      fact === 'dear'
        ? {
            cost: 100,
            read: () => {
              throw new RangeError('computed');
            },
          }
        : {};
    const { matcher, numbers } = compile(
      [
        {
          all: [
            { fact: 'dear', operator: 'equal', value: 1 },
            { fact: 'cheap', operator: 'equal', value: 1 },
          ],
        },
      ],
      { reader },
    );
    expect(matcher.run({ cheap: 0 }).holds(numbers[0] ?? -1)).toBe(false);
  });

  test('forgets only what depends on the scope when the scope changes', () => {
    const reads: string[] = [];
    const condition: Condition = {
      any: [
        { fact: 'profile', operator: 'equal', value: 0 },
        { fact: 'context', operator: 'equal', value: 0 },
      ],
    };
    const { matcher, numbers } = compile([condition], {
      reader: (fact) => ({ read: () => reads.push(fact), scoped: fact === 'context' }),
    });
    const run = matcher.run({});
    run.holds(numbers[0] ?? -1);
    run.enter({}).holds(numbers[0] ?? -1);
    expect(reads).toEqual(['profile', 'context', 'context']);
  });

  test('knows which conditions depend on the visitor, through segments too', () => {
    const named = new Map<string, Condition>([['known', { all: [{ fact: 'profile', operator: 'equal', value: 1 }] }]]);
    const { matcher, numbers } = compile(
      [{ not: { condition: 'known' } }, { any: [{ fact: 'context', operator: 'equal', value: 1 }] }],
      { named, reader: (fact) => ({ readsVisitor: fact === 'profile' }) },
    );
    const run = matcher.run({});
    expect(numbers.map((number) => run.readsVisitor(number))).toEqual([true, false]);
  });

  test('looks at none that is left where no more is wanted, and at all of them the next time', () => {
    const conditions = Array.from({ length: 100 }, (_, at): Condition => ({
      all: [{ fact: at % 2 ? 'odd' : 'even', operator: 'equal', value: true }],
    }));
    const { matcher } = compile(conditions);
    const found = (until: number): number[] => {
      const places: number[] = [];
      const run = matcher.run({ even: true, odd: true });
      run.match('rules', {
        admits: (place) => (place < until ? true : 'no more'),
        visit: (place) => void places.push(place),
      });
      run.end();
      return places;
    };
    expect(found(3)).toEqual([0, 1, 2]);
    expect(found(Infinity)).toEqual([...conditions.keys()]);
  });

  test('finds a rule by what must have happened without computing what happened', () => {
    const absence = { value: 0, list: { fact: 'happened' }, text: 'Bought' };
    const computed: string[] = [];
    const reader = (fact: string) =>
      fact === 'count' ? { absence, cost: 20, read: (facts: Facts) => (computed.push(fact), facts[fact]) } : {};
    const often: Condition = { all: [{ fact: 'count', operator: 'greaterThan', value: 0 }] };
    const never: Condition = { all: [{ fact: 'count', operator: 'equal', value: 0 }] };
    const { matcher } = compile([never, ...Array<Condition>(20).fill(often)], { reader });
    const found = (facts: Facts): number[] => {
      const places: number[] = [];
      const run = matcher.run(facts);
      run.match('rules', { admits: () => true, visit: (place) => void places.push(place) });
      run.end();
      return places;
    };
    expect(found({ happened: [], count: 0 })).toEqual([0]);
    expect(found({ happened: ['Bought'], count: 2 })).toHaveLength(20);
    expect(computed).toHaveLength(2);
  });
});
