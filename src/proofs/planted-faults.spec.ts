import { describe, expect, test } from '@jest/globals';
import { cleanSet, type CleanSet } from '../../test/arbitraries/clean-rule-sets.js';
import { shelf, type RuleTold, type ShelfTold } from '../../test/shelf.js';
import type { Comparison } from '../engine/language/condition-definition.js';
import type { Json } from '../engine/language/json.js';
import type { Seen } from './logic/proof.js';
import { prove } from './prove.js';

const NOW = Date.parse('2026-11-22T09:00:00Z');

function warnings(told: ShelfTold, seen?: Seen): string[] {
  const found = prove({ ...shelf(told), now: NOW, ...(seen && { seen }) });
  return found.filter(({ severity }) => severity === 'warning').map(({ kind, at }) => `${kind} ${at.kind}/${at.id}`);
}

const is = (fact: string, path: string, operator: string, value: Json): Comparison => ({
  fact,
  path: `$.${path}`,
  operator,
  value,
});
const counts = (operator: string, value: number, within: string): Comparison => ({
  fact: 'interactions',
  params: { event: 'Order Completed', within },
  operator,
  value,
});

/** A fault: what it adds to a rule set, or changes in it, and what is then to be claimed. */
interface Fault {
  readonly claim: string;
  plant(set: CleanSet): Partial<CleanSet>;
}

function inRule(number: number, claim: string, change: (rule: RuleTold) => RuleTold): Fault {
  const id = `rule-${number}`;
  return { claim: `${claim} rules/${id}`, plant: ({ rules }) => ({ rules: { [id]: change(rules[id] ?? {}) } }) };
}

const asking =
  (...more: readonly Comparison[]) =>
  (rule: RuleTold): RuleTold => ({ ...rule, when: [...(rule.when as readonly Comparison[]), ...more] });

const FAULTS: readonly Fault[] = [
  inRule(3, 'never-holds', asking(is('profile', 'age', 'greaterThan', 60), is('profile', 'age', 'lessThan', 18))),
  inRule(31, 'never-holds', asking(is('context', 'page', 'equal', 'cart'), is('context', 'page', 'equal', 'home'))),
  inRule(57, 'never-holds', asking(is('profile', 'interests', 'doesNotContain', 'r57'))),
  inRule(83, 'never-holds', asking(counts('greaterThanInclusive', 6, '7d'), counts('lessThan', 4, '30d'))),
  inRule(111, 'never-holds', asking(is('now', 'weekday', 'equal', 'Monday'))),
  inRule(140, 'never-holds', asking(is('session', 'interactions', 'lessThan', 0))),
  inRule(166, 'never-holds', (rule) => ({
    ...rule,
    when: [...(rule.when as readonly Comparison[]), { condition: 'segment-4' }, { not: { condition: 'segment-4' } }],
  })),
  inRule(192, 'never-holds', (rule) => ({
    ...rule,
    when: { any: [{ all: rule.when as readonly Comparison[] }, is('profile', 'size', 'in', [])] },
  })),
  inRule(218, 'never-holds', (rule) => ({
    ...rule,
    when: [...(rule.when as readonly Comparison[]), is('profile', 'list', 'equal', ['a', 'b'])],
  })),
  {
    claim: 'never-holds segments/segment-impossible',
    plant: () => ({
      segments: {
        'segment-impossible': [is('profile', 'low1', 'greaterThan', 9), is('profile', 'low1', 'lessThanInclusive', 9)],
      },
    }),
  },
  {
    claim: 'never-holds offers/offer-for-nobody',
    plant: () => ({
      offers: {
        'offer-for-nobody': {
          eligibility: { all: [is('profile', 'low2', 'equal', 'x'), is('profile', 'low2', 'notIn', ['x', 'y'])] },
        },
      },
      rules: {
        'rule-for-nobody': {
          placements: ['placement-2'],
          priority: 91,
          offer: 'offer-for-nobody',
          when: [is('profile', 'interests', 'contains', 'nobody')],
        },
      },
    }),
  },
  {
    claim: 'never-wins rules/rule-for-the-wrong',
    plant: () => ({
      offers: { 'offer-for-others': { eligibility: { all: [{ not: { condition: 'segment-7' } }] } } },
      rules: {
        'rule-for-the-wrong': {
          placements: ['placement-3'],
          priority: 92,
          offer: 'offer-for-others',
          when: { condition: 'segment-7' },
        },
      },
    }),
  },
  {
    claim: 'never-wins rules/rule-too-late',
    plant: () => ({
      offers: { 'offer-of-november': { schedule: { until: '2026-12-01' } } },
      rules: {
        'rule-too-late': {
          placements: ['placement-4'],
          priority: 93,
          offer: 'offer-of-november',
          schedule: { from: '2026-12-01' },
          when: [is('profile', 'interests', 'contains', 'late')],
        },
        'rule-in-time': {
          placements: ['placement-4'],
          priority: 94,
          offer: 'offer-of-november',
          when: [is('profile', 'interests', 'contains', 'early')],
        },
      },
    }),
  },
  {
    claim: 'shadowed rules/rule-250',
    plant: ({ rules }) => ({
      rules: {
        'rule-of-the-same-offer': {
          ...rules['rule-250'],
          priority: 95,
          when: (rules['rule-250']?.when as readonly Comparison[]).slice(0, 1),
        },
      },
    }),
  },
  {
    claim: 'shadowed rules/rule-second',
    plant: () => ({
      placements: { 'placement-loud': { fallback: 'offer-0' } },
      offers: { 'offer-loud': {} },
      rules: {
        'rule-loud': {
          placements: ['placement-loud'],
          priority: 9,
          offer: 'offer-loud',
          when: [is('profile', 'high1', 'lessThan', 90)],
        },
        'rule-second': {
          placements: ['placement-loud'],
          priority: 8,
          offer: 'offer-1',
          when: [is('profile', 'high1', 'lessThanInclusive', 50)],
        },
      },
    }),
  },
  { claim: 'offer-unused offers/offer-forgotten', plant: () => ({ offers: { 'offer-forgotten': {} } }) },
  {
    claim: 'offer-never-wins offers/offer-of-summer',
    plant: () => ({
      offers: { 'offer-of-summer': { schedule: { from: '2026-06-01', until: '2026-09-01' } } },
      rules: {
        'rule-of-summer': {
          placements: ['placement-5'],
          priority: 96,
          offer: 'offer-of-summer',
          when: [is('profile', 'interests', 'contains', 'summer')],
        },
      },
    }),
  },
  {
    claim: 'overlap rules/rule-sale-one',
    plant: () => ({
      offers: { 'offer-sale-one': {}, 'offer-sale-two': {} },
      rules: {
        'rule-sale-one': {
          placements: ['placement-6'],
          priority: 97,
          offer: 'offer-sale-one',
          schedule: { from: '2026-11-20', until: '2026-12-05' },
          when: [is('profile', 'interests', 'contains', 'sale')],
        },
        'rule-sale-two': {
          placements: ['placement-6'],
          priority: 97,
          offer: 'offer-sale-two',
          schedule: { from: '2026-12-01', until: '2026-12-10' },
          when: [is('profile', 'interests', 'contains', 'bargains')],
        },
      },
    }),
  },
  {
    claim: 'unseen-fact rules/rule-275',
    plant: ({ rules }) => ({
      rules: {
        'rule-275': asking({ ...counts('lessThan', 3, '7d'), params: { event: 'Order Complete', within: '7d' } })(
          rules['rule-275'] ?? {},
        ),
      },
    }),
  },
  {
    claim: 'ungranted-consent offers/offer-partner',
    plant: () => ({
      offers: { 'offer-partner': { consent: 'partners' } },
      rules: {
        'rule-partner': {
          placements: ['placement-7'],
          priority: 98,
          offer: 'offer-partner',
          when: [is('profile', 'interests', 'contains', 'partners')],
        },
      },
    }),
  },
];

/** All that the rules ask for, but the event with the letter missing. */
const SEEN: Seen = {
  events: Object.fromEntries(
    ['Product Viewed', 'Order Completed', 'Search Made', 'Support Contacted', 'Page Viewed'].map((event) => [
      event,
      { properties: [] },
    ]),
  ),
  traits: [
    'interests',
    'marketing',
    'owns',
    'age',
    'size',
    'list',
    ...['low', 'high', 'city', 'tier', 'topics', 'cover'].flatMap((name) =>
      Array.from({ length: 8 }, (_, n) => `${name}${n}`),
    ),
  ],
  purposes: { personalisation: { granted: 9, denied: 1 }, partners: { granted: 0, denied: 3 } },
};

describe('a set of 500 rules', () => {
  test.each([1, 2, 3, 4, 5])('has no claim made against it where nothing is wrong, as drawn by %i', (seed) => {
    const set = cleanSet(seed);
    expect(Object.keys(set.rules)).toHaveLength(500);
    expect(warnings(set, SEEN)).toEqual([]);
  });

  test('has each of the twenty faults found that are planted in it, and nothing else', () => {
    const set = cleanSet(6);
    const planted = FAULTS.map((fault) => fault.plant(set));
    const merged = (kind: keyof CleanSet) => Object.assign({}, set[kind], ...planted.map((one) => one[kind]));
    const told: ShelfTold = {
      placements: merged('placements'),
      offers: merged('offers'),
      segments: merged('segments'),
      rules: merged('rules'),
    };
    expect(FAULTS).toHaveLength(20);
    expect(warnings(told, SEEN).sort()).toEqual(FAULTS.map(({ claim }) => claim).sort());
  });

  test('is looked at to the end with a tenth of the steps there are', () => {
    const { definitions, rulebook } = shelf(cleanSet(7));
    const proofs = prove({ definitions, rulebook, now: NOW, steps: 100_000 });
    expect(proofs.filter(({ kind }) => kind === 'budget')).toEqual([]);
  });
});
