import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Engine, type TopLevelCondition } from 'json-rules-engine';
import {
  compileRules,
  InvalidRules,
  type CompileRulesOptions,
  type EngineRule,
  type RuleMatcher,
} from './compile-rules.js';
import type { Condition } from '../language/condition-definition.js';
import type { Json, JsonObject } from '../language/json.js';

const event = { type: 'found' };
const equal = (fact: string, value: Json): Condition => ({ all: [{ fact, operator: 'equal', value }] });

/** What is found, by name. */
function matched(
  rules: readonly Partial<EngineRule>[],
  facts: Record<string, unknown>,
  options?: CompileRulesOptions,
): (string | undefined)[] {
  return compileRules(
    rules.map((rule) => ({ event, conditions: { all: [] }, ...rule })),
    options,
  )
    .match(facts)
    .map(({ name }) => name);
}

function problems(rules: readonly unknown[], options?: CompileRulesOptions): readonly string[] {
  try {
    compileRules(rules as EngineRule[], options);
    return [];
  } catch (error) {
    if (error instanceof InvalidRules) return error.problems;
    throw error;
  }
}

const problemsOf = (conditions: unknown, options?: CompileRulesOptions): readonly string[] =>
  problems([{ event, conditions }], options);

/** Enough rules that never hold for an index to be made. */
const padding = Array.from({ length: 20 }, (_, index): EngineRule => ({
  name: `never ${index}`,
  event,
  conditions: equal('x', `never ${index}`),
}));

describe('compileRules', () => {
  test('finds the rules that hold, each with its event and priority', () => {
    const rules: EngineRule[] = [
      {
        name: 'adult',
        conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 18 }] },
        event: { type: 'adult', params: { may: ['vote'] } },
        priority: 3,
      },
      {
        name: 'child',
        conditions: { all: [{ fact: 'age', operator: 'lessThan', value: 18 }] },
        event: { type: 'child' },
      },
    ];
    expect(compileRules(rules).match({ age: 40 })).toEqual([
      { name: 'adult', event: { type: 'adult', params: { may: ['vote'] } }, priority: 3 },
    ]);
    expect(compileRules(rules).match({ age: 4 })).toEqual([{ name: 'child', event: { type: 'child' }, priority: 1 }]);
  });

  test('gives the highest priority first and equal ones in the order given, through an index too', () => {
    const rules = [
      { name: 'b', priority: 2 },
      { name: 'a' },
      { name: 'z', priority: 9 },
      { name: 'c', priority: 2 },
      { name: 'y', priority: 1 },
    ];
    expect(matched(rules, {})).toEqual(['z', 'b', 'c', 'a', 'y']);
    const asking = rules.map((rule) => ({ ...rule, conditions: equal('x', 1) }));
    expect(matched([...padding, ...asking], { x: 1 })).toEqual(['z', 'b', 'c', 'a', 'y']);
  });

  test('hands each caller an event of its own', () => {
    const since = new Date(0);
    const own = { type: 'found', params: JSON.parse('{"nested":{"list":[1]},"__proto__":1}') as JsonObject, since };
    const rules = compileRules([{ conditions: { all: [] }, event: own }]);
    const [first] = rules.match({});
    expect(first?.event).toEqual(own);
    expect(Object.hasOwn(first?.event.params ?? {}, '__proto__')).toBe(true);
    expect(first?.name).toBeUndefined();
    Object.assign(first?.event.params?.['nested'] as object, { list: 'changed' });
    Object.assign(first?.event ?? {}, { type: 'changed' });
    own.type = 'changed';
    const [second] = rules.match({});
    expect(second?.event).toMatchObject({ type: 'found', params: { nested: { list: [1] } } });
    expect((second?.event as unknown as typeof own).since).toBe(since);
  });

  test('hands out copies all the way down, however the events of other rules look', () => {
    const events = [
      { type: 'bare' },
      { type: 'flat', params: { offer: 'a', weight: 2 } },
      { type: 'flat', params: { offer: 'b', tags: ['x'] } },
      { type: 'deep', params: { tags: [{ of: ['x', { y: 1 }] }, 'z'] } },
      { type: 'deep', params: { tags: [{ of: ['x', { y: 2 }] }, 'q'] } },
      { type: 'list', params: { offer: ['a'], more: { tags: {} } } },
      { params: { offer: 'c' }, type: 'turned round' },
      { type: 'none', params: undefined },
    ] as { type: string; params?: JsonObject }[];
    const written = JSON.stringify(events);
    const rules = compileRules(events.map((event) => ({ conditions: { all: [] }, event })));
    const answer = (): string => JSON.stringify(rules.match({}).map(({ event }) => event));
    expect(answer()).toBe(written);
    events.forEach(spoil);
    rules.match({}).forEach(({ event }) => spoil(event));
    expect(answer()).toBe(written);
  });

  test('takes no event that contains itself', () => {
    const params: Record<string, unknown> = { list: [] };
    (params['list'] as unknown[]).push(params);
    expect(problems([{ event: { type: 'round', params }, conditions: { all: [] } }])).toEqual([
      'rules[0].event.params.list.0: contains itself',
    ]);
  });

  test('knows named conditions, which may use each other in any order', () => {
    const conditions = {
      grown: { not: { condition: 'young' } },
      young: { all: [{ fact: 'age', operator: 'lessThan', value: 18 }] },
    };
    const rules = [
      { name: 'yes', conditions: { condition: 'grown' } },
      { name: 'no', conditions: { all: [{ condition: 'young' }] } },
    ];
    expect(matched(rules, { age: 20 }, { conditions })).toEqual(['yes']);
    expect(matched(rules, { age: 2 }, { conditions })).toEqual(['no']);
  });

  test('takes operators of your own, decorated like the others', () => {
    const operators = { startsWith: (fact: unknown, value: unknown) => String(fact).startsWith(String(value)) };
    const on = (operator: string): Condition => ({ all: [{ fact: 'x', operator, value: 'a' }] });
    const rules = [
      { name: 'plain', conditions: on('startsWith') },
      { name: 'not', conditions: on('not:startsWith') },
      { name: 'some', conditions: on('someFact:startsWith') },
    ];
    expect(matched(rules, { x: 'ab' }, { operators })).toEqual(['plain']);
    expect(matched(rules, { x: ['b', 'ab'] }, { operators })).toEqual(['not', 'some']);
  });

  test('lets an operator of your own take a built-in name, in a large set too', () => {
    // The loose comparison is what this one is for.
    const operators = {
      equal: (fact: unknown, value: unknown) => String(fact) === String(value),
      in: (fact: unknown, value: unknown) => fact === value,
    };
    expect(matched([...padding, { name: 'loose', conditions: equal('x', 7) }], { x: '7' }, { operators })).toEqual([
      'loose',
    ]);
    expect(
      matched(
        [...padding, { name: 'other', conditions: { all: [{ fact: 'x', operator: 'in', value: 7 }] } }],
        { x: 7 },
        { operators },
      ),
    ).toEqual(['other']);
  });

  test('has a path that makes a list make another for the other side, as the library does', () => {
    const beside = (path: string) => {
      const reference = { fact: 'account', path };
      const conditions = { all: [{ ...reference, operator: 'notEqual', value: reference }] };
      return compileRules([{ name: 'r', conditions, event: { type: 'r' } }]).match({ account: [{ a: 0 }] }).length;
    };
    expect(['$[*].a', '$[0:1]', '$..a'].map(beside)).toEqual([1, 1, 1]);
    expect(['$[0]', '$[0].a', '$'].map(beside)).toEqual([0, 0, 0]);
  });

  test('finds nothing among no rules', () => {
    expect(compileRules([]).match({ any: 'thing' })).toEqual([]);
  });

  test('takes missing facts for undefined, and what objects inherit for missing', () => {
    const rules = [
      { name: 'not 1', conditions: { all: [{ fact: 'missing', operator: 'notEqual', value: 1 }] } },
      { name: 'less', conditions: { all: [{ fact: 'missing', operator: 'lessThan', value: 1 }] } },
    ];
    expect(matched(rules, {})).toEqual(['not 1']);
    const inherited = {
      name: 'inherited',
      conditions: {
        any: ['toString', 'constructor', '__proto__'].map((fact) => ({
          fact,
          operator: 'notEqual',
          value: { fact: 'missing' },
        })),
      },
    };
    expect(matched([inherited], {})).toEqual([]);
    expect(
      matched(
        [{ name: 'own', conditions: equal('__proto__', 1) }],
        JSON.parse('{"__proto__":1}') as Record<string, unknown>,
      ),
    ).toEqual(['own']);
  });

  test('answers each caller about its own facts, however often and however they overlap', () => {
    const inner: string[] = [];
    const one = compileRules([...padding, { name: 'one', event, conditions: equal('x', 1) }]);
    const two = compileRules([...padding, { name: 'two', event, conditions: equal('x', 2) }], {
      operators: {
        equal: (fact, value) => (inner.push(...one.match({ x: 1 }).map(({ name }) => name ?? '')), fact === value),
      },
    });
    expect(two.match({ x: 2 }).map(({ name }) => name)).toEqual(['two']);
    expect(new Set(inner)).toEqual(new Set(['one']));
    expect([{ x: 1 }, {}, { x: 1 }, { x: 'never 3' }].map((facts) => one.match(facts).map(({ name }) => name))).toEqual(
      [['one'], [], ['one'], ['never 3']],
    );
  });

  test('goes on after facts that throw when they are read', () => {
    const rules = compileRules([...padding, { name: 'one', event, conditions: equal('x', 1) }]);
    const broken = {
      get x(): never {
        throw new RangeError('unreadable');
      },
    };
    expect(() => rules.match(broken)).toThrow('unreadable');
    expect(rules.match({ x: 1 })).toHaveLength(1);
  });

  test('hands back what it found without letting one caller change it for the next', () => {
    const rules = compileRules([{ name: 'a', event, conditions: { all: [] } }]);
    const found = rules.match({});
    expect(() => Object.assign(found[0] as object, { name: 'changed' })).toThrow(TypeError);
    found.length = 0;
    expect(rules.match({})).toEqual([{ name: 'a', event, priority: 1 }]);
  });

  test('is a drop-in for Engine.run over plain facts', async () => {
    const conditions: Condition = {
      any: [
        {
          all: [
            { fact: 'pets', operator: 'contains', value: 'cat' },
            { fact: 'owner', path: '$.city', operator: 'in', value: ['Ghent', 'Bruges'] },
          ],
        },
        { fact: 'age', operator: 'lessThan', value: { fact: 'limit' } },
      ],
    };
    const engine = new Engine([{ name: 'r', conditions: structuredClone(conditions) as TopLevelCondition, event }], {
      allowUndefinedFacts: true,
    });
    const rules = compileRules([{ name: 'r', conditions, event }]);
    for (const facts of [
      { pets: ['cat'], owner: { city: 'Ghent' } },
      { age: 3, limit: 5 },
      { age: 5, limit: 5 },
      { pets: 'cat' },
    ]) {
      const { events } = await engine.run(facts);
      expect(rules.match(facts).map((match) => match.event)).toEqual(events);
    }
  });
});

describe('operators that return no boolean', () => {
  const counting = {
    count: (fact: unknown, value: unknown) => (fact as unknown[]).filter((one) => one === value).length,
  };

  test('count as true or false once, and are remembered for nobody else', () => {
    const matcher = compileRules(
      [{ name: 'bought', event, conditions: { all: [{ fact: 'x', operator: 'count', value: 'buy' }] } }],
      { operators: counting },
    );
    const held = [['buy', 'buy', 'buy'], [], [], []].map((x) => matcher.match({ x }).length);
    expect(held).toEqual([1, 0, 0, 0]);
  });

  test('hold by what counts as true, whatever it is and however it is decorated', () => {
    const some = fc.constantFrom<unknown>(
      0,
      -0,
      1,
      2,
      3,
      2 ** 31,
      -1,
      NaN,
      '',
      '0',
      'no',
      null,
      undefined,
      {},
      [],
      0n,
      1n,
    );
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 6 }), fc.boolean(), (answers, indexed) => {
        const on = (operator: string): Condition => ({ all: [{ fact: 'x', operator, value: 1 }] });
        const rules = ['own', 'not:own', 'someFact:own', 'everyFact:own', 'swap:own'];
        const matcher = compileRules(
          [...(indexed ? padding : []), ...rules.map((name) => ({ name, event, conditions: on(name) }))],
          { operators: { own: (fact) => (typeof fact === 'object' ? answers[0] : answers[Number(fact) || 0]) } },
        );
        for (const [x, answer] of answers.entries()) {
          const expected = [answer ? 'own' : 'not:own', ...(answers[1] ? ['swap:own'] : [])];
          expect(matcher.match({ x }).map(({ name }) => name)).toEqual(expected);
          const list = matcher.match({ x: [x] }).map(({ name }) => name);
          expect(list.includes('someFact:own')).toBe(Boolean(answer));
          expect(list.includes('everyFact:own')).toBe(Boolean(answer));
        }
      }),
    );
  });

  test('are refused where the answer is a promise, which would always count as true', () => {
    const late = { late: async () => Promise.resolve(false) };
    const rules = [{ event, conditions: { all: [{ fact: 'x', operator: 'late', value: 1 }] } }];
    expect(problems(rules, { operators: late })).toEqual([
      'operators.late: must return its answer at once: async functions and generators do not',
    ]);
    const hidden = compileRules(rules, { operators: { late: () => Promise.resolve(false) } });
    expect(() => hidden.match({ x: 1 })).toThrow('The operator "late" returned a promise');
  });

  test('are refused where they are no functions', () => {
    expect(problems([], { operators: { much: 7 as never } })).toEqual([
      'operators.much: must be a function (fact, value) => true or false',
    ]);
  });
});

describe('a matcher that is asked again while it matches', () => {
  const others = (count: number, value: Json): EngineRule[] =>
    Array.from({ length: count }, (_, index): EngineRule => ({
      name: `${index}`,
      event,
      conditions: { all: [{ fact: 'x', operator: 'notEqual', value }] },
    }));

  test('finds all 33 rules, where a fact asks it', () => {
    const matcher = compileRules(others(33, 0));
    let inner = 0;
    const facts = {
      get x(): number {
        inner = matcher.match({ x: 1 }).length;
        return 1;
      },
    };
    expect([matcher.match(facts).length, inner]).toEqual([33, 33]);
  });

  test('finds the same, where an operator asks it', () => {
    let deep = 0;
    const found: number[] = [];
    const matcher: RuleMatcher = compileRules(
      [...others(40, 0), { name: 'own', event, conditions: { all: [{ fact: 'x', operator: 'asking', value: 1 }] } }],
      {
        operators: {
          asking: () => {
            if (++deep < 3) found.push(matcher.match({ x: 0 }).length, matcher.match({ x: 1 }).length);
            deep--;
            return true;
          },
        },
      },
    );
    expect(matcher.match({ x: 1 })).toHaveLength(41);
    expect(found).toEqual([1, 41, 1, 41, 1, 41]);
  });

  test('finds what it finds when asked alone, whatever is asked meanwhile', () => {
    const rules = Array.from({ length: 70 }, (_, index): EngineRule => ({
      name: `${index}`,
      event,
      conditions: {
        all: [
          { fact: 'x', operator: index % 2 ? 'equal' : 'greaterThan', value: index % 5 },
          { fact: 'y', operator: 'asking', value: index % 3 },
        ],
      },
    }));
    const small = fc.nat(6);
    fc.assert(
      fc.property(fc.array(fc.record({ x: small, y: small }), { minLength: 1, maxLength: 4 }), (cases) => {
        let asks = 0;
        const ask = () => (asks > 0 && asks++ < 5 ? cases.map((one) => names(one)) : []);
        const matcher = compileRules(rules, { operators: { asking: (y, v) => (ask(), y !== v) } });
        const names = ({ x, y }: { x: number; y: number }) =>
          matcher.match(Object.defineProperty({ x }, 'y', { get: () => (ask(), y) })).map(({ name }) => name);
        const alone = cases.map((one) => names(one));
        asks = 1;
        expect(cases.map((one) => names(one))).toEqual(alone);
        expect(asks).toBeGreaterThan(1);
      }),
    );
  });

  test('asks nothing for those whom an earlier call that threw had left over', () => {
    const asked: unknown[] = [];
    const rules = [
      { name: 'throws', event, conditions: { all: [{ fact: 'x', operator: 'own', value: 1 }] } },
      ...Array.from({ length: 80 }, (_, index): EngineRule => ({
        name: `${index}`,
        event,
        conditions: {
          all: [
            { fact: 'key', operator: 'equal', value: index },
            { fact: 'x', operator: 'own', value: 2 },
          ],
        },
      })),
    ];
    const own = (fact: unknown, value: unknown) => {
      asked.push(value);
      if (fact === 'throw') throw new RangeError('own');
      return true;
    };
    const matcher = compileRules(rules, { operators: { own } });
    expect(() => matcher.match({ x: 'throw', key: 70 })).toThrow('own');
    asked.length = 0;
    expect(matcher.match({ x: 'fine', key: -1 }).map(({ name }) => name)).toEqual(['throws']);
    expect(asked).toEqual([1]);
  });
});

describe('conditions that go round in circles or down without end', () => {
  const leaf: Condition = { fact: 'x', operator: 'equal', value: 1 };
  const nested = (levels: number, wrap: (inner: Condition) => Condition): Condition =>
    Array.from({ length: levels }).reduce<Condition>((inner) => wrap(inner), leaf);
  const chained = (length: number): Record<string, Condition> =>
    Object.fromEntries(
      Array.from({ length }, (_, index): [string, Condition] => [
        `c${index}`,
        index === length - 1 ? { all: [leaf] } : { condition: `c${index + 1}` },
      ]),
    );

  test.each<[string, (inner: Condition) => Condition]>([
    ['all', (inner) => ({ all: [inner] })],
    ['any', (inner) => ({ any: [leaf, inner] })],
    ['not', (inner) => ({ not: inner })],
  ])('are refused at 3,000 levels of %s, as they are at any number that is too many', (word, wrap) => {
    const message = new RegExp(`^rules\\[0\\].conditions.${word}.{1,110}…: is nested more than 1000 levels deep`);
    for (const levels of [1_000, 3_000, 100_000]) {
      const found = problemsOf(nested(levels, wrap));
      expect(found.length).toBeGreaterThan(0);
      for (const problem of found) expect(problem).toMatch(message);
    }
    const deep = compileRules([{ event, conditions: nested(998, wrap) }]);
    expect(deep.match({ x: 1 })).toHaveLength(1);
  });

  test('are refused where it is the conditions they name that make them too deep, and told once', () => {
    const rules = [{ event, conditions: { condition: 'c0' } }];
    expect(problems(rules, { conditions: chained(3_000) })).toEqual([
      expect.stringMatching(/^conditions.c2000: is nested more than 1000 levels deep; .*counting the conditions/),
    ]);
    const conditions = chained(998);
    expect(compileRules(rules, { conditions }).match({ x: 1 })).toHaveLength(1);
    expect(problems([{ event, conditions: { all: [{ not: { condition: 'c0' } }] } }], { conditions })).toEqual([
      expect.stringMatching(/^rules\[0\].conditions: is nested more than/),
    ]);
  });

  test('are refused where an object contains itself, however broadly', () => {
    const list: Condition[] = [leaf];
    const circle: Condition = { all: list };
    list.push(circle, { any: [circle, { not: circle }] }, circle);
    expect(problemsOf(circle)).toEqual([
      'rules[0].conditions.all[1]: contains itself',
      'rules[0].conditions.all[2].any[0]: contains itself',
      'rules[0].conditions.all[2].any[1].not: contains itself',
      'rules[0].conditions.all[3]: contains itself',
    ]);
    const params: Record<string, unknown> = {};
    params['again'] = params;
    expect(problemsOf({ all: [{ ...leaf, params }] })).toEqual([
      'rules[0].conditions.all[0].params.again: contains itself',
    ]);
  });

  test('are refused in a circle of 1,000, each of them named', () => {
    const conditions: Record<string, Condition> = { ...chained(1_000), c999: { not: { condition: 'c0' } } };
    expect(problems([{ event, conditions: { condition: 'c0' } }], { conditions })).toHaveLength(1_000);
  });

  test('are refused where it is the decorators that have no end', () => {
    expect(problemsOf({ all: [{ ...leaf, operator: `${'not:'.repeat(100_000)}equal` }] })).toEqual([
      'rules[0].conditions.all[0].operator: has more than 1000 decorators',
    ]);
  });

  test('may be used twice side by side', () => {
    expect(problemsOf({ all: [leaf, leaf, { any: [leaf] }] })).toEqual([]);
  });
});

describe('operators that throw where they are asked too early', () => {
  const operators = {
    positive: (fact: unknown) => {
      if (typeof fact !== 'number') throw new RangeError('no number');
      return fact > 0;
    },
  };
  const guard: Condition = { fact: 'known', operator: 'equal', value: true, priority: 10 };
  const guarded: Condition = { fact: 'x', operator: 'positive', value: 0 };

  test.each<[string, Condition]>([
    ['all', { all: [guarded, guard] }],
    ['any, negated', { not: { any: [{ not: guarded }, { not: guard, priority: 3 }] } }],
    ['a part of it', { all: [{ any: [guarded] }, { all: [guard], priority: 2 }] }],
    ['a named condition', { all: [{ condition: 'inner' }, guard] }],
    ['a decorated operator', { all: [{ fact: 'x', operator: 'not:not:positive', value: 0 }, guard] }],
    ['a condition whose own priority is lower still', { all: [{ ...guarded, priority: 9 }, guard] }],
  ])('are not asked behind a guard of higher priority, in %s', (_where, conditions) => {
    const named = { inner: { any: [guarded] } };
    for (const more of [[], padding, [...padding, ...padding, ...padding]]) {
      const matcher = compileRules([{ name: 'guarded', event, conditions }, ...more], { operators, conditions: named });
      const found = [{ known: false }, { known: true, x: 3 }, { known: true, x: -3 }, {}].map((facts) =>
        matcher.match(facts).map(({ name }) => name),
      );
      expect(found).toEqual([[], ['guarded'], [], []]);
      expect(() => matcher.match({ known: true, x: 'text' })).toThrow('no number');
    }
  });

  test('never throw where they do not in json-rules-engine, and are answered the same', async () => {
    const seen = { same: 0, threw: 0 };
    const leaf = fc.record(
      {
        fact: fc.constantFrom('x', 'y', 'z'),
        operator: fc.constantFrom('positive', 'not:positive', 'equal', 'notEqual', 'greaterThan'),
        value: fc.constantFrom<Json>(0, 1, 'text'),
        priority: fc.integer({ min: 1, max: 4 }),
      },
      { requiredKeys: ['fact', 'operator', 'value'], noNullPrototype: true },
    );
    const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
      const priority = fc.option(fc.integer({ min: 1, max: 4 }), { nil: 1 });
      const several = fc.array(tie('condition'), { minLength: 1, maxLength: 4 });
      return {
        condition: fc.oneof(
          { maxDepth: 3, withCrossShrink: true },
          leaf,
          fc.tuple(several, priority).map(([all, rank]): Condition => ({ all, priority: rank })),
          fc.tuple(several, priority).map(([any, rank]): Condition => ({ any, priority: rank })),
          fc.tuple(tie('condition'), priority).map(([not, rank]): Condition => ({ not, priority: rank })),
        ),
      };
    });
    const value = fc.constantFrom<Json>(0, 1, 2, -1, 'text');
    const factsOf = fc.record({ x: value, y: value, z: value }, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(condition, factsOf, async (inner, facts) => {
        const conditions: Condition = { all: [inner] };
        const engine = new Engine([{ conditions: structuredClone(conditions) as TopLevelCondition, event }]);
        engine.addOperator('positive', operators.positive);
        const theirs = await engine.run(facts).catch(() => undefined);
        seen[theirs ? 'same' : 'threw']++;
        const rules = [{ event, conditions }, ...padding, ...padding];
        if (theirs) expect(compileRules(rules, { operators }).match(facts)).toHaveLength(theirs.events.length);
      }),
      { numRuns: 500 },
    );
    expect(Math.min(seen.same, seen.threw)).toBeGreaterThan(50);
  });
});

describe('rules that are wrong', () => {
  test('are refused with every problem and its place', () => {
    const rules = [
      {
        name: 'first',
        event,
        conditions: {
          all: [
            { fact: 'x', operator: 'greaterThen', value: 1 },
            { fact: 'x', operator: 'in', value: 5 },
          ],
        },
        priority: 0,
      },
      { event: {}, conditions: { fact: 'x', operator: 'equal', value: 1 } },
      null,
    ];
    expect(problems(rules)).toEqual([
      'rules[0] (first).priority: must be a whole number of at least 1',
      'rules[0] (first).conditions.all[0].operator: there is no operator "greaterThen"',
      'rules[0] (first).conditions.all[1].value: must be a list for the operator in',
      'rules[1].event: must be an object with a "type"',
      'rules[1].conditions: must be an object with "all", "any", "not" or "condition"',
      'rules[2]: must be an object',
    ]);
    expect(() => compileRules(rules as EngineRule[])).toThrow(/^The rules have 6 problems:\nrules\[0\]/);
  });

  test.each([0, -1, 1.5, NaN, Infinity, '2', null])('have a priority of %p', (priority) => {
    expect(problems([{ event, conditions: { all: [] }, priority }])).toEqual([
      'rules[0].priority: must be a whole number of at least 1',
    ]);
  });

  test.each(['greaterThen', 'every:equal', 'not:', ':equal', 'not:toString', 'constructor', '', 3, null])(
    'name the operator %p',
    (operator) => {
      expect(problemsOf({ all: [{ fact: 'x', operator, value: 1 }] })).toEqual([
        `rules[0].conditions.all[0].operator: there is no operator ${JSON.stringify(operator)}`,
      ]);
    },
  );

  test.each([
    'in',
    'notIn',
    'not:in',
    'someFact:in',
    'someValue:equal',
    'not:everyValue:equal',
    'swap:swap:in',
    'someValue:swap:equal',
    'swap:someFact:swap:notIn',
  ])('give %s no list', (operator) => {
    expect(problemsOf({ all: [{ fact: 'x', operator, value: 3 }] })).toEqual([
      `rules[0].conditions.all[0].value: must be a list for the operator ${operator}`,
    ]);
    expect(problemsOf({ all: [{ fact: 'x', operator, value: [3] }] })).toEqual([]);
    expect(problemsOf({ all: [{ fact: 'x', operator, value: { fact: 'list' } }] })).toEqual([]);
  });

  test('give a text where only a list will do; in and notIn look into texts too', () => {
    expect(problemsOf({ all: [{ fact: 'x', operator: 'someValue:equal', value: 'text' }] })).toHaveLength(1);
    expect(problemsOf({ all: [{ fact: 'x', operator: 'in', value: 'text' }] })).toEqual([]);
    expect(problemsOf({ all: [{ fact: 'x', operator: 'swap:in', value: 'text' }] })).toEqual([]);
    expect(problemsOf({ all: [{ fact: 'x', operator: 'swap:someValue:equal', value: 3 }] })).toEqual([]);
  });

  test.each([
    [{ all: [], any: [] }, 'has all and any; only one of them counts, so write each as a condition of its own'],
    [
      { not: { all: [] }, all: [] },
      'has all and not; only one of them counts, so write each as a condition of its own',
    ],
    [
      { any: [], condition: 'known' },
      'has any and condition; only one of them counts, so write each as a condition of its own',
    ],
  ])('say several things at once: %j', (conditions, message) => {
    expect(problemsOf(conditions, { conditions: { known: { all: [] } } })).toEqual([`rules[0].conditions: ${message}`]);
    expect(problemsOf({ all: [conditions] }, { conditions: { known: { all: [] } } })).toEqual([
      `rules[0].conditions.all[0]: ${message}`,
    ]);
  });

  test.each([
    ['all', 'x'],
    ['any', {}],
    ['all', undefined],
  ])('have in place of the list of %s %j', (word, inner) => {
    expect(problemsOf({ [word]: inner })).toEqual([`rules[0].conditions.${word}: must be a list`]);
  });

  test.each([[[]], ['x'], [null], [undefined], [7]])('have in place of a condition %j', (inner) => {
    expect(problemsOf({ not: inner })).toEqual(['rules[0].conditions.not: must be an object']);
    expect(problemsOf({ all: [{ any: [inner] }] })).toEqual(['rules[0].conditions.all[0].any[0]: must be an object']);
    expect(problemsOf(inner)).toEqual([
      'rules[0].conditions: must be an object with "all", "any", "not" or "condition"',
    ]);
  });

  test('compare nothing, or with nothing', () => {
    expect(
      problemsOf({
        all: [
          { operator: 'equal', value: 1 },
          { fact: '', operator: 'equal', value: 1 },
          { fact: 'x', operator: 'equal' },
          { fact: 'x', operator: 'equal', value: { fact: 3 } },
        ],
      }),
    ).toEqual([
      'rules[0].conditions.all[0].fact: must be the name of a fact',
      'rules[0].conditions.all[1].fact: must be the name of a fact',
      'rules[0].conditions.all[2]: has no "value"',
      'rules[0].conditions.all[3].value.fact: must be the name of a fact',
    ]);
  });

  test.each<[unknown, string]>([
    ['$..[?(@.a)]', '"[?(" is a filter or a script'],
    ['$[(@.length-1)]', '"[(" is a filter or a script'],
    ['$.a^', '"^" leads to the parent'],
    ["$['a','b']", '"," joins several names'],
    ['$.a.', 'it ends with "."'],
    ['$a', 'after "$" comes "a"; write "$.a"'],
    ['..', 'it begins with "."'],
    ['.name', 'it begins with "."; write "$.name"'],
    ['[0]', 'it begins with "["; write "$[0]"'],
    [7, 'must be a text such as "$.city"; got 7'],
    [null, 'must be a text such as "$.city"; got null'],
  ])('follow the path %p, on either side', (path, why) => {
    const message = typeof path === 'string' ? `the path ${JSON.stringify(path)} can't be used: ${why}` : why;
    const [left] = problemsOf({ all: [{ fact: 'x', path, operator: 'equal', value: 1 }] });
    const [right] = problemsOf({ all: [{ fact: 'x', operator: 'equal', value: { fact: 'y', path } }] });
    expect(left?.startsWith(`rules[0].conditions.all[0].path: ${message}`)).toBe(true);
    expect(right?.startsWith(`rules[0].conditions.all[0].value.path: ${message}`)).toBe(true);
  });

  test('use conditions that are not there, such as what objects inherit', () => {
    expect(
      problemsOf({ all: [{ condition: 'unknown' }, { not: { condition: 'toString' } }, { condition: 5 }] }),
    ).toEqual([
      'rules[0].conditions.all[0].condition: there is no condition "unknown"',
      'rules[0].conditions.all[1].not.condition: there is no condition "toString"',
      'rules[0].conditions.all[2].condition: there is no condition 5',
    ]);
  });

  test('use conditions that are wrong themselves', () => {
    const conditions = {
      bare: { fact: 'x', operator: 'equal', value: 1 },
      none: null,
      deep: { all: [{ any: [{ condition: 'gone' }] }] },
    } as unknown as Record<string, Condition>;
    expect(problems([], { conditions })).toEqual([
      'conditions.bare: must be an object with "all", "any", "not" or "condition"',
      'conditions.none: must be an object with "all", "any", "not" or "condition"',
      'conditions.deep.all[0].any[0].condition: there is no condition "gone"',
    ]);
  });

  test('use conditions that lead back to themselves, at once or by a detour', () => {
    const conditions = {
      a: { any: [{ condition: 'b' }] },
      b: { not: { condition: 'c' } },
      c: { all: [{ condition: 'a' }] },
      self: { condition: 'self' },
      outside: { condition: 'a' },
    };
    expect(problems([], { conditions })).toEqual(
      ['a', 'b', 'c', 'self'].map((name) => `conditions.${name}: leads back to itself`),
    );
  });
});

/** Changes whatever can be changed, all the way down. */
function spoil(data: object): void {
  for (const [name, inner] of Object.entries(data)) {
    if (typeof inner === 'object' && inner !== null) spoil(inner as object);
    Object.assign(data, { [name]: 'spoilt' });
  }
  Object.assign(data, { added: true });
}
