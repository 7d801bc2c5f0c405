import { describe, expect, test } from '@jest/globals';
import { shelf, type RuleTold, type ShelfTold } from '../../test/shelf.js';
import type { Comparison, Condition } from '../engine/language/condition-definition.js';
import type { Json } from '../engine/language/json.js';
import type { Proof, Seen } from './logic/proof.js';
import { prove } from './prove.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');

function proofs(told: ShelfTold, seen?: Seen): Proof[] {
  return prove({ ...shelf(told), now: NOW, ...(seen && { seen }) });
}

/** The warnings, told shortly: `kind kind/id`. */
function warnings(told: ShelfTold, seen?: Seen): string[] {
  return proofs(told, seen)
    .filter(({ severity }) => severity === 'warning')
    .map(({ kind, at }) => `${kind} ${at.kind}/${at.id}`);
}

const of =
  (fact: string, path?: string) =>
  (operator: string, value: Json): Comparison => ({ fact, operator, value, ...(path !== undefined && { path }) });
const age = of('profile', '$.age');
const tags = of('profile', '$.tags');
const now = (path: string) => of('now', `$.${path}`);
const count = (operator: string, value: Json, params: Record<string, Json> = {}): Comparison => ({
  fact: 'interactions',
  params: { event: 'Bought', ...params },
  operator,
  value,
});

describe('a condition that never holds is claimed', () => {
  test.each<[string, readonly Condition[]]>([
    ['bounds that exclude each other', [age('greaterThan', 60), age('lessThan', 18)]],
    ['bounds that touch without the point', [age('greaterThan', 18), age('lessThanInclusive', 18)]],
    ['two different values', [age('equal', 1), age('equal', 2)]],
    ['a number and the text of it', [age('equal', 1), age('equal', '1')]],
    ['a value and its opposite', [age('equal', 1), age('notEqual', 1)]],
    ['a value that is in no list', [age('in', [1, 2]), age('in', [3])]],
    ['a value that the list leaves out', [age('in', [1, 2]), age('notIn', [1, 2, 3])]],
    ['an empty list', [age('in', [])]],
    ['the same place written differently', [age('greaterThan', 5), of('profile', "$['age']")('lessThan', 5)]],
    ['a list compared as a whole, which is equal to none', [tags('equal', ['a'])]],
    ['in a list and not in it', [tags('contains', 'a'), tags('doesNotContain', 'a')]],
    ['not in a list by another word', [tags('contains', 'a'), tags('not:contains', 'a')]],
    ['something that not every element is', [tags('contains', 1), tags('everyFact:greaterThan', 5)]],
    ['an element that is too small and too large', [tags('someFact:lessThan', 3), tags('everyFact:greaterThan', 5)]],
    ['a list that is a text', [tags('contains', 'a'), tags('equal', 'a')]],
    ['a text that is no number', [age('equal', 'old'), age('greaterThan', 5)]],
    ['dates that exclude each other', [age('greaterThan', '2026-12-01'), age('lessThan', '2026-11-01')]],
    ['bounds beside something that may be', [age('notEqual', 7), age('greaterThan', 5), age('lessThan', 4)]],
    ['a count below none', [count('lessThan', 0)]],
    ['a count between two whole numbers', [count('greaterThan', 2), count('lessThan', 3)]],
    ['a count that is not whole', [count('equal', 1.5)]],
    [
      'the same count of the same window, written in weeks',
      [count('greaterThan', 2, { within: '7d' }), count('lessThan', 2, { within: '1w' })],
    ],
    [
      'more in a week than in a month',
      [count('greaterThanInclusive', 5, { within: '7d' }), count('lessThan', 3, { within: '30d' })],
    ],
    ['more of some than of all', [count('greaterThan', 3, { where: { a: 1 } }), count('equal', 0)]],
    [
      'a latest one of none',
      [count('lessThan', 10, { aggregate: 'secondsSinceLast' }), count('equal', 0, { within: '1h' })],
    ],
    [
      'more in a month than in a life',
      [count('greaterThan', 3, { within: '30d' }), count('lessThan', 3, { within: 'lifetime' })],
    ],
    ['an hour of no clock', [now('hour')('greaterThan', 23)]],
    ['a weekday with a capital letter', [now('weekday')('equal', 'Monday')]],
    ['a time of no day', [now('time')('greaterThan', '23:59')]],
    ['a month as text', [now('month')('equal', '11')]],
    ['two beginnings', [age('startsWith', 'ab'), age('startsWith', 'b')]],
    ['a beginning and not the beginning of that', [age('startsWith', 'ab'), age('not:startsWith', 'a')]],
    ['two ends', [age('endsWith', '.de'), age('endsWith', '.com')]],
    ['a number that ends with a text', [count('endsWith', '1')]],
    ['a list that starts with a text', [tags('startsWith', 'a'), tags('contains', 'a')]],
    ['versions that exclude each other', [age('semver:lessThan', '2.10'), age('semver:greaterThan', '10.2.0')]],
    ['a version and not it, by the order', [age('semver:equal', '2.0'), age('not:semver:lessThanInclusive', 'v2')]],
    ['a version that is a number', [count('semver:greaterThan', '1.0.0')]],
    ['a date to come that is long past', [age('withinNext', '30d'), age('before', 'now-30d')]],
    ['a date of last month to come', [age('during', 'last month'), age('after', 'now+1w')]],
    ['dates that exclude each other, as dates', [age('after', '2026-12-24'), age('before', '2026-11-20')]],
    ['true as a date', [age('equal', true), age('before', 'today')]],
    ['a text that is no date', [age('equal', 'soon'), age('withinNext', '30d')]],
    [
      'more today than this month',
      [count('greaterThan', 2, { during: 'today' }), count('lessThan', 2, { during: 'this month' })],
    ],
    [
      'more today than in three days',
      [count('greaterThan', 2, { during: 'today' }), count('lessThan', 2, { within: '3d' })],
    ],
    ["nobody's share", [{ fact: 'share', params: { salt: 'a' }, operator: 'lessThan', value: 0 }]],
    ['all of any', [{ any: [age('equal', 1), age('equal', 2)] }, age('greaterThan', 5)]],
    [
      'what does not hold for any of two',
      [age('equal', 1), { not: { any: [age('equal', 1), tags('contains', 'x')] } }],
    ],
    ['a segment and its negation', [{ condition: 'young' }, { not: { condition: 'young' } }]],
    ['a segment that says the opposite', [{ condition: 'young' }, age('greaterThan', 50)]],
    [
      'a segment and the list of segments without it',
      [{ condition: 'young' }, of('segments')('not:contains', 'young')],
    ],
    [
      'the same two facts compared, and not',
      [
        of('profile', '$.a')('equal', { fact: 'profile', path: '$.b' }),
        { not: of('profile', '$.a')('equal', { fact: 'profile', path: '$.b' }) },
      ],
    ],
    ['a placement that the rule does not speak for', [of('context', '$.placement')('equal', 'elsewhere')]],
  ])('%s', (_name, when) => {
    expect(warnings({ segments: { young: [age('lessThan', 30)] }, rules: { r: { when } } })).toEqual([
      'never-holds rules/r',
    ]);
  });

  test('with the parts that exclude each other, and where the first of them stands', () => {
    const [proof] = proofs({
      rules: { r: { when: [tags('contains', 'a'), age('greaterThan', 60), age('lessThan', 18)] } },
    });
    expect(proof).toMatchObject({
      at: { path: ['conditions', 'all', 1] },
      message: 'this rule can never hold: profile.age greaterThan 60 and profile.age lessThan 18 exclude each other',
    });
  });

  test('of a segment, and of the rules that need it', () => {
    expect(
      warnings({
        segments: { none: [age('greaterThan', 60), age('lessThan', 18)] },
        rules: { r: { when: [{ condition: 'none' }] } },
      }),
    ).toEqual(['never-holds segments/none', 'never-holds rules/r']);
  });

  test('of a part of any, once for all of the part', () => {
    const told = {
      rules: {
        r: { when: { any: [tags('contains', 'a'), { all: [age('greaterThan', 60), { any: [age('equal', 3)] }] }] } },
      },
    };
    expect(proofs(told).filter(({ severity }) => severity === 'warning')).toMatchObject([
      { kind: 'never-holds', at: { path: ['conditions', 'any', 1] } },
    ]);
  });

  test('of a where that no interaction satisfies', () => {
    const where = {
      all: [
        { fact: 'now', operator: 'greaterThan', value: 5 },
        { fact: 'now', operator: 'lessThan', value: 3 },
      ],
    } as unknown as Json;
    expect(warnings({ rules: { r: { when: [count('greaterThan', 0, { where })] } } })).toEqual(['never-holds rules/r']);
  });

  test.each<[string, string, Json]>([
    ['month', 'equal', 3],
    ['date', 'greaterThan', '2026-12-25'],
    ['year', 'notEqual', 2026],
    ['timestamp', 'lessThan', '2026-10-31'],
  ])('of a %s outside of the schedule', (part, operator, value) => {
    expect(
      warnings({
        rules: { r: { schedule: { from: '2026-11-01', until: '2026-12-01' }, when: [now(part)(operator, value)] } },
      }),
    ).toEqual(['never-holds rules/r']);
  });

  test('not of a day that has begun where clocks are ahead of UTC', () => {
    expect(
      warnings({
        rules: {
          r: {
            schedule: { from: '2026-11-01', until: '2026-12-01' },
            when: [now('month')('equal', 12), now('date')('equal', '2026-12-01')],
          },
        },
      }),
    ).toEqual([]);
  });

  test('of a channel that the rule does not speak in', () => {
    expect(
      warnings({ rules: { r: { channels: ['app'], when: [of('context', '$.channel')('equal', 'web')] } } }),
    ).toEqual(['never-holds rules/r']);
  });
});

describe('a condition that may hold is not', () => {
  test.each<[string, readonly Condition[]]>([
    ['a day, which is in the next and in the last', [age('withinNext', '1h'), age('withinLast', '1h')]],
    ['a date that is named', [age('equal', '2026-12-24'), age('during', 'this week')]],
    ['a date that is a number', [age('equal', 1798102800), age('not:before', 'today')]],
    ['dates in a list', [tags('someFact:withinNext', '30d'), tags('someFact:before', 'now-1w')]],
    [
      'no version, which is not older either',
      [age('not:semver:lessThan', '1.0'), age('not:semver:greaterThan', '1.0')],
    ],
    ['a longer beginning', [age('startsWith', 'ab'), age('startsWith', 'a'), age('not:startsWith', 'abc')]],
    ['whatever is written in capitals', [age('equal', 'A'), age('ignoreCase:equal', 'a')]],
    [
      'less today than yesterday',
      [count('equal', 0, { during: 'today' }), count('greaterThan', 2, { during: 'yesterday' })],
    ],
    [
      'more this year than this week',
      [count('equal', 0, { during: 'this week' }), count('equal', 2, { during: 'this year' })],
    ],
    ['bounds around one point', [age('greaterThanInclusive', 18), age('lessThanInclusive', 18)]],
    ['a text that is compared as a number', [age('equal', '20'), age('greaterThan', 18)]],
    [
      'a list of one number, which is compared as that',
      [age('notEqual', 20), age('greaterThan', 18), tags('contains', 20)],
    ],
    ['a list with two elements', [tags('contains', 'a'), tags('contains', 'b')]],
    [
      'an element that is too small beside one that is too large',
      [tags('someFact:lessThan', 3), tags('someFact:greaterThan', 5)],
    ],
    ['an empty list, of which everything is true', [tags('everyFact:greaterThan', 5), tags('everyFact:lessThan', 3)]],
    [
      'what is missing',
      [age('notEqual', 1), age('notIn', [2, 3]), age('not:greaterThan', 5), age('not:lessThanInclusive', 5)],
    ],
    [
      'a latest one of so long ago',
      [count('greaterThan', 4_000, { aggregate: 'secondsSinceLast' }), count('equal', 0, { within: '1h' })],
    ],
    [
      'fewer in a week than in a month',
      [count('lessThan', 2, { within: '7d' }), count('greaterThan', 5, { within: '30d' })],
    ],
    ['of another event', [count('equal', 0), count('greaterThan', 5, { event: 'Viewed' })]],
    ['of another channel', [count('equal', 0, { channel: 'web' }), count('greaterThan', 5, { channel: 'app' })]],
    ['a trait and another', [age('equal', 1), of('profile', '$.years')('equal', 2)]],
    ['a part of a text', [age('in', 'abc'), age('notEqual', 'abc')]],
    ['texts with a number before them', [age('greaterThan', '10'), age('lessThan', '9')]],
    [
      'facts compared both ways',
      [
        of('profile', '$.a')('lessThan', { fact: 'profile', path: '$.b' }),
        of('profile', '$.b')('lessThan', { fact: 'profile', path: '$.a' }),
      ],
    ],
    ['a number too large for JSON, which is not null', [age('equal', Infinity), age('notEqual', null)]],
    ['nothing at all', []],
  ])('%s', (_name, when) => {
    expect(warnings({ rules: { r: { when } } })).toEqual([]);
  });

  test('beyond what may be spent on it', () => {
    const { definitions, rulebook } = shelf({ rules: { r: { when: [age('greaterThan', 60), age('lessThan', 18)] } } });
    expect(prove({ definitions, rulebook, now: NOW, steps: 0 })).toMatchObject([
      { kind: 'fallback-only' },
      { kind: 'budget', severity: 'note' },
    ]);
  });

  test('in drafts', () => {
    expect(warnings({ rules: { r: {}, draft: { when: [age('in', [])], status: 'draft' } } })).toEqual([]);
  });
});

describe('a part that always holds', () => {
  test('is noted', () => {
    expect(proofs({ rules: { r: { when: [count('greaterThanInclusive', 0), age('equal', 1)] } } })[0]).toMatchObject({
      kind: 'always-holds',
      severity: 'note',
      at: { path: ['conditions', 'all', 0] },
    });
  });

  test('is not noted where something may be missing', () => {
    expect(
      proofs({
        rules: {
          r: {
            when: [
              age('greaterThanInclusive', 0),
              count('greaterThanInclusive', 0, { aggregate: 'max', property: 'n' }),
            ],
          },
        },
      }).map(({ kind }) => kind),
    ).not.toContain('always-holds');
  });
});

describe('a rule that never wins with its offer', () => {
  test('as nobody for whom it holds is eligible', () => {
    const found = proofs({
      offers: { one: { eligibility: { all: [tags('contains', 'x'), age('lessThan', 18)] } } },
      rules: { r: { when: [age('greaterThan', 60)] } },
    });
    expect(found[0]).toMatchObject({
      kind: 'never-wins',
      at: { kind: 'rules', id: 'r' },
      others: [{ kind: 'offers', id: 'one' }],
    });
    expect(found[0]?.message).toContain('profile.age greaterThan 60 and profile.age lessThan 18 exclude each other');
    expect(found[1]).toMatchObject({ kind: 'offer-never-wins', severity: 'note', at: { id: 'one' } });
  });

  test('as their schedules have no time in common', () => {
    expect(
      warnings({
        offers: { one: { schedule: { until: '2026-12-01' } } },
        rules: { r: { schedule: { from: '2026-12-01' } } },
      }),
    ).toEqual(['never-wins rules/r']);
    expect(
      warnings({
        offers: { one: { schedule: { until: '2026-12-01' } } },
        rules: { r: { schedule: { from: '2026-11-30' } } },
      }),
    ).toEqual([]);
  });

  test('is told with the offer where nobody is eligible at all', () => {
    expect(warnings({ offers: { one: { eligibility: { all: [age('in', [])] } } }, rules: { r: {} } })).toEqual([
      'never-holds offers/one',
    ]);
  });
});

describe('a rule that others shadow for every visitor', () => {
  const shadowedBy = (first: RuleTold, second: RuleTold = {}, more: Omit<ShelfTold, 'rules'> = {}): string[] =>
    warnings({
      ...more,
      rules: {
        first: { priority: 9, offer: 'one', ...first },
        second: { priority: 5, offer: 'two', when: [age('greaterThan', 60)], ...second },
      },
    });

  test('is claimed, with the two rules', () => {
    const [proof] = proofs({
      rules: {
        first: { priority: 9, when: [age('greaterThan', 18)] },
        second: { priority: 5, offer: 'two', when: [age('greaterThan', 60), tags('contains', 'x')] },
      },
    });
    expect(proof).toMatchObject({
      kind: 'shadowed',
      at: { id: 'second' },
      others: [{ kind: 'rules', id: 'first' }],
      message: 'this rule can never win: it holds only where "first" does too, which always comes before it in home',
    });
  });

  test.each<[string, RuleTold, RuleTold, Omit<ShelfTold, 'rules'>]>([
    ['by one that always holds', {}, {}, {}],
    [
      'by one of the same offer, though that has gates',
      { offer: 'two' },
      {},
      { offers: { two: { eligibility: { all: [tags('contains', 'x')] }, consent: 'ads' } } },
    ],
    [
      'by one whose offer asks for what this asks for',
      {},
      {},
      { offers: { one: { eligibility: { all: [age('greaterThan', 50)] } } } },
    ],
    [
      'by one whose offer asks for what the offer of this asks for',
      {},
      {},
      {
        offers: {
          one: { eligibility: { all: [tags('contains', 'x')] } },
          two: { eligibility: { all: [tags('contains', 'x')] } },
        },
      },
    ],
    [
      'by one whose offer needs the same consent',
      {},
      {},
      { offers: { one: { consent: 'ads' }, two: { consent: 'ads' } } },
    ],
    ['by one of the same priority whose offer has the earlier id', { priority: 5 }, {}, {}],
    [
      'by one that is in force longer',
      { schedule: { from: '2026-10-01' } },
      { schedule: { from: '2026-11-01', until: '2026-12-01' } },
      {},
    ],
    ['by one that speaks in more channels', { channels: ['web', 'app'] }, { channels: ['app'] }, {}],
    [
      'by one with content for its channels',
      {},
      { channels: ['web'] },
      { offers: { one: { treatments: { web: { content: {} } } } } },
    ],
    [
      'by a segment that says less',
      { when: [{ condition: 'adult' }] },
      {},
      { segments: { adult: [age('greaterThan', 18)] } },
    ],
    ['in each of its placements', { placements: ['home', 'away'] }, { placements: ['home', 'away'] }, {}],
    [
      'where repeated offers are avoided that nobody else shows',
      {},
      {},
      { placements: { home: { dedupe: 'x' }, away: { dedupe: 'x' } } },
    ],
  ])('%s', (_name, first, second, more) => {
    expect(shadowedBy(first, second, more)).toContain('shadowed rules/second');
  });

  test.each<[string, RuleTold, RuleTold, Omit<ShelfTold, 'rules'>]>([
    ['by one that does not hold for all of them', { when: [age('greaterThan', 61)] }, {}, {}],
    ['by one that holds for another reason', { when: [tags('contains', 'x')] }, {}, {}],
    [
      'by one whose offer is not for everybody',
      {},
      {},
      { offers: { one: { eligibility: { all: [tags('contains', 'x')] } } } },
    ],
    ['by one whose offer needs consent', {}, {}, { offers: { one: { consent: 'ads' } } }],
    ['by one whose offer is capped', {}, {}, { offers: { one: { caps: [{ event: 'shown', limit: 3 }] } } }],
    ['by one whose offer has a stock', {}, {}, { offers: { one: { stock: {} } } }],
    ['by one that another channel may lease', {}, {}, { placements: { home: { lease: { minutes: 5 } } } }],
    ['by one whose offer is out of season', {}, {}, { offers: { one: { schedule: { from: '2026-11-01' } } } }],
    [
      'by one whose texts may lack a value',
      {},
      {},
      { offers: { one: { treatments: { '*': { content: { title: '{{ profile.name }}' } } } } } },
    ],
    ['by one without content in some channel', {}, {}, { offers: { one: { treatments: { web: { content: {} } } } } }],
    ['by one of the same priority whose offer has the later id', { priority: 5, offer: 'zero' }, {}, {}],
    ['by one that ends earlier', { schedule: { until: '2026-12-01' } }, {}, {}],
    ['by one that speaks in other channels', { channels: ['web'] }, { channels: ['web', 'app'] }, {}],
    [
      'by one that reads the visitor, who may not be read',
      { when: [{ any: [age('equal', 1), of('context', '$.x')('equal', 1)] }] },
      { when: [of('context', '$.x')('equal', 1)] },
      {},
    ],
    ['in one of its placements only', { placements: ['home'] }, { placements: ['home', 'away'] }, {}],
    [
      'where the first offer may be shown elsewhere',
      {},
      {},
      { placements: { home: { dedupe: 'x' }, away: { dedupe: 'x', fallback: 'one' } } },
    ],
    ['where there is a place for both', {}, {}, { placements: { home: { count: 2 } } }],
    ['by one that is paused', { status: 'paused' }, {}, {}],
  ])('not %s', (_name, first, second, more) => {
    expect(shadowedBy(first, second, more)).not.toContain('shadowed rules/second');
  });

  test('by several that cover it together, without those that are not needed', () => {
    const rules = {
      young: { when: [age('lessThan', 65)], priority: 9 },
      other: { when: [tags('contains', 'x')], priority: 8, offer: 'three' },
      old: { when: [age('greaterThan', 60)], priority: 7, offer: 'four' },
      all: { when: [age('greaterThan', 0)], priority: 5, offer: 'two' },
    };
    const [proof] = proofs({ rules });
    expect(proof).toMatchObject({ kind: 'shadowed', at: { id: 'all' }, others: [{ id: 'young' }, { id: 'old' }] });
  });

  test('by as many as there are places', () => {
    const rules = (count: number) => ({
      ...Object.fromEntries(Array.from({ length: count }, (_, n) => [`first${n}`, { priority: 9, offer: `o${n}` }])),
      last: { offer: 'last' },
    });
    const placements = { home: { count: 3 } };
    expect(warnings({ placements, rules: rules(3) })).toEqual(['shadowed rules/last']);
    expect(warnings({ placements, rules: rules(2) })).toEqual([]);
  });

  test('by its group, where that has its share', () => {
    const told = (group: string): ShelfTold => ({
      placements: { home: { count: 3, maxPerGroup: 1 } },
      offers: { one: { group: 'a' }, two: { group } },
      rules: { first: { priority: 9 }, second: { offer: 'two' } },
    });
    expect(warnings(told('a'))).toEqual(['shadowed rules/second']);
    expect(warnings(told('b'))).toEqual([]);
  });
});

describe('a placement by score', () => {
  const placements = { home: { arbitration: 'score' as const } };

  test('has no rule that others of a higher priority shadow, as scores decide', () => {
    const rules = {
      first: { priority: 9, offer: 'one' },
      second: { priority: 5, offer: 'two', when: [age('greaterThan', 60)] },
    };
    expect([warnings({ rules }), warnings({ rules, placements })]).toEqual([['shadowed rules/second'], []]);
  });

  test('has a rule shadowed by one of the same offer that weighs as much or more', () => {
    const told = (first: RuleTold, score = {}): ShelfTold => ({
      placements: { home: { ...placements.home, score } },
      rules: { first: { priority: 9, ...first }, second: { priority: 5, weight: 2, when: [age('greaterThan', 60)] } },
    });
    expect(warnings(told({ weight: 2 }))).toEqual(['shadowed rules/second']);
    expect(warnings(told({ weight: 3 }))).toEqual(['shadowed rules/second']);
    expect(warnings(told({ weight: 1 }))).toEqual([]);
    expect(warnings(told({ weight: 1 }, { weight: false }))).toEqual(['shadowed rules/second']);
  });

  test('has no schedules that overlap, as equal priorities decide nothing', () => {
    const schedule = { from: '2026-11-01', until: '2026-12-01' };
    const rules = {
      first: { schedule, when: [tags('contains', 'a')] },
      second: { offer: 'two', schedule, when: [tags('contains', 'b')] },
    };
    const kinds = (told: ShelfTold) => proofs(told).map(({ kind }) => kind);
    expect([kinds({ rules }), kinds({ rules, placements })]).toEqual([
      expect.arrayContaining(['overlap']),
      expect.not.arrayContaining(['overlap']),
    ]);
  });
});

describe('an offer in vain', () => {
  test('is claimed where nothing names it', () => {
    expect(warnings({ offers: { lonely: {} }, rules: { r: {} } })).toEqual(['offer-unused offers/lonely']);
  });

  test('is noted where only what is not live names it', () => {
    const found = proofs({ rules: { r: {}, resting: { offer: 'two', status: 'paused' } } });
    expect(found).toContainEqual(
      expect.objectContaining({ kind: 'offer-unused', severity: 'note', at: { kind: 'offers', id: 'two', path: [] } }),
    );
  });

  test('is not claimed where a placement falls back on it, or it is paused itself', () => {
    expect(
      warnings({
        placements: { home: { fallback: 'welcome' } },
        offers: { paused: { status: 'paused' } },
        rules: { r: {} },
      }),
    ).toEqual([]);
  });

  test('is claimed when it is over, or when all of its rules are', () => {
    expect(warnings({ offers: { one: { schedule: { until: '2026-11-21' } } }, rules: { r: {} } })).toEqual([
      'offer-never-wins offers/one',
    ]);
    expect(warnings({ rules: { r: { schedule: { until: '2026-11-21' } } } })).toEqual(['offer-never-wins offers/one']);
    expect(warnings({ rules: { r: { schedule: { until: '2026-11-21' }, priority: 9 }, other: {} } })).toEqual([]);
  });
});

describe('a placement in which somebody gets nothing but the fallback', () => {
  const noted = (told: ShelfTold) => proofs(told).filter(({ kind }) => kind === 'fallback-only');

  test('is noted with the stranger', () => {
    expect(
      noted({ placements: { home: { fallback: 'welcome' } }, rules: { r: { when: [age('greaterThan', 3)] } } }),
    ).toMatchObject([
      {
        severity: 'note',
        at: { kind: 'placements', id: 'home' },
        message: 'the visitor {} gets nothing but the fallback',
      },
    ]);
  });

  test('is noted with somebody made up, where the stranger gets more', () => {
    const [proof] = noted({ rules: { r: { when: [age('notEqual', 3)] } } });
    expect(proof).toMatchObject({ witness: { visitor: { traits: { age: 3 } }, request: { placements: ['home'] } } });
  });

  test('is not noted where they would have waited for longer than there are dates', () => {
    const waited = of('support', '$.openSeconds');
    const witnesses = (seconds: number) => noted({ rules: { r: { when: [waited('notEqual', seconds)] } } });
    expect(witnesses(60)).toMatchObject([{ witness: { visitor: { interactions: [{ event: 'Support Contacted' }] } } }]);
    expect(witnesses(1e300)).toEqual([]);
  });

  test('is not noted where there is nobody like that', () => {
    expect(
      noted({ rules: { one: { when: [age('notEqual', 3)] }, two: { offer: 'two', when: [age('lessThan', 4)] } } }),
    ).toEqual([]);
  });

  test('is told to be so for everybody where no rule speaks for it, or none of them can win', () => {
    expect(noted({ placements: { home: { fallback: 'welcome' } } })).toMatchObject([
      {
        severity: 'note',
        message: 'every visitor gets only the fallback "welcome": no live rule speaks for this placement',
      },
    ]);
    expect(noted({ rules: { r: { when: [age('in', [])] } } })).toMatchObject([
      { message: 'every visitor gets nothing, as there is no fallback: its only rule "r" never wins: it never holds' },
    ]);
  });
});

describe('rules of one priority whose schedules overlap', () => {
  const november = { from: '2026-11-01', until: '2026-12-01' };
  const overlapping = (first: RuleTold, second: RuleTold, more: Omit<ShelfTold, 'rules'> = {}) =>
    proofs({
      ...more,
      rules: {
        first: { priority: 5, schedule: november, ...first },
        second: { priority: 5, offer: 'two', schedule: { from: '2026-11-25', until: '2027-01-01' }, ...second },
      },
    }).filter(({ kind }) => kind === 'overlap');

  test('are claimed with somebody for whom both hold', () => {
    const found = overlapping(
      { when: [age('greaterThan', 18), count('greaterThanInclusive', 2, { within: '7d', where: { kind: 'x' } })] },
      { when: [tags('contains', 'a'), tags('contains', 'b'), of('context', '$.device')('equal', 'phone')] },
    );
    expect(found).toMatchObject([
      {
        severity: 'warning',
        at: { id: 'first' },
        others: [{ id: 'second' }],
        witness: {
          now: '2026-11-25T00:00:00.000Z',
          visitor: { traits: { tags: ['a', 'b'] } },
          request: { context: { device: 'phone' } },
        },
      },
    ]);
    expect(found[0]?.message).toContain('overlap from 2026-11-25 until 2026-12-01, with the same priority 5 in home');
  });

  test('are claimed with a time at which both hold', () => {
    expect(
      overlapping({ when: [now('weekday')('in', ['saturday', 'sunday'])] }, { when: [now('hour')('greaterThan', 18)] }),
    ).toMatchObject([{ witness: { now: '2026-11-28T19:00:00.000Z' } }]);
  });

  test.each<[string, RuleTold, RuleTold]>([
    ['of another priority', { priority: 6 }, {}],
    ['one after the other', { schedule: { until: '2026-11-25' } }, {}],
    ['over already', { schedule: { until: '2026-11-20' } }, { schedule: { until: '2026-11-19' } }],
    ['of which one has no schedule', { schedule: {} }, {}],
    ['for people of whom none is both', { when: [age('lessThan', 18)] }, { when: [age('greaterThan', 60)] }],
    ['in different channels', { channels: ['web'] }, { channels: ['app'] }],
    ['of the same offer', { offer: 'two' }, {}],
    ['in different placements', { placements: ['away'] }, {}],
  ])('are not claimed where they are %s', (_name, first, second) => {
    expect(overlapping(first, second)).toEqual([]);
  });
});

describe('numbers between quotes', () => {
  test('are noted where size is compared, in lists and of properties too, each at its place', () => {
    const when = [
      age('greaterThan', '18'),
      age('someValue:lessThan', [1, '2', '2026']),
      age('swap:not:lessThanInclusive', '-1.5'),
      count('greaterThan', 0, {
        event: 'Bought',
        where: { all: [{ fact: 'price', operator: 'lessThan', value: '30' }] },
      }),
    ];
    const found = proofs({ rules: { r: { when } } }).filter(({ kind }) => kind === 'number-text');
    expect(found.map(({ at }) => at.path.slice(2).join('.'))).toEqual([
      '0.value',
      '1.value.1',
      '2.value',
      '3.params.where.all.0.value',
    ]);
    expect(found[2]?.message).toMatch(/^"-1.5" is a text: .*; write -1.5 without quotes$/);
  });

  test('are not noted where they are numbers, dates, years, or what is equal', () => {
    const when = [age('greaterThan', 18), age('lessThan', '2026-11-20'), age('lessThan', '2026'), age('equal', '18')];
    expect(proofs({ rules: { r: { when } } }).filter(({ kind }) => kind === 'number-text')).toEqual([]);
  });
});

describe('what was never seen', () => {
  const seen: Seen = {
    events: { Bought: { properties: ['price'] }, Viewed: { properties: ['page'] } },
    traits: ['age'],
    purposes: { ads: { granted: 0, denied: 2 }, mail: { granted: 1, denied: 0 } },
  };

  test('is claimed, of events, properties and traits', () => {
    const when = [
      count('greaterThan', 0, { event: 'Sold' }),
      count('greaterThan', 0, { where: { price: 1, colour: 'red' } }),
      count('greaterThan', 9, { aggregate: 'sum', property: 'page' }),
      of('profile', '$.name.first')('equal', 'x'),
      of('session', "$.events['Left']")('greaterThan', 0),
    ];
    const found = proofs({ rules: { r: { when } } }, seen).filter(({ kind }) => kind === 'unseen-fact');
    expect(found.map(({ message }) => message)).toEqual([
      'no event "Sold" was seen so far',
      'no "Bought" seen so far has the property "colour"',
      'no "Bought" seen so far has the property "page"',
      'no visitor seen so far has the trait "name"',
      'no event "Left" was seen so far',
    ]);
    expect(found[0]?.at.path).toEqual(['conditions', 'all', 0, 'params', 'event']);
  });

  test('is not claimed of what was, nor where nothing was', () => {
    const rules = {
      r: {
        when: [
          count('greaterThan', 9, { aggregate: 'sum', property: 'price' }),
          age('equal', 1),
          {
            fact: 'interactions',
            params: { event: 'Viewed', aggregate: 'last' },
            path: '$.properties.page',
            operator: 'equal',
            value: 'x',
          },
        ],
      },
    };
    expect(warnings({ rules }, seen)).toEqual([]);
    expect(warnings({ rules }, { events: {}, traits: [], purposes: {} })).toEqual([]);
  });

  test('is claimed of consent that an offer, a fact or a trait needs and nobody gives', () => {
    const consent = {
      name: 'Consent',
      purposes: { ads: {}, mail: {}, track: { unknown: 'granted' as const } },
      facts: { interactions: 'track' },
      traits: { age: 'ads' },
    };
    const offers = { one: { consent: 'ads' }, two: { consent: 'mail' } };
    expect(warnings({ consent, offers, rules: { r: {}, s: { offer: 'two' } } }, seen)).toEqual([
      'ungranted-consent policies/consent',
      'ungranted-consent offers/one',
    ]);
  });
});

describe('names that are nearly the same', () => {
  const asks = (event: string, more: Record<string, Json> = {}): Comparison =>
    count('greaterThan', 1, { event, ...more });

  test('are told at the one that is used less, with the other place', () => {
    const found = proofs({
      rules: {
        a: { when: [asks('Order Completed')] },
        b: { when: [asks('Order Completed', { where: { orderId: 1 } })] },
        c: { when: [asks('Order completed'), asks('Order-Completed', { where: { order_id: 1 } })] },
        d: { when: [of('profile', '$.petName')('equal', 'Rex'), of('profile', "$['pet name']")('equal', 'Bo')] },
      },
    }).filter(({ kind }) => kind === 'near-name');
    expect(found.map(({ at, message }) => `${at.id} ${message.slice(0, message.indexOf(';'))}`).sort()).toEqual([
      'c the event "Order completed" is called "Order Completed" in rules "a"',
      'c the event "Order-Completed" is called "Order Completed" in rules "a"',
      'c the property "order_id" is called "orderId" in rules "b"',
      'd the trait "pet name" is called "petName" in rules "d"',
    ]);
    expect(found.every(({ severity, others }) => severity === 'warning' && others?.length === 1)).toBe(true);
  });

  test('are nothing to speak of where each is something else', () => {
    const rules = { a: { when: [asks('Order'), asks('Orders'), of('profile', '$.order')('equal', 1)] } };
    expect(proofs({ rules }).filter(({ kind }) => kind === 'near-name')).toEqual([]);
  });
});

describe('an offer with a stock', () => {
  test('is noted, as no file says how many there are', () => {
    const found = proofs({ offers: { one: { stock: {} }, two: {} }, rules: { r: {}, s: { offer: 'two' } } });
    expect(found.filter(({ kind }) => kind === 'untold-stock')).toEqual([
      expect.objectContaining({ severity: 'note', at: { kind: 'offers', id: 'one', path: ['stock'] } }),
    ]);
  });

  test('is not noted where it is no part of decisions', () => {
    const found = proofs({ offers: { one: { stock: {}, status: 'draft' } }, rules: { r: {} } });
    expect(found.filter(({ kind }) => kind === 'untold-stock')).toEqual([]);
  });
});
