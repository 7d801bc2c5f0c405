import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../engine/decide.js';
import { inputOf, DAY, HOUR, MINUTE, type Asked } from '../../engine/limits/limits.contract.js';
import { countsFrom, countsUntil } from '../../engine/values/count-window.js';
import type { Contact } from '../../engine/visitor/contacts.js';
import { loadRulebook } from '../build/load-rulebook.js';
import { readJson } from '../read/read-json.js';
import { countsAll, writtenLimit } from './written-limit.js';

const SHOWN = { '*': { content: { title: 'Look' } } };
const ZONES = ['UTC', 'Europe/London', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Pacific/Apia'];

function load(caps: readonly object[], limits: readonly object[]) {
  const rule = (offer: string) => ({
    name: `For everybody: ${offer}`,
    placements: ['hero', 'aside'],
    conditions: { all: [] },
    event: { type: 'offer', params: { offer } },
  });
  const files = {
    'placements/hero.json': { name: 'Hero', channel: 'web' },
    'placements/aside.json': { name: 'Aside', channel: 'web' },
    'offers/tried.json': { name: 'Tried', group: 'shop', treatments: SHOWN, caps },
    'offers/other.json': { name: 'Other', treatments: SHOWN },
    'proactive/tried.json': { ...rule('tried'), priority: 2 },
    'proactive/other.json': rule('other'),
    'policies/contact.json': { name: 'Left alone', limits },
  };
  const texts = Object.entries(files).map(([path, definition]) => ({
    path,
    text: JSON.stringify(definition, null, 1),
  }));
  const { rulebook, problems, warnings } = loadRulebook(texts);
  expect(problems).toEqual([]);
  const lines = JSON.stringify(files['offers/tried.json'], null, 1).split('\n');
  const starts = lines.flatMap((line, at) => (line === '  {' ? [at + 1] : []));
  const warned = warnings
    .filter(({ message }) => message.includes('can never be reached'))
    .map(({ line }) => starts.indexOf(line));
  return { rulebook, warned };
}

const within = fc.constantFrom('1h', '1d', '25h', '2d', '7d', '8d', '32d', 'day', 'week', 'month');
const counted = {
  event: fc.constantFrom('shown', 'shown', 'shown', 'decided'),
  limit: fc.integer({ min: 1, max: 4 }),
  timeZone: fc.constantFrom(undefined, undefined, 'UTC', 'Pacific/Apia'),
};
const cap = fc.record({
  ...counted,
  within: fc.option(within, { nil: undefined }),
  placement: fc.constantFrom(undefined, undefined, 'hero'),
});
const contactLimit = fc.record({
  ...{ ...counted, within },
  channels: fc.constantFrom(undefined, ['web']),
  groups: fc.constantFrom(undefined, ['shop']),
  offers: fc.constantFrom(undefined, undefined, ['other']),
});

/** Around a day that Samoa skipped, now, and at the end of days of 25 hours in London and in São Paulo. */
const instant = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(Date.parse('2026-10-25T23:30:00Z'), Date.parse('2012-02-27T02:30:00Z')),
      fc.integer({ min: -HOUR, max: HOUR }),
    )
    .map(([at, more]) => at + more),
  fc.integer({ min: Date.parse('2011-12-20T00:00:00Z'), max: Date.parse('2012-02-10T00:00:00Z') }),
  fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2026-12-31T00:00:00Z') }),
);
const contact = fc.record({
  event: fc.constantFrom<Contact['event']>('decided', 'decided', 'shown', 'shown', 'shown', 'dismissed'),
  offer: fc.constantFrom('tried', 'tried', 'other'),
  ago: fc.oneof(
    fc.integer({ min: -MINUTE, max: 3 * HOUR }),
    fc.integer({ min: 23 * HOUR, max: 26 * HOUR }),
    fc.integer({ min: 0, max: 40 * DAY }),
  ),
  ref: fc.integer({ min: 1, max: 9 }),
  channel: fc.constantFrom('web', 'web', 'email'),
  placement: fc.constantFrom(undefined, 'hero', 'aside'),
  held: fc.integer({ min: 0, max: 4 * HOUR }),
});
const asked: fc.Arbitrary<Asked> = fc
  .record({
    now: instant,
    zone: fc.constantFrom(...ZONES),
    contacts: fc.array(contact, { maxLength: 10 }),
    channel: fc.constantFrom('web', 'email'),
  })
  .map(({ now, zone, contacts, channel }) => ({
    ...{ now, traits: { timezone: zone }, placements: ['hero', 'aside'], channel },
    contacts: contacts.map(({ ago, held, placement, ...one }): Contact => ({
      ...{ ...one, at: now - ago },
      ...(placement !== undefined && { placement }),
      ...(one.event === 'decided' && { heldUntil: now - ago + held }),
    })),
  }));

test('without a cap that can never be reached everybody is offered the same', () => {
  const seen = { warned: 0, capped: 0, free: 0 };
  fc.assert(
    fc.property(
      fc.array(cap, { minLength: 1, maxLength: 3 }),
      fc.array(contactLimit, { maxLength: 1 }),
      fc.array(asked, { minLength: 40, maxLength: 40 }),
      (caps, limits, people) => {
        const { rulebook, warned } = load(caps, limits);
        const [at] = warned;
        if (at === undefined || !rulebook) return;
        const without = load(caps.toSpliced(at, 1), limits).rulebook;
        seen.warned++;
        for (const one of people) {
          const answer = decide(inputOf(rulebook, one));
          expect(without && decide(inputOf(without, one))).toEqual(answer);
          if (answer.some(({ items }) => items[0]?.offer !== 'tried')) seen.capped++;
          else seen.free++;
        }
      },
    ),
    { numRuns: 200, seed: 14 },
  );
  // The property says something: there were such caps, people from whom limits kept the offer, and others.
  expect(seen.warned).toBeGreaterThan(20);
  expect(Math.min(seen.capped, seen.free)).toBeGreaterThan(50);
});

test('what a wider limit counts begins as early and ends as late, in any zone, however clocks are set', () => {
  const limit = (definition: object) => {
    const { root } = readJson(JSON.stringify(definition));
    return root && writtenLimit(root);
  };
  const windowed = fc.record({ within: fc.option(within, { nil: undefined }), timeZone: counted.timeZone });
  const asked = fc.record({ total: fc.boolean(), zone: fc.constantFrom(...ZONES), at: instant });
  let wider = 0;
  fc.assert(
    fc.property(windowed, windowed, asked, (a, b, { total, zone, at }) => {
      const [one, other] = [a, b].map((written) =>
        limit({ event: 'shown', limit: 1, ...written, ...(total && { per: 'total' }) }),
      );
      if (!one || !other || !countsAll(one, other)) return;
      wider++;
      const [oneZone, otherZone] = [one.timeZone ?? zone, other.timeZone ?? zone];
      expect(countsFrom(one.window, at, oneZone)).toBeLessThanOrEqual(countsFrom(other.window, at, otherZone));
      expect(countsUntil(one.window, at, oneZone)).toBeGreaterThanOrEqual(countsUntil(other.window, at, otherZone));
    }),
    { numRuns: 5_000, seed: 14 },
  );
  expect(wider).toBeGreaterThan(1_000);
});
