import { describe, expect, test } from '@jest/globals';
import { instantOf, isTimeZone, wallOf } from './wall-clock.js';

describe('the name of a time zone', () => {
  test.each(['Europe/Brussels', 'UTC', 'America/Argentina/Buenos_Aires', '+02:00'])('%p is one', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  test.each(['Middle/Earth', '', 'Europe/Brussel', 'GMT+2'])('%p is none', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

test('the first day there is begins in every zone, before which calendars show no years', () => {
  const wall = Date.parse('0001-01-01T00:00:00Z');
  for (const timeZone of ['Europe/Berlin', 'America/New_York', '+14:00']) {
    expect(Math.abs(instantOf(wall, timeZone) - wall)).toBeLessThan(86_400_000);
    expect(wallOf(instantOf(wall, timeZone), timeZone)).toBe(wall);
  }
});
