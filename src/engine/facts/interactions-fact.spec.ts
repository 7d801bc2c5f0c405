import { describe, expect, test } from '@jest/globals';
import { compileConsentPolicy } from '../visitor/consent.js';
import { USUAL_POLICY } from '../visitor/single-view-policy.js';
import type { JsonObject } from '../language/json.js';
import { factProblems, findFact } from './facts.js';
import type { DecisionFacts } from './decision-facts.js';
import type { Interaction } from '../visitor/interaction.js';
import { visitorView } from '../visitor/visitor.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const HOUR = 3_600_000;

const did = (event: string, hoursAgo: number, properties: JsonObject = {}, channel = 'web'): Interaction => ({
  event,
  timestamp: NOW - hoursAgo * HOUR,
  channel,
  properties,
  messageId: `${event}-${hoursAgo}`,
});

const history = [
  did('Product Viewed', 50, { category: 'pets', price: 10, sku: 'a' }),
  did('Product Viewed', 5, { category: 'pets', price: 30, sku: 'b' }, 'app'),
  did('Product Viewed', 2, { category: 'cars', price: '20', sku: 'a' }),
  did('Order Completed', 1, { revenue: 99 }),
  did('Product Viewed', -1, { category: 'pets', price: 1_000, sku: 'z' }),
];

function read(params: JsonObject, now = NOW): unknown {
  const visitor = visitorView({ visitorId: 'v', interactions: history });
  const facts = {
    visitor,
    visitorKnown: true,
    context: {},
    channel: undefined,
    now,
    consent: compileConsentPolicy(),
    singleView: USUAL_POLICY,
    withheld: [],
    segments: new Map(),
    placement: undefined,
  } satisfies DecisionFacts;
  return findFact('interactions', params)?.read(facts, undefined as never);
}

const views = (params: JsonObject = {}) => read({ event: 'Product Viewed', ...params });

describe('the fact interactions', () => {
  test.each<[JsonObject, unknown]>([
    [{}, 3],
    [{ aggregate: 'count', where: { category: 'pets' } }, 2],
    [{ aggregate: 'count', within: '5h' }, 2],
    [{ aggregate: 'count', within: '1h' }, 0],
    [{ aggregate: 'count', channel: 'app' }, 1],
    [{ aggregate: 'sum', property: 'price' }, 60],
    [{ aggregate: 'avg', property: 'price' }, 20],
    [{ aggregate: 'min', property: 'price' }, 10],
    [{ aggregate: 'max', property: 'price' }, 30],
    [{ aggregate: 'distinct', property: 'sku' }, 2],
    [{ aggregate: 'distinct', property: 'missing' }, 0],
    [{ aggregate: 'first', property: 'sku' }, 'a'],
    [{ aggregate: 'last', property: 'category' }, 'cars'],
    [{ aggregate: 'secondsSinceFirst' }, 50 * 3_600],
    [{ aggregate: 'secondsSinceLast' }, 2 * 3_600],
    [
      {
        aggregate: 'count',
        where: {
          all: [
            { fact: 'category', operator: 'equal', value: 'pets' },
            { fact: 'price', operator: 'greaterThan', value: 20 },
          ],
        },
      },
      1,
    ],
    [{ aggregate: 'count', where: { not: { fact: 'category', operator: 'equal', value: 'pets' } } }, 1],
  ])('with %j is %j', (params, expected) => {
    expect(views(params)).toBe(expected);
  });

  test('tells the whole event where no property is named', () => {
    expect(views({ aggregate: 'last' })).toEqual({
      event: 'Product Viewed',
      timestamp: '2026-11-21T08:00:00.000Z',
      channel: 'web',
      properties: { category: 'cars', price: '20', sku: 'a' },
      messageId: 'Product Viewed-2',
    });
  });

  test('over nothing counts to 0 and knows nothing else', () => {
    const over = (aggregate: string) => read({ event: 'Never', aggregate, property: 'x' });
    expect(['count', 'sum', 'distinct'].map(over)).toEqual([0, 0, 0]);
    expect(['avg', 'min', 'max', 'first', 'last', 'secondsSinceFirst', 'secondsSinceLast'].map(over)).toEqual(
      Array(7).fill(undefined),
    );
  });

  test('never counts what is later than now', () => {
    expect(read({ event: 'Product Viewed' }, NOW - 10 * HOUR)).toBe(1);
    expect(read({ event: 'Product Viewed' }, NOW + 2 * HOUR)).toBe(4);
  });

  test('without an event means any', () => {
    expect(read({ within: '3h' })).toBe(2);
  });

  test('includes both ends of a window', () => {
    expect(views({ within: '2h' })).toBe(1);
  });

  test('over a lifetime counts what is no longer retained, and goes back in time', () => {
    const visitor = {
      ...visitorView({ visitorId: 'v', interactions: history }),
      counters: { 'Product Viewed': { count: 104, first: NOW - 9_000 * HOUR, last: NOW + HOUR } },
    };
    const facts = { visitor, now: NOW } as unknown as DecisionFacts;
    const lifetime = (aggregate: string) =>
      findFact('interactions', { event: 'Product Viewed', within: 'lifetime', aggregate })?.read(
        facts,
        undefined as never,
      );
    expect(lifetime('count')).toBe(103);
    expect(lifetime('secondsSinceFirst')).toBe(9_000 * 3_600);
    expect(lifetime('secondsSinceLast')).toBe(2 * 3_600);
  });

  test.each<[JsonObject, string]>([
    [{ evnt: 'x' }, 'params.evnt'],
    [{ aggregate: 'median' }, 'params.aggregate'],
    [{ aggregate: 'sum' }, 'params'],
    [{ within: '30 days' }, 'params.within'],
    [{ within: 'lifetime', event: 'x', where: { a: 1 } }, 'params.within'],
    [{ where: { category: { deep: 1 } } }, 'params.where.category'],
    [{ event: 5 }, 'params.event'],
  ])('refuses %j at %s', (params, path) => {
    expect(factProblems('interactions', params).map((problem) => problem.path.join('.'))).toContain(path);
  });
});
