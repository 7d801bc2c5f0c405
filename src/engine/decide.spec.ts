import { describe, expect, test } from '@jest/globals';
import { compileRulebook } from './compile.js';
import { decide } from './decide.js';
import type { RootCondition } from './language/condition-definition.js';
import type { Definitions } from './language/definitions.js';
import type { OfferDefinition, TreatmentDefinition } from './language/offer-definition.js';
import type { PlacementDefinition } from './language/placement-definition.js';
import type { RuleDefinition } from './language/rule-definition.js';
import type { SegmentDefinition } from './language/segment-definition.js';
import type { PlacementDecision } from './answer.js';
import type { Renderer } from './rulebook.js';
import { InteractionLog } from './visitor/interaction-log.js';
import { type VisitorView, visitorView } from './visitor/visitor.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const ALWAYS: RootCondition = { all: [] };
const KNOWN: RootCondition = {
  all: [
    { fact: 'profile', path: '$.name', operator: 'notEqual', value: null },
    { fact: 'profile', path: '$.name', operator: 'not:equal', value: { fact: 'profile', path: '$.nobody' } },
  ],
};
const MOBILE: RootCondition = { all: [{ fact: 'context', path: '$.device', operator: 'equal', value: 'mobile' }] };

const offer = (more: Partial<OfferDefinition> = {}): OfferDefinition => ({
  name: 'An offer',
  treatments: { '*': { content: { title: 'x' } } },
  ...more,
});
const rule = (offerId: string, more: Partial<RuleDefinition> = {}): RuleDefinition => ({
  name: 'A rule',
  placements: ['hero'],
  conditions: ALWAYS,
  event: { type: 'offer', params: { offer: offerId } },
  ...more,
});

interface Shelf {
  readonly placements?: Record<string, Partial<PlacementDefinition>>;
  readonly offers: Record<string, OfferDefinition>;
  readonly rules: Record<string, RuleDefinition>;
  readonly segments?: Record<string, SegmentDefinition>;
}

const renderer =
  ({ content }: TreatmentDefinition): Renderer =>
  (scope) => {
    scope.budget?.begin();
    const isDone = typeof content['steps'] !== 'number' || scope.budget?.take(content['steps']);
    if (isDone !== true) return undefined;
    return typeof content['needs'] === 'string' && scope.profile[content['needs']] === undefined
      ? undefined
      : { content, actions: [] };
  };

function ask(
  shelf: Shelf,
  options: {
    visitor?: VisitorView | 'unread';
    context?: Record<string, string>;
    channel?: string;
    placements?: { id: string; count?: number }[];
    now?: number;
  } = {},
): PlacementDecision[] {
  const definitions: Definitions = {
    placements: new Map(
      Object.entries(shelf.placements ?? { hero: {} }).map(([id, placement]) => [id, { name: id, ...placement }]),
    ),
    offers: new Map(Object.entries(shelf.offers)),
    rules: new Map(Object.entries(shelf.rules)),
    segments: new Map(Object.entries(shelf.segments ?? {})),
    cases: new Map(),
  };
  const rulebook = compileRulebook(definitions, { renderer, instant: Date.parse }, { version: 1, digest: 'sha256:0' });
  const visitor = options.visitor === 'unread' ? undefined : (options.visitor ?? visitorView({ visitorId: 'v' }));
  const request = {
    placements: options.placements ?? [{ id: 'hero' }],
    context: options.context ?? {},
    ...(options.channel && { channel: options.channel }),
  };
  return decide({ request, visitor, rulebook, now: options.now ?? NOW });
}

/** How many of the three segments, of which there is one that nobody is in, are so. */
function expectedCount(operator: string, visitor: VisitorView | undefined, device: string): number {
  const isIn = Number(visitor !== undefined) + Number(device === 'mobile');
  return operator === 'contains' ? isIn : 3 - isIn;
}

const offersOf = (decisions: PlacementDecision[]) =>
  decisions.map((decision) => decision.items.map((item) => item.offer));

describe('decide', () => {
  test('lets the highest priority win, and breaks ties by offer', () => {
    const shelf = {
      offers: { a: offer(), b: offer(), c: offer() },
      rules: { r1: rule('b', { priority: 5 }), r2: rule('a', { priority: 5 }), r3: rule('c', { priority: 9 }) },
    };
    expect(offersOf(ask(shelf, { placements: [{ id: 'hero', count: 3 }] }))).toEqual([['c', 'a', 'b']]);
    expect(ask(shelf)[0]).toMatchObject({
      reason: 'TARGETING_MATCH',
      items: [{ offer: 'c', rule: 'r3', score: 9, propensity: 1 }],
    });
  });

  test('shows an offer once, by the best of its rules', () => {
    const shelf = { offers: { a: offer() }, rules: { low: rule('a'), high: rule('a', { priority: 7 }) } };
    expect(ask(shelf, { placements: [{ id: 'hero', count: 5 }] })[0]?.items).toMatchObject([
      { offer: 'a', rule: 'high' },
    ]);
  });

  test('asks no rule that could not be in the answer, but every one that could', () => {
    let looks = 0;
    const visitor = {
      ...visitorView({ visitorId: 'v' }),
      interactions: () => {
        looks++;
        return InteractionLog.of([]);
      },
    };
    const never: RootCondition = {
      all: [{ fact: 'interactions', params: { event: 'Bought' }, operator: 'equal', value: 0 }],
    };
    const shelf = {
      offers: { a: offer(), b: offer(), c: offer() },
      rules: {
        first: rule('b', { priority: 9 }),
        equal: rule('a', { priority: 9 }),
        lower: rule('c', { priority: 8, conditions: never }),
      },
    };
    const offers = (count: number) => offersOf(ask(shelf, { visitor, placements: [{ id: 'hero', count }] }));
    expect([offers(1), offers(2), looks]).toEqual([[['a']], [['a', 'b']], 0]);
    expect([offers(3), looks]).toEqual([[['a', 'b', 'c']], 1]);
  });

  test('answers placements in the order asked, with their own counts', () => {
    const shelf = {
      placements: { hero: {}, cards: { count: 2 } },
      offers: { a: offer(), b: offer() },
      rules: {
        r1: rule('a', { placements: ['hero', 'cards'], priority: 2 }),
        r2: rule('b', { placements: ['cards'] }),
      },
    };
    expect(offersOf(ask(shelf, { placements: [{ id: 'cards' }, { id: 'hero' }] }))).toEqual([['a', 'b'], ['a']]);
  });

  test('never repeats an offer between placements that dedupe together', () => {
    const placements = { hero: { dedupe: 'home' }, cards: { count: 2, dedupe: 'home' } };
    const shelf = {
      placements,
      offers: { a: offer(), b: offer() },
      rules: {
        r1: rule('a', { placements: ['hero', 'cards'], priority: 2 }),
        r2: rule('b', { placements: ['hero', 'cards'] }),
      },
    };
    expect(offersOf(ask(shelf, { placements: [{ id: 'hero' }, { id: 'cards' }] }))).toEqual([['a'], ['b']]);
  });

  test('leaves room in a group for other groups', () => {
    const shelf = {
      placements: { hero: { count: 3, maxPerGroup: 1 } },
      offers: { a: offer({ group: 'g' }), b: offer({ group: 'g' }), c: offer() },
      rules: { r1: rule('a', { priority: 3 }), r2: rule('b', { priority: 2 }), r3: rule('c') },
    };
    expect(offersOf(ask(shelf))).toEqual([['a', 'c']]);
  });

  test('passes over an offer that is not eligible, out of schedule, or lacks content', () => {
    const offers = {
      ineligible: offer({ eligibility: KNOWN }),
      late: offer({ schedule: { until: '2026-11-21T10:00:00Z' } }),
      early: offer({ schedule: { from: '2026-11-22' } }),
      elsewhere: offer({ treatments: { email: { content: {} } } }),
      hollow: offer({ treatments: { '*': { content: { needs: 'petName' } } } }),
      last: offer({ schedule: { from: '2026-11-21T10:00:00Z' } }),
    };
    const rules = Object.fromEntries(
      Object.keys(offers).map((id) => [`r-${id}`, rule(id, { priority: id === 'last' ? 1 : 9 })]),
    );
    expect(offersOf(ask({ offers, rules }, { placements: [{ id: 'hero', count: 9 }] }))).toEqual([['last']]);
  });

  test('minds the schedule, the channels and the status of rules', () => {
    const rules = {
      over: rule('a', { schedule: { until: '2026-01-01' } }),
      email: rule('a', { channels: ['email'] }),
      paused: rule('a', { status: 'paused' }),
      draft: rule('a', { status: 'draft' }),
    };
    expect(offersOf(ask({ offers: { a: offer() }, rules }, { channel: 'web' }))).toEqual([[]]);
    expect(offersOf(ask({ offers: { a: offer() }, rules }, { channel: 'email' }))).toEqual([['a']]);
  });

  test('finds the treatment by placement, then channel, then *', () => {
    const treatments = {
      hero: { content: { at: 'placement' } },
      email: { content: { at: 'channel' } },
      '*': { content: { at: 'any' } },
    };
    const shelf = {
      placements: { hero: {}, letter: { channel: 'email' }, side: {} },
      offers: { a: offer({ treatments }) },
      rules: { r: rule('a', { placements: ['hero', 'letter', 'side'] }) },
    };
    const found = ask(shelf, { placements: [{ id: 'hero' }, { id: 'letter' }, { id: 'side' }] });
    expect(found.map((one) => one.items[0]?.content['at'])).toEqual(['placement', 'channel', 'any']);
  });

  test('falls back to an offer that ignores schedule and eligibility', () => {
    const shelf = {
      placements: { hero: { fallback: 'welcome' } },
      offers: { welcome: offer({ eligibility: KNOWN, schedule: { until: '2020-01-01' } }) },
      rules: {},
    };
    expect(ask(shelf)).toMatchObject([{ reason: 'DEFAULT', items: [{ offer: 'welcome', reason: 'DEFAULT' }] }]);
    expect(ask({ ...shelf, placements: { hero: {} } })).toEqual([{ placement: 'hero', reason: 'DEFAULT', items: [] }]);
  });

  test('decides from the context alone when the visitor could not be read', () => {
    const offers = {
      mobile: offer(),
      known: offer(),
      unknown: offer(),
      guarded: offer({ eligibility: { not: KNOWN } }),
      welcome: offer(),
    };
    const rules = {
      r1: rule('mobile', { conditions: MOBILE }),
      r2: rule('known', { conditions: KNOWN }),
      r3: rule('unknown', { conditions: { not: KNOWN } }),
      r4: rule('guarded'),
    };
    const shelf = { placements: { hero: { count: 5, fallback: 'welcome' } }, offers, rules };
    expect(offersOf(ask(shelf, { visitor: 'unread', context: { device: 'mobile' } }))).toEqual([['mobile']]);
    expect(ask(shelf, { visitor: 'unread' })).toMatchObject([
      { reason: 'STALE', items: [{ offer: 'welcome', reason: 'STALE' }] },
    ]);
    expect(offersOf(ask(shelf, { context: { device: 'mobile' } }))).toEqual([['guarded', 'mobile', 'unknown']]);
  });

  test('tells rules which placement and channel they speak in', () => {
    const inHero: RootCondition = {
      all: [
        { fact: 'context', path: '$.placement', operator: 'equal', value: 'hero' },
        { fact: 'context', path: '$.channel', operator: 'equal', value: 'web' },
      ],
    };
    const shelf = {
      placements: { hero: { channel: 'web' }, side: { channel: 'web' } },
      offers: { a: offer() },
      rules: { r: rule('a', { placements: ['hero', 'side'], conditions: inHero }) },
    };
    expect(offersOf(ask(shelf, { placements: [{ id: 'side' }, { id: 'hero' }] }))).toEqual([[], ['a']]);
  });

  test('offers the segments a person is in as a fact', () => {
    const segments = { known: { name: 'Known', conditions: KNOWN }, mobile: { name: 'Mobile', conditions: MOBILE } };
    const shelf = {
      segments,
      offers: { a: offer() },
      rules: {
        r: rule('a', {
          conditions: { all: [{ fact: 'segments', operator: 'contains', value: 'known' }, { condition: 'mobile' }] },
        }),
      },
    };
    const visitor = visitorView({ visitorId: 'v', traits: { name: 'Ada' } });
    expect(offersOf(ask(shelf, { visitor, context: { device: 'mobile' } }))).toEqual([['a']]);
    expect(offersOf(ask(shelf, { context: { device: 'mobile' } }))).toEqual([[]]);
  });

  test.each(['contains', 'not:contains', 'doesNotContain'])(
    'asks for one segment of the list by "%s" as it asks for the list itself',
    (operator) => {
      const segments = { known: { name: 'Known', conditions: KNOWN }, mobile: { name: 'Mobile', conditions: MOBILE } };
      // A decorator that changes nothing here has the list itself compared.
      const rules = Object.fromEntries(
        ['known', 'mobile', 'nobody'].flatMap((value) =>
          [operator, `ignoreCase:${operator}`].map((asked) => [
            `${asked} ${value}`,
            rule(`${asked} ${value}`, { conditions: { all: [{ fact: 'segments', operator: asked, value }] } }),
          ]),
        ),
      );
      const offers = Object.fromEntries(Object.keys(rules).map((id) => [id, offer()]));
      const placements = [{ id: 'hero', count: 9 }];
      for (const visitor of [visitorView({ visitorId: 'v', traits: { name: 'Ada' } }), undefined, 'unread'] as const) {
        for (const device of ['mobile', 'desktop']) {
          const [found = []] = offersOf(
            ask({ segments, offers, rules }, { placements, context: { device }, ...(visitor && { visitor }) }),
          );
          const plain = found.filter((id) => !id.startsWith('ignoreCase:'));
          expect(found.filter((id) => id.startsWith('ignoreCase:'))).toEqual(plain.map((id) => `ignoreCase:${id}`));
          expect(plain).toHaveLength(visitor === 'unread' ? 0 : expectedCount(operator, visitor, device));
        }
      }
    },
  );

  test('passes over what is more work than the decision may take, and has something left for the next', () => {
    const costly = (steps: number) => offer({ treatments: { '*': { content: { steps } } } });
    const shelf = {
      placements: { hero: { fallback: 'welcome' }, side: {} },
      offers: { loops: costly(1e9), loopsToo: costly(1e9), small: costly(1_000), welcome: offer() },
      rules: {
        r1: rule('loops', { priority: 3 }),
        r2: rule('small', { priority: 2 }),
        r3: rule('loopsToo', { placements: ['side'] }),
      },
    };
    const asked = { placements: [{ id: 'hero' }, { id: 'side' }, { id: 'hero' }] };
    expect(offersOf(ask(shelf, asked))).toEqual([['small'], [], ['welcome']]);
  });
});
