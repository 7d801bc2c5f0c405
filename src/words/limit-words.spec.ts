import { expect, test } from '@jest/globals';
import type { ExplainedLimit } from '../engine/explain/explanation.js';
import { type Gate } from '../engine/gates.js';
import { limitText } from './limit-words.js';

test.each<[Gate, ExplainedLimit, string]>([
  [
    'CAPPED',
    {
      cap: { event: 'shown', limit: 3, per: 'visitor', within: 'week', timeZone: 'Europe/Brussels', taken: 3, held: 1 },
      opensAt: '2026-11-29T23:00:00.000Z',
    },
    'a cap is reached: shown 3 of 3 within week, 1 of them held by decisions; ' +
      'possible again on Monday 2026-11-30 00:00 (Europe/Brussels)',
  ],
  [
    'CAPPED',
    { cap: { event: 'accepted', limit: 100, per: 'total', placement: 'home.hero' }, notKnown: true },
    'a cap is reached or not, could not be known: accepted 100 in total in home.hero',
  ],
  [
    'CAPPED',
    { cap: { event: 'accepted', limit: 'stock', per: 'total' } },
    'a cap is reached: what is in stock is gone',
  ],
  [
    'SUPPRESSED',
    { policy: { at: 'suppression.1', after: 'dismissed', times: 3, within: '30d', for: '14d' } },
    'contact policy keeps the offer away: dismissed 3 times within 30d, for 14d (suppression.1)',
  ],
  [
    'SUPPRESSED',
    { policy: { at: 'suppression.0', after: 'dismissed', times: 2, for: '14d', putOff: true } },
    'contact policy keeps the offer away: put off until later (suppression.0)',
  ],
  [
    'SUPPRESSED',
    { policy: { at: 'suppression.0', after: 'dismissed', for: '14d', group: '3d', because: 'pet-cover' } },
    'contact policy keeps the offer away: pet-cover was dismissed, for 3d (suppression.0)',
  ],
  [
    'QUIET_HOURS',
    {
      policy: { at: 'quietHours.0', from: '21:00', until: '08:00', timeZone: 'UTC' },
      opensAt: '2026-11-24T08:00:00.000Z',
    },
    'it is a time of day at which nothing is offered: from 21:00 until 08:00 (quietHours.0); ' +
      'possible again on Tuesday 2026-11-24 08:00 (UTC)',
  ],
  [
    'CONTACT_LIMIT',
    {
      policy: { at: 'limits.0', name: 'Two a week', event: 'shown', limit: 2, within: 'week', taken: 2, held: 0 },
    },
    'there were as many contacts as there may be: Two a week, shown 2 of 2 within week (limits.0)',
  ],
  [
    'LEASED',
    { lease: { channel: 'desk', placement: 'desk.next-best' } },
    'another channel keeps the offer to itself: desk by desk.next-best',
  ],
])('%s %j in words', (gate, limit, text) => {
  expect(limitText(gate, limit)).toBe(text);
});
