import { describe, expect, test } from '@jest/globals';
import { frameOf } from './time-frame.js';
import { compareTimes, findTimeComparison } from './time-comparisons.js';

/** Whether an operator holds of a fact, at a time in a zone. */
function holds(operator: string, [fact, value]: readonly [unknown, unknown], now: string, timeZone = 'UTC'): boolean {
  const comparison = findTimeComparison(operator);
  if (!comparison) throw new Error(operator);
  return compareTimes(comparison, fact, frameOf((one) => comparison.reckon(one), value)(Date.parse(now), timeZone));
}

const NOON = '2026-11-29T12:00:00Z';

describe('operators on time', () => {
  test.each([
    ['withinNext', '2026-11-29', '30d', true],
    ['withinNext', '2026-12-29', '30d', true],
    ['withinNext', '2026-12-30', '30d', false],
    ['withinNext', '2026-11-28', '30d', false],
    ['withinNext', '2026-11-29T11:59:59Z', '30d', false],
    ['withinNext', '2026-11-29T12:30', '30m', true],
    ['withinNext', '2026-11-29T12:30:00.001', '30m', false],
    ['withinLast', '2026-11-29', '30d', true],
    ['withinLast', '2026-10-30', '30d', true],
    ['withinLast', '2026-10-29', '30d', false],
    ['withinLast', 1795953600, '1s', true],
    ['during', '2026-11-29', 'today', true],
    ['during', '2026-11-28', 'yesterday', true],
    ['during', '2026-11-30', 'tomorrow', true],
    ['during', '2026-11-23', 'this week', true],
    ['during', '2026-11-22', 'this week', false],
    ['during', '2026-11-30', 'next week', true],
    ['during', '2026-11-22', 'last week', true],
    ['during', '2026-11-01', 'this month', true],
    ['during', '2026-12-31', 'next month', true],
    ['during', '2025-12-31', 'last year', true],
    ['before', '2026-11-28', 'today', true],
    ['before', '2026-11-29', 'today', false],
    ['before', '2026-11-29', 'now', false],
    ['before', '2026-12-29', 'now+30d', false],
    ['before', '2026-12-28', 'now+30d', true],
    ['before', '2026-11-29T11:00:00Z', '2026-11-29T12:30:00+01:00', true],
    ['after', '2026-11-29', 'today', false],
    ['after', '2026-11-30', 'today', true],
    ['after', '2026-12-06', 'today+1w', false],
    ['after', '2026-12-07', 'today+1w', true],
    ['after', '2026-11-29T11:00:00Z', 'now - 1h', false],
    ['after', '20.12.2026', 'today', false],
    ['before', undefined, 'today', false],
    ['before', '2026-11-28', 'soon', false],
    ['before', '2026-11-28', 'today-12h', false],
    ['withinNext', '2026-11-29', '36525000d', true],
  ] as const)('%s of %j and %j is %j', (operator, fact, value, expected) => {
    expect(holds(operator, [fact, value], NOON)).toBe(expected);
  });

  test('go by the clocks of the zone', () => {
    const late = '2026-11-29T23:30:00Z';
    expect(holds('during', ['2026-11-30', 'today'], late, 'Europe/Berlin')).toBe(true);
    expect(holds('during', ['2026-11-29', 'today'], late, 'Europe/Berlin')).toBe(false);
    expect(holds('during', ['2026-11-29T23:00:00Z', 'today'], late, 'Europe/Berlin')).toBe(true);
    expect(holds('during', ['2026-11-29', 'today'], late, 'America/New_York')).toBe(true);
  });

  test('take days of 23 and of 25 hours as days', () => {
    // Half past midnight in Berlin, as summer ends: 24 hours later it is half past eleven on the same day.
    const [autumn, spring] = ['2026-10-24T22:30:00Z', '2026-03-28T23:30:00Z'];
    expect(holds('withinNext', ['2026-10-26', '1d'], autumn, 'Europe/Berlin')).toBe(true);
    expect(holds('withinNext', ['2026-10-27', '1d'], autumn, 'Europe/Berlin')).toBe(false);
    expect(holds('during', ['2026-10-25T22:59:59Z', 'today'], autumn, 'Europe/Berlin')).toBe(true);
    expect(holds('during', ['2026-10-25T23:00:00Z', 'today'], autumn, 'Europe/Berlin')).toBe(false);
    expect(holds('during', ['2026-03-29T21:59:59Z', 'today'], spring, 'Europe/Berlin')).toBe(true);
    expect(holds('during', ['2026-03-29T22:00:00Z', 'today'], spring, 'Europe/Berlin')).toBe(false);
  });

  test('never hold of a value that was not reckoned', () => {
    const before = findTimeComparison('before');
    expect(before && compareTimes(before, '2026-11-28', 'today')).toBe(false);
  });
});
