import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { explainGolden, goldenExplanations } from '../../../test/golden/golden-explanations.js';
import { compileRulebook } from '../compile.js';
import { decide } from '../decide.js';
import type { DecideInput, PlacementRequest } from '../decision-run.js';
import type { RootCondition } from '../language/condition-definition.js';
import type { Definitions } from '../language/definitions.js';
import type { OfferDefinition } from '../language/offer-definition.js';
import type { PlacementDefinition } from '../language/placement-definition.js';
import type { RuleDefinition } from '../language/rule-definition.js';
import { explain, explainOffers } from './explain.js';
import type { PlacementExplanation } from './explanation.js';
import type { Renderer } from '../rulebook.js';
import { visitorView } from '../visitor/visitor.js';

const ALWAYS: RootCondition = { all: [] };
const NEVER: RootCondition = { not: ALWAYS };
const MOBILE: RootCondition = { all: [{ fact: 'context', path: '$.device', operator: 'equal', value: 'mobile' }] };

const renderer = (): Renderer => () => ({ content: {}, actions: [] });
const offer = (more: Partial<OfferDefinition> = {}): OfferDefinition => ({
  name: 'An offer',
  treatments: { '*': { content: {} } },
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
}

function input(
  { placements = { hero: {} }, offers, rules }: Shelf,
  asked: readonly PlacementRequest[] = [{ id: 'hero' }],
): DecideInput {
  const definitions: Definitions = {
    placements: new Map(Object.entries(placements).map(([id, one]) => [id, { name: id, ...one }])),
    offers: new Map(Object.entries(offers)),
    rules: new Map(Object.entries(rules)),
    segments: new Map(),
    cases: new Map(),
  };
  const rulebook = compileRulebook(definitions, { renderer, instant: Date.parse }, { version: 1, digest: 'sha256:0' });
  return {
    rulebook,
    request: { placements: asked, context: {} },
    visitor: visitorView({ visitorId: 'v' }),
    now: Date.parse('2026-11-21T10:00:00Z'),
  };
}

const why = (shelf: Shelf, asked?: readonly PlacementRequest[]): PlacementExplanation | undefined =>
  explain(input(shelf, asked)).explanation.at(-1);
const whyRule = (id: string, shelf: Shelf, asked?: readonly PlacementRequest[]) =>
  why(shelf, asked)?.rules.find((one) => one.rule === id);

describe('an explanation', () => {
  test.each(goldenExplanations.map((golden) => [golden.name, golden] as const))('of %s', (_name, golden) => {
    expect(explainGolden(golden).explanation).toEqual(golden.explanation);
  });

  test('belongs to the very decision that is made without it', () => {
    const condition = fc.constantFrom(ALWAYS, NEVER, MOBILE);
    const rules = fc.dictionary(
      fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5'),
      fc.record({
        to: fc.constantFrom('a', 'b', 'c'),
        conditions: condition,
        priority: fc.integer({ min: 1, max: 3 }),
        side: fc.boolean(),
      }),
    );
    const offers = fc.record({ a: condition, b: condition, c: condition });
    fc.assert(
      fc.property(rules, offers, fc.integer({ min: 1, max: 2 }), (drawn, eligibility, count) => {
        const made = Object.entries(drawn).map(
          ([id, { to, side, ...more }]) =>
            [id, rule(to, { ...more, placements: side ? ['hero', 'side'] : ['side'] })] as const,
        );
        const shelf: Shelf = {
          placements: { hero: { dedupe: 'home', fallback: 'a' }, side: { dedupe: 'home', count, maxPerGroup: 1 } },
          offers: Object.fromEntries(
            Object.entries(eligibility).map(([id, one]) => [
              id,
              offer({ eligibility: one, ...(id !== 'c' && { group: 'g' }) }),
            ]),
          ),
          rules: Object.fromEntries(made),
        };
        const asked = input(shelf, [{ id: 'hero' }, { id: 'side' }]);
        const { decisions, explanation } = explain(asked);
        expect(decisions).toEqual(decide(asked));
        for (const [index, { rules: told }] of explanation.entries()) {
          const won = decisions[index]?.items.flatMap((item) => item.rule ?? []) ?? [];
          expect(
            told
              .filter(({ verdict }) => verdict === 'WON')
              .map((one) => one.rule)
              .sort(),
          ).toEqual(won.sort());
          for (const one of told) expect(one.verdict === 'STOPPED').toBe(one.gate !== undefined);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('says that a nearest miss would win only where it then does', () => {
    const offers = { a: offer(), b: offer({ group: 'g' }), c: offer({ group: 'g' }) };
    const rules = {
      top: rule('a', { priority: 9 }),
      above: rule('b', { priority: 9, conditions: MOBILE }),
      below: rule('c', { priority: 1, conditions: MOBILE }),
    };
    const misses = (placement: Partial<PlacementDefinition>) =>
      why({ placements: { hero: placement }, offers, rules })?.rules.flatMap((one) =>
        one.nearestMiss ? [[one.rule, one.nearestMiss.wouldWin]] : [],
      );
    expect(misses({ count: 2 })).toEqual([
      ['above', true],
      ['below', true],
    ]);
    expect(misses({ count: 1 })).toEqual([
      ['above', false],
      ['below', false],
    ]);
    const [first, second] = [
      rule('b', { priority: 3, placements: ['hero'] }),
      rule('c', { priority: 2, placements: ['hero'], conditions: MOBILE }),
    ];
    expect(
      whyRule('r2', { placements: { hero: { count: 2, maxPerGroup: 1 } }, offers, rules: { r1: first, r2: second } })
        ?.nearestMiss?.wouldWin,
    ).toBe(false);
  });

  test('is right about what would win, whatever the rules are', () => {
    const drawn = fc.dictionary(
      fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6'),
      fc.record({
        to: fc.constantFrom('a', 'b', 'c', 'd'),
        conditions: fc.constantFrom(ALWAYS, MOBILE),
        priority: fc.integer({ min: 1, max: 3 }),
      }),
    );
    const groups = fc.record({ a: fc.boolean(), b: fc.boolean(), c: fc.boolean(), d: fc.boolean() });
    fc.assert(
      fc.property(drawn, groups, fc.integer({ min: 1, max: 3 }), fc.boolean(), (made, grouped, count, limited) => {
        const shelf: Shelf = {
          placements: { hero: { dedupe: 'home' }, side: { dedupe: 'home', count, ...(limited && { maxPerGroup: 1 }) } },
          offers: Object.fromEntries(
            Object.entries(grouped).map(([id, inGroup]) => [id, offer(inGroup ? { group: 'g' } : {})]),
          ),
          rules: {
            first: rule('a'),
            ...Object.fromEntries(
              Object.entries(made).map(([id, { to, ...more }]) => [id, rule(to, { ...more, placements: ['side'] })]),
            ),
          },
        };
        const asked: PlacementRequest[] = [{ id: 'hero' }, { id: 'side' }];
        const before = decide(input(shelf, asked))[1]?.items ?? [];
        for (const { rule: id, offer: put, nearestMiss } of why(shelf, asked)?.rules ?? []) {
          if (!nearestMiss) continue;
          const held = {
            ...shelf,
            rules: { ...shelf.rules, [id]: { ...(shelf.rules[id] as RuleDefinition), conditions: ALWAYS } },
          };
          const brought =
            decide(input(held, asked))[1]?.items.some((item) => item.rule === id) &&
            !before.some((item) => item.offer === put);
          expect([id, nearestMiss.wouldWin]).toEqual([id, brought]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('minds what earlier placements took, for the nearest miss too', () => {
    const placements = { hero: { dedupe: 'home' }, side: { dedupe: 'home' } };
    const shelf: Shelf = {
      placements,
      offers: { a: offer() },
      rules: { r1: rule('a'), r2: rule('a', { placements: ['side'], conditions: MOBILE }) },
    };
    expect(whyRule('r2', shelf, [{ id: 'hero' }, { id: 'side' }])?.nearestMiss?.wouldWin).toBe(false);
    expect(whyRule('r2', shelf, [{ id: 'side' }])?.nearestMiss?.wouldWin).toBe(true);
  });

  test('takes the highest priority among misses that are as near, then the id', () => {
    const rules = {
      r1: rule('a', { conditions: MOBILE }),
      r3: rule('b', { conditions: MOBILE, priority: 2 }),
      r2: rule('c', { conditions: MOBILE, priority: 2 }),
    };
    expect(why({ offers: { a: offer(), b: offer(), c: offer() }, rules })?.nearestMiss).toMatchObject({
      rule: 'r2',
      offer: 'c',
      conditions: [{ needed: true, of: 'CONDITIONS', fact: 'context' }],
    });
  });

  test('names the better rule where two put the same offer forward', () => {
    const shelf: Shelf = { offers: { a: offer() }, rules: { low: rule('a'), high: rule('a', { priority: 7 }) } };
    expect(whyRule('low', shelf)).toMatchObject({ verdict: 'STOPPED', gate: 'DUPLICATE', betterRule: 'high' });
    expect(whyRule('low', { ...shelf, offers: { a: offer({ eligibility: MOBILE }) } })).toMatchObject({
      gate: 'NOT_ELIGIBLE',
      betterRule: 'high',
      nearestMiss: { wouldWin: false },
    });
  });

  test('says of a rule whose offer is not live that it is out of scope', () => {
    expect(whyRule('r', { offers: { a: offer({ status: 'paused' }) }, rules: { r: rule('a') } })).toMatchObject({
      verdict: 'OUT_OF_SCOPE',
      outOfScope: ['OFFER_NOT_LIVE'],
    });
  });

  test('says why the fallback was wanted, and what stopped it', () => {
    const placements = { hero: { fallback: 'w', dedupe: 'home' }, side: { fallback: 'w', dedupe: 'home' } };
    const offers = { w: offer(), a: offer({ eligibility: NEVER }) };
    const fallbacks = (shelf: Partial<Shelf>) =>
      explain(input({ placements, offers, rules: {}, ...shelf }, [{ id: 'hero' }, { id: 'side' }])).explanation.map(
        ({ fallback }) => fallback,
      );
    expect(fallbacks({})).toEqual([
      { offer: 'w', verdict: 'SHOWN', because: 'NO_RULES' },
      { offer: 'w', verdict: 'STOPPED', because: 'NO_RULES', gate: 'DUPLICATE' },
    ]);
    expect(fallbacks({ rules: { r: rule('a') } })[0]).toEqual({ offer: 'w', verdict: 'SHOWN', because: 'ALL_STOPPED' });
    expect(fallbacks({ rules: { r: rule('a', { conditions: NEVER }) } })[0]).toEqual({
      offer: 'w',
      verdict: 'SHOWN',
      because: 'NONE_MATCHED',
    });
    expect(fallbacks({ offers: { w: offer({ status: 'draft' }) } })[0]).toEqual({
      offer: 'w',
      verdict: 'NOT_LIVE',
      because: 'NO_RULES',
    });
  });

  test('tells a thousand rules and how many more there are, and leaves out none that put an offer forward', () => {
    const many = Object.fromEntries(
      Array.from({ length: 1_200 }, (_, index) => [`r${index}`, rule('a', { conditions: MOBILE, priority: 2 })]),
    );
    const told = why({ offers: { a: offer(), b: offer() }, rules: { ...many, last: rule('b') } });
    expect(told?.rules.length).toBe(1_001);
    expect(told?.rulesLeftOut).toBe(200);
    expect(told?.rules.at(-1)).toMatchObject({ rule: 'last', verdict: 'WON' });
  });

  test('of single offers has all their rules, however many others there are, each as in the whole one', () => {
    const many = Object.fromEntries(
      Array.from({ length: 1_200 }, (_, index) => [`r${index}`, rule('a', { conditions: MOBILE, priority: 2 })]),
    );
    const shelf = { offers: { a: offer(), b: offer() }, rules: { ...many, z: rule('b', { channels: ['email'] }) } };
    const [fates] = explainOffers(input(shelf), new Set(['b', 'unknown']));
    expect(fates?.rules).toMatchObject([{ rule: 'z', verdict: 'OUT_OF_SCOPE', outOfScope: ['CHANNEL'] }]);
    const missed = { ...shelf, rules: { b: rule('b', { conditions: MOBILE }) } };
    const { nearestMiss, ...fate } = whyRule('b', missed) ?? {};
    const [alone] = explainOffers(input(missed), new Set(['b']));
    expect([alone?.rules, nearestMiss]).toEqual([[fate], expect.objectContaining({ wouldWin: true })]);
  });
});
