import { describe, expect, test } from '@jest/globals';
import { InvalidRequest } from '../errors.js';
import { readDecisionRequest } from './decision-request.js';

const ok = { visitorId: 'u', placements: ['hero'] };

function problemsOf(body: unknown): string[] {
  try {
    readDecisionRequest(body);
    return [];
  } catch (error) {
    if (error instanceof InvalidRequest) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
}

describe('a decision request', () => {
  test('needs only a visitor and placements', () => {
    expect(readDecisionRequest({ visitorId: 'u', placements: ['hero', { id: 'cards', count: 3 }] })).toEqual({
      visitorId: 'u',
      placements: [{ id: 'hero' }, { id: 'cards', count: 3 }],
      context: {},
      events: [],
      now: undefined,
      dryRun: false,
      explain: false,
    });
  });

  test.each<[unknown, string]>([
    [{}, 'visitorId: is missing'],
    [[], ': must be an object'],
    [{ ...ok, visitorId: '' }, 'visitorId: must not be empty'],
    [{ ...ok, visitorId: 1.5 }, 'visitorId: must be a text; a number is taken as an id only where it is a whole one'],
    [{ ...ok, visitorId: true }, 'visitorId: must be a text'],
    [{ ...ok, visitorId: ' ' }, 'visitorId: must not be empty'],
    [{ ...ok, visitorId: 'x'.repeat(257) }, 'visitorId: is 257 characters long; the limit is 256'],
    [{ ...ok, placements: [] }, 'placements: must have at least 1'],
    [{ ...ok, placements: Array(31).fill('hero') }, 'placements: has more than the limit of 30'],
    [
      { ...ok, placements: [7] },
      'placements[0]: must be a placement id, or an object such as { "id": "home.cards", "count": 3 }',
    ],
    [{ ...ok, placements: [{ count: 2 }] }, 'placements[0].id: is missing'],
    [{ ...ok, placements: [{ id: 'hero', count: 0 }] }, 'placements[0].count: must be >= 1'],
    [{ ...ok, placements: [''] }, 'placements[0]: must not be empty'],
    [{ ...ok, context: [] }, 'context: must be an object'],
    [
      { ...ok, context: { cart: { items: [{ price: JSON.parse('1e999') as number }] } } },
      'context.cart.items.0.price: is a number that is too large to be told from infinity; ' +
        'send a smaller one, or a text',
    ],
    [
      { ...ok, now: '2026-11-21T10:00:00Z' },
      'now: is accepted only with "dryRun": true, as time travel must not change anything',
    ],
    [
      { ...ok, dryRun: true, now: 'tomorrow' },
      'now: must be an ISO 8601 time, such as "2026-11-21T10:00:00Z", or the seconds, milliseconds, microseconds or ' +
        'nanoseconds since 1970 as a number',
    ],
    [{ ...ok, dryRun: 'yes' }, 'dryRun: must be a boolean'],
    [
      { ...ok, placement: 'hero' },
      'placement: is not known here; the members are visitorId, placements, channel, context, events, now, ' +
        'dryRun, hold, explain',
    ],
    [{ ...ok, hold: 'soon' }, 'hold: is no duration: write a number and s, m, h, d or w, such as "2d"'],
    [{ ...ok, hold: '61d' }, 'hold: is longer than places may be held; write "60d" or less'],
  ])('%j has the problem %s', (body, problem) => {
    expect(problemsOf(body)).toContain(problem);
  });
});
