import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../engine/decide.js';
import { inputOf, DAY, MINUTE, NOW, type Asked } from '../../engine/limits/limits.contract.js';
import { loadRulebook } from '../build/load-rulebook.js';

const SHOWN = { '*': { content: { title: 'Look' } } };

/** Two placements with a fallback, and an offer for everybody in both; with what is warned of. */
function load(files: Readonly<Record<string, object>>) {
  const all = {
    'placements/hero.json': { name: 'Hero', fallback: 'plain' },
    'placements/desk.json': { name: 'Desk', fallback: 'plain' },
    'offers/plain.json': { name: 'Plain', treatments: SHOWN, transactional: true },
    'offers/tried.json': { name: 'Tried', treatments: SHOWN },
    'proactive/tried.json': {
      name: 'For everybody',
      placements: ['hero', 'desk'],
      conditions: { all: [] },
      event: { type: 'offer', params: { offer: 'tried' } },
    },
    ...files,
  };
  const texts = Object.entries(all).map(([path, definition]) => ({ path, text: JSON.stringify(definition) }));
  const { rulebook, warnings } = loadRulebook(texts);
  if (!rulebook) throw new Error('these rules have problems');
  const offersFor = (asked: Asked) => decide(inputOf(rulebook, asked)).map(({ items }) => items[0]?.offer);
  return { warned: warnings.length, offersFor };
}

test('an offer that is shown once and stays away for good is not offered again while that is so', () => {
  const policy = (days: number) => ({ name: 'Left alone', suppression: [{ after: 'shown', for: `${days}d` }] });
  const schedule = { from: '2026-11-01', until: '2026-12-01' };
  const [begin, end] = [Date.parse(schedule.from), Date.parse(schedule.until) - 1];
  const people = fc.record({ days: fc.integer({ min: 20, max: 40 }), first: fc.nat(29), more: fc.nat(30 * DAY) });
  const seen = { warned: 0, offered: 0 };
  fc.assert(
    fc.property(people, ({ days, first, more }) => {
      const { warned, offersFor } = load({
        'policies/contact.json': policy(days),
        'offers/tried.json': { name: 'Tried', treatments: SHOWN, schedule },
      });
      const at = begin + first * DAY;
      const contacts = [{ event: 'shown' as const, offer: 'tried', at, ref: 1 }];
      const [offer] = offersFor({ contacts, now: Math.min(at + more, end) });
      if (warned > 0) expect(offer).toBe('plain');
      seen[warned > 0 ? 'warned' : 'offered'] += warned > 0 || offer === 'tried' ? 1 : 0;
      expect(warned > 0).toBe(days >= 30);
    }),
    { numRuns: 100, seed: 14 },
  );
  expect(Math.min(seen.warned, seen.offered)).toBeGreaterThan(0);
});

test('a placement without a channel offers what another without one has leased, until one of them has one', () => {
  const lease = { minutes: 20 };
  const leased = (channel: object) => ({
    ...{ event: 'decided' as const, offer: 'tried', at: NOW - MINUTE, ref: 1, placement: 'desk' },
    ...{ leasedUntil: NOW + 19 * MINUTE, ...channel },
  });
  const without = load({ 'placements/desk.json': { name: 'Desk', fallback: 'plain', lease } });
  expect([without.warned, without.offersFor({ contacts: [leased({})] })]).toEqual([1, ['tried']]);
  const channel = { channel: 'desk' };
  const named = load({ 'placements/desk.json': { name: 'Desk', fallback: 'plain', lease, ...channel } });
  expect([named.warned, named.offersFor({ contacts: [leased(channel)] })]).toEqual([0, ['plain']]);
});

test.each([
  { suppression: [{ after: 'dismissed', for: '14d' }] },
  { quietHours: [{ from: '09:00', until: '11:00' }] },
  { limits: [{ event: 'shown', limit: 1, within: 'day' }] },
])('a fallback that is not transactional is held back: %j', (policy) => {
  const contacts = (['shown', 'dismissed'] as const).map((event) => ({ event, offer: 'plain', at: NOW - 1, ref: 1 }));
  const files = {
    'policies/contact.json': { name: 'Left alone', ...policy },
    'offers/tried.json': { name: 'Tried', treatments: SHOWN, status: 'draft' },
  };
  const held = load({ ...files, 'offers/plain.json': { name: 'Plain', treatments: SHOWN } });
  expect([held.warned, held.offersFor({ contacts, now: NOW })]).toEqual([2, [undefined]]);
  const free = load(files);
  expect([free.warned, free.offersFor({ contacts, now: NOW })]).toEqual([0, ['plain']]);
});
