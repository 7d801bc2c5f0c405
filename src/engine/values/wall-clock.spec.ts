import { describe, expect, test } from '@jest/globals';
import { instantOf, instantsOf, isTimeZone, wallOf } from './wall-clock.js';

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

describe('what the clocks of a zone show', () => {
  const at = (text: string) => Date.parse(`${text}Z`);

  test.each([
    ['2026-03-29T02:30', [], '2026-03-29T01:30'],
    ['2026-03-29T02:00', [], '2026-03-29T01:00'],
    ['2026-03-29T03:00', ['2026-03-29T01:00'], '2026-03-29T01:00'],
    ['2026-03-29T01:59', ['2026-03-29T00:59'], '2026-03-29T00:59'],
    ['2026-10-25T02:30', ['2026-10-25T00:30', '2026-10-25T01:30'], '2026-10-25T00:30'],
    ['2026-10-25T03:00', ['2026-10-25T02:00'], '2026-10-25T02:00'],
    ['2026-07-01T12:00', ['2026-07-01T10:00'], '2026-07-01T10:00'],
  ])('%s in Berlin is shown at %j, and taken for %s', (wall, instants, taken) => {
    expect(instantsOf(at(wall), 'Europe/Berlin')).toEqual(instants.map(at));
    expect(instantOf(at(wall), 'Europe/Berlin')).toBe(at(taken));
  });
});
