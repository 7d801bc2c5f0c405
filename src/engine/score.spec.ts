import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileRulebook } from './compile.js';
import { decide } from './decide.js';
import type { DecideInput, PlacementRequest } from './decision-run.js';
import { explain } from './explain/explain.js';
import type { ExplainedRule, PlacementExplanation } from './explain/explanation.js';
import type { RootCondition } from './language/condition-definition.js';
import type { LeverDefinition } from './language/levers-definition.js';
import type { OfferDefinition } from './language/offer-definition.js';
import type { PlacementDefinition } from './language/placement-definition.js';
import type { RuleDefinition } from './language/rule-definition.js';
import type { Renderer } from './rulebook.js';
import { visitorView, type VisitorView } from './visitor/visitor.js';

const NOW = Date.parse('2026-12-10T10:00:00Z');
const ALWAYS: RootCondition = { all: [] };

const renderer = (): Renderer => () => ({ content: {}, actions: [] });
const offer = (more: Partial<OfferDefinition> = {}): OfferDefinition => ({
  name: 'An offer',
  treatments: { '*': { content: {} } },
  ...more,
});
const rule = (offerId: string, weight = 1, more: Partial<RuleDefinition> = {}): RuleDefinition => ({
  name: 'A rule',
  placements: ['hero'],
  conditions: ALWAYS,
  event: { type: 'offer', params: { offer: offerId, weight } },
  ...more,
});
const lives = (city: string): RootCondition => ({
  all: [{ fact: 'profile', path: '$.city', operator: 'equal', value: city }],
});

interface Shelf {
  readonly placements?: Record<string, Partial<PlacementDefinition>>;
  readonly offers: Record<string, OfferDefinition>;
  readonly rules?: Record<string, RuleDefinition>;
  readonly levers?: readonly LeverDefinition[];
  readonly segments?: Record<string, RootCondition>;
}

interface Asked {
  readonly placements?: readonly PlacementRequest[];
  readonly visitor?: VisitorView | undefined;
  readonly now?: number;
  readonly propensities?: DecideInput['propensities'];
}

/** Where a shelf has no rules, one for each of its offers. */
function input({ placements, offers, rules, levers, segments = {} }: Shelf, asked: Asked = {}): DecideInput {
  const each = Object.fromEntries(Object.keys(offers).map((id) => [`r-${id}`, rule(id)]));
  const rulebook = compileRulebook(
    {
      placements: new Map(
        Object.entries({ hero: {}, ...placements }).map(([id, one]) => [
          id,
          { name: id, arbitration: 'score', ...one } satisfies PlacementDefinition,
        ]),
      ),
      offers: new Map(Object.entries(offers)),
      rules: new Map(Object.entries(rules ?? each)),
      segments: new Map(Object.entries(segments).map(([id, conditions]) => [id, { name: id, conditions }])),
      cases: new Map(),
      ...(levers && { levers: { name: 'Levers', levers } }),
    },
    { renderer, instant: Date.parse },
    { version: 1, digest: 'sha256:0' },
  );
  const { placements: wanted = [{ id: 'hero', count: 9 }], propensities, now = NOW } = asked;
  const visitor = 'visitor' in asked ? asked.visitor : visitorView({ visitorId: 'v' });
  return {
    rulebook,
    visitor,
    now,
    request: { placements: wanted, context: {} },
    ...(propensities && { propensities }),
  };
}

const order = (shelf: Shelf, asked?: Asked) =>
  decide(input(shelf, asked)).map(({ items }) => items.map((item) => item.offer));
const why = (shelf: Shelf, asked?: Asked) => explain(input(shelf, asked)).explanation[0] as PlacementExplanation;
const whyOf = (offerId: string, shelf: Shelf, asked?: Asked) =>
  why(shelf, asked).rules.find((one) => one.offer === offerId) as ExplainedRule;

describe('a placement by score', () => {
  test('goes by propensity x weight x value x lever, whatever the priorities', () => {
    const shelf: Shelf = {
      offers: {
        camera: offer({ propensity: 0.1, value: 20 }),
        loan: offer({ propensity: 0.01, value: 300 }),
        toy: offer({ propensity: 0.5, value: 1 }),
      },
      rules: { a: rule('toy', 1, { priority: 99 }), b: rule('camera', 2), c: rule('loan') },
      levers: [{ name: 'Push', offers: ['loan'], factor: 1.5 }],
    };
    expect(decide(input(shelf))[0]?.items.map((one) => [one.offer, one.score, one.propensity])).toEqual([
      ['loan', 4.5, 1],
      ['camera', 4, 1],
      ['toy', 0.5, 1],
    ]);
    expect(whyOf('loan', shelf).scored).toEqual({
      tier: 0,
      score: 4.5,
      factors: {
        propensity: { value: 0.01, from: 'OFFER' },
        weight: 1,
        value: 300,
        lever: { value: 1.5, names: ['Push'] },
      },
    });
  });

  test('goes without the factors that it switches off', () => {
    const shelf = (score: PlacementDefinition['score'] & object): Shelf => ({
      placements: { hero: { score } },
      offers: { a: offer({ propensity: 0.9, value: 1 }), b: offer({ propensity: 0.1, value: 5 }) },
      rules: { ra: rule('a'), rb: rule('b', 3) },
      levers: [{ offers: ['a'], factor: 10, tier: 1 }],
    });
    expect(order(shelf({}))).toEqual([['a', 'b']]);
    expect(order(shelf({ lever: false }))).toEqual([['b', 'a']]);
    expect(order(shelf({ lever: false, value: false, weight: false }))).toEqual([['a', 'b']]);
    expect(whyOf('a', shelf({ lever: false, value: false })).scored?.factors).toEqual({
      propensity: { value: 0.9, from: 'OFFER' },
      weight: 1,
    });
  });

  test('lets the highest tier come first, then the score, then the offer id', () => {
    const shelf: Shelf = {
      offers: {
        a: offer({ value: 9 }),
        b: offer(),
        c: offer({ tier: 1 }),
        d: offer({ tier: 1 }),
        e: offer({ tier: -1 }),
      },
      levers: [
        { offers: ['b'], tier: 2, schedule: { from: '2026-12-01', until: '2026-12-24' } },
        { offers: ['b'], tier: 1 },
      ],
    };
    expect(order(shelf)).toEqual([['b', 'c', 'd', 'a', 'e']]);
    expect(order(shelf, { now: Date.parse('2026-12-24T00:00:00Z') })).toEqual([['b', 'c', 'd', 'a', 'e']]);
    expect(whyOf('b', shelf, { now: Date.parse('2026-12-24T00:00:00Z') }).scored?.tier).toBe(1);
  });

  test('is moved by levers in their placements, on their groups, at their times, all multiplied', () => {
    const shelf: Shelf = {
      placements: { side: {} },
      offers: { a: offer({ group: 'shop' }), b: offer() },
      rules: { ra: rule('a', 1, { placements: ['hero', 'side'] }) },
      levers: [
        { groups: ['shop'], factor: 2 },
        { name: 'Aside', offers: ['a', 'b'], placements: ['side'], factor: 3 },
        { offers: ['a'], factor: 5, schedule: { from: '2026-12-11' } },
      ],
    };
    const pulled = explain(input(shelf, { placements: [{ id: 'hero' }, { id: 'side' }] })).explanation.map(
      ({ rules }) => rules[0]?.scored?.factors.lever,
    );
    expect(pulled).toEqual([
      { value: 2, names: ['lever 1'] },
      { value: 6, names: ['lever 1', 'Aside'] },
    ]);
  });

  test('takes the rule of an offer that weighs most; of equal ones the highest priority, then the id', () => {
    const shelf = (score: object): Shelf => ({
      placements: { hero: { score } },
      offers: { a: offer() },
      rules: {
        first: rule('a', 2, { priority: 9 }),
        heavy: rule('a', 3, { priority: 2 }),
        also: rule('a', 3, { priority: 1 }),
        never: rule('a', 9, { conditions: { not: ALWAYS } }),
      },
    });
    expect(decide(input(shelf({})))[0]?.items).toMatchObject([{ rule: 'heavy', score: 3 }]);
    expect(decide(input(shelf({ weight: false })))[0]?.items).toMatchObject([{ rule: 'first', score: 1 }]);
    expect(why(shelf({})).rules.map(({ rule: id, betterRule }) => [id, betterRule])).toContainEqual(['also', 'heavy']);
  });
});

describe('the propensity of an offer', () => {
  const shelf: Shelf = {
    offers: {
      a: offer({ propensity: { segments: { rich: 0.3, ghent: 0.2 }, otherwise: 0.05 } }),
      b: offer({ propensity: 0.15 }),
      c: offer(),
      d: offer({ propensity: { segments: { ghent: 0.4 } } }),
    },
    segments: { ghent: lives('Ghent'), rich: lives('Ghent'), bruges: lives('Bruges') },
  };
  const of = (id: string, asked: Asked = {}) => whyOf(id, shelf, asked).scored?.factors.propensity;
  const living = (city: string, traits = {}) => ({
    visitor: visitorView({ visitorId: 'v', traits: { city, ...traits } }),
  });

  test('is that of the first of its segments that holds, else its own, else the mean of the placement', () => {
    expect(of('a', living('Ghent'))).toEqual({ value: 0.3, from: 'SEGMENT', segment: 'rich' });
    expect(of('a', living('Bruges'))).toEqual({ value: 0.05, from: 'OFFER' });
    expect(of('b')).toEqual({ value: 0.15, from: 'OFFER' });
    const mean = { value: (0.05 + 0.15 + 0.4) / 3, from: 'MEAN' };
    expect([of('c'), of('d')]).toEqual([mean, mean]);
  });

  test('is neutral where nothing is known of any', () => {
    expect(whyOf('x', { offers: { x: offer() } }).scored?.factors.propensity).toEqual({ value: 1, from: 'NEUTRAL' });
  });

  test('is what was uploaded, for the visitor before their segments, and its own order of segments first', () => {
    const propensities = { a: { bruges: 0.7, ghent: 0.6, rich: 0.5 }, c: { ghent: 0.8, bruges: 0.9 } };
    expect(of('a', { ...living('Ghent'), propensities })).toEqual({ value: 0.5, from: 'UPLOADED', segment: 'rich' });
    expect(of('c', { ...living('Bruges'), propensities })).toEqual({ value: 0.9, from: 'UPLOADED', segment: 'bruges' });
    expect(of('c', { ...living('Namur'), propensities })?.from).toBe('MEAN');
    const own = { ...living('Ghent', { 'propensity:a': 0.99, 'propensity:b': 'high' }), propensities };
    expect([of('a', own), of('b', own)]).toEqual([
      { value: 0.99, from: 'VISITOR' },
      { value: 0.15, from: 'OFFER' },
    ]);
  });

  test('goes by no segment of a visitor who could not be read', () => {
    expect(of('a', { visitor: undefined })).toEqual({ value: 0.05, from: 'OFFER' });
  });
});

describe('what was outscored', () => {
  const shelf: Shelf = {
    offers: { a: offer({ value: 5 }), b: offer({ value: 4.5 }), c: offer({ value: 9, tier: -2 }) },
  };

  test('is told how far it was from the answer, and is the nearest miss', () => {
    const explained = why(shelf, { placements: [{ id: 'hero', count: 1 }] });
    expect(explained.arbitration).toBe('score');
    expect(explained.rules.map(({ offer: id, gate, outscored }) => [id, gate, outscored])).toEqual([
      ['a', undefined, undefined],
      ['b', 'OUTRANKED', { by: 'a', places: 1, score: 0.5 }],
      ['c', 'OUTRANKED', { by: 'a', places: 2, tier: 2 }],
    ]);
    expect(explained.nearestMiss).toEqual({
      rule: 'r-b',
      offer: 'b',
      conditions: [],
      outscored: { by: 'a', places: 1, score: 0.5 },
    });
  });
});

/** Rules, tiers, groups and a second placement that may not repeat the first: all that makes an answer of several. */
const shelves = fc.record({
  offers: fc.array(
    fc.record({
      value: fc.integer({ min: 0, max: 4 }),
      propensity: fc.constantFrom(0.25, 0.5, 1),
      tier: fc.integer({ min: 0, max: 1 }),
      group: fc.constantFrom('g', 'h', 'i'),
    }),
    { minLength: 1, maxLength: 9 },
  ),
  rules: fc.array(
    fc.record({
      offer: fc.nat({ max: 8 }),
      weight: fc.integer({ min: 0, max: 3 }),
      priority: fc.integer({ min: 1, max: 3 }),
      holds: fc.boolean(),
    }),
    { maxLength: 20 },
  ),
  count: fc.integer({ min: 1, max: 4 }),
  maxPerGroup: fc.integer({ min: 1, max: 2 }),
});

describe('an answer of several offers by score', () => {
  test('is what sorting all of them and taking greedily gives, and an explanation says the same', () => {
    fc.assert(
      fc.property(shelves, ({ offers, rules, count, maxPerGroup }) => {
        const rulesOf = rules.filter((one) => one.offer < offers.length);
        const shelf: Shelf = {
          placements: { hero: { maxPerGroup, dedupe: 'home' }, side: { maxPerGroup, dedupe: 'home' } },
          offers: Object.fromEntries(offers.map((one, at) => [`o${at}`, offer(one)])),
          rules: Object.fromEntries(
            rulesOf.map(({ offer: at, weight, priority, holds }, id) => [
              `r${id}`,
              rule(`o${at}`, weight, {
                priority,
                placements: ['hero', 'side'],
                conditions: holds ? ALWAYS : { not: ALWAYS },
              }),
            ]),
          ),
        };
        const weights = new Map<number, number>();
        for (const one of rulesOf)
          if (one.holds) weights.set(one.offer, Math.max(one.weight, weights.get(one.offer) ?? 0));
        const sorted = [...weights]
          .map(([at, weight]) => ({ id: `o${at}`, ...(offers[at] as (typeof offers)[number]), weight }))
          .sort(
            (a, b) =>
              b.tier - a.tier ||
              b.propensity * b.weight * b.value - a.propensity * a.weight * a.value ||
              (a.id < b.id ? -1 : 1),
          );
        const taken = new Set<string>();
        const expected = ['hero', 'side'].map(() => {
          const answer: typeof sorted = [];
          for (const one of sorted) {
            const ofGroup = answer.filter(({ group }) => group === one.group).length;
            if (answer.length >= count || taken.has(one.id) || ofGroup >= maxPerGroup) continue;
            answer.push(one);
            taken.add(one.id);
          }
          return answer.map(({ id }) => id);
        });
        const asked = {
          placements: [
            { id: 'hero', count },
            { id: 'side', count },
          ],
        };
        expect(order(shelf, asked)).toEqual(expected);
        expect(explain(input(shelf, asked)).decisions).toEqual(decide(input(shelf, asked)));
      }),
      { numRuns: 500 },
    );
  });

  test('of three takes one of each group', () => {
    const shelf: Shelf = {
      placements: { hero: { maxPerGroup: 1 } },
      offers: {
        a: offer({ value: 9, group: 'shop' }),
        b: offer({ value: 8, group: 'shop' }),
        c: offer({ value: 7, group: 'bank' }),
        d: offer({ value: 1 }),
        e: offer({ value: 0.5 }),
      },
    };
    expect(order(shelf, { placements: [{ id: 'hero', count: 3 }] })).toEqual([['a', 'c', 'd']]);
    expect(whyOf('b', shelf, { placements: [{ id: 'hero', count: 3 }] }).gate).toBe('DUPLICATE');
  });
});
