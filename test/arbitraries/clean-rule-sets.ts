/**
 * Large rule sets of a made-up business with nothing wrong in them, to plant faults in. The same seed gives the same
 * set.
 */
import type { Comparison, Condition } from '../../src/engine/language/condition-definition.js';
import type { Json } from '../../src/engine/language/json.js';
import type { ShelfTold } from '../shelf.js';

type Told<K extends keyof ShelfTold> = NonNullable<ShelfTold[K]>;
/** What a large rule set is made from. */
export type CleanSet = { readonly [K in 'placements' | 'offers' | 'segments' | 'rules']: Told<K> };

const RULES = 500;
const PLACEMENTS = 25;
const OFFERS = 120;
const SEGMENTS = 30;
const EVENTS = ['Product Viewed', 'Order Completed', 'Search Made', 'Support Contacted', 'Page Viewed'] as const;

/**
 * Every rule asks for an interest of its own, so that none holds wherever another does; every placement ranks its
 * rules; every offer has a rule. All else is drawn: bounds that leave room, lists, counts, clocks, segments, schedules.
 */
export function cleanSet(seed: number): CleanSet {
  const draw = drawing(seed);
  const ids = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}-${index}`);
  const placements = Object.fromEntries(
    ids('placement', PLACEMENTS).map((id) => [
      id,
      {
        channel: draw.one(['web', 'app', 'email']),
        count: draw.one([1, 1, 2, 3]),
        fallback: 'offer-0',
        ...(draw.chance(0.2) && { maxPerGroup: 1 }),
        ...(draw.chance(0.2) && { dedupe: 'once' }),
      },
    ]),
  );
  const offers = Object.fromEntries(ids('offer', OFFERS).map((id, index) => [id, offer(draw, index)]));
  const segments = Object.fromEntries(
    ids('segment', SEGMENTS).map((id, index) => [
      id,
      { any: [interest(`s${index}`), ...draw.some(() => leaf(draw), 2)] },
    ]),
  );
  const rules = Object.fromEntries(ids('rule', RULES).map((id, index) => [id, rule(draw, index)]));
  return { placements, offers, segments, rules };
}

function offer(draw: Drawing, index: number): Told<'offers'>[string] {
  return {
    group: `group-${index % 9}`,
    treatments: {
      '*': { content: { title: draw.chance(0.3) ? "For {{ profile.name | default: 'you' }}" : `Offer ${index}` } },
    },
    ...(draw.chance(0.3) && {
      eligibility: {
        all: [
          { fact: 'profile', path: '$.marketing', operator: 'notEqual', value: 'none' },
          { not: { fact: 'profile', path: '$.owns', operator: 'contains', value: `thing ${index}` } },
        ],
      },
    }),
    ...(draw.chance(0.1) && { consent: 'personalisation' }),
  };
}

function rule(draw: Drawing, index: number): Told<'rules'>[string] {
  const placement = index % PLACEMENTS;
  return {
    placements: [`placement-${placement}`],
    offer: `offer-${1 + (index % (OFFERS - 1))}`,
    priority: 1 + Math.floor(index / PLACEMENTS),
    when: [
      interest(`r${index}`),
      ...draw.some(() => leaf(draw), 3),
      ...(draw.chance(0.3) ? [{ condition: `segment-${draw.below(SEGMENTS)}` }] : []),
      ...(draw.chance(0.2) ? [{ any: [leaf(draw), leaf(draw)] }] : []),
    ],
    ...(draw.chance(0.2) && { schedule: { from: '2026-11-01', until: draw.one(['2026-12-24', '2027-03-01']) } }),
  };
}

function interest(value: string): Condition {
  return { fact: 'profile', path: '$.interests', operator: 'contains', value };
}

/** Each kind of condition speaks of values of its own, in a range that all of its conditions have in common. */
function leaf(draw: Drawing): Condition {
  const n = draw.below(8);
  const comparison = (fact: string, path: string, operator: string, value: Json): Comparison => ({
    fact,
    path: `$.${path}`,
    operator,
    value,
  });
  const count = (operator: string, value: number, within: string): Comparison => ({
    fact: 'interactions',
    params: { event: draw.one(EVENTS), within, aggregate: 'count' },
    operator,
    value,
  });
  return draw.one<() => Condition>([
    () => comparison('profile', `low${n}`, 'greaterThan', draw.below(40)),
    () => comparison('profile', `high${n}`, 'lessThanInclusive', 41 + draw.below(40)),
    () => comparison('profile', `city${n}`, 'notEqual', draw.one(['Oslo', 'Ghent', 'Porto'])),
    () => comparison('profile', `tier${n}`, 'in', ['gold', draw.one(['silver', 'bronze'])]),
    () => comparison('profile', `topics${n}`, 'someValue:contains', ['cars', `topic${draw.below(9)}`]),
    () => comparison('context', 'device', 'in', ['mobile', draw.one(['desktop', 'tablet'])]),
    () => comparison('now', 'hour', 'greaterThanInclusive', draw.below(12)),
    () => comparison('now', 'weekday', 'notIn', [draw.one(['saturday', 'sunday'])]),
    () => comparison('session', 'interactions', 'greaterThan', draw.below(5)),
    () => count('greaterThanInclusive', 1 + draw.below(5), draw.one(['7d', '30d', '12h'])),
    () => ({ not: comparison('profile', `cover${n}`, 'contains', 'home') }),
  ])();
}

interface Drawing {
  below(limit: number): number;
  chance(share: number): boolean;
  one<T>(list: readonly T[]): T;
  some<T>(make: () => T, most: number): T[];
}

/** A generator of pseudo-random numbers (mulberry32): good enough to draw, and the same everywhere. */
function drawing(seed: number): Drawing {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (share) => next() < share,
    one: <T>(list: readonly T[]) => list[below(list.length)] as T,
    some: (make, most) => Array.from({ length: 1 + below(most) }, make),
  };
}
