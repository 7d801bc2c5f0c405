import { describe, expect, test } from '@jest/globals';
import { parseTime } from './parse-time.js';

describe('parsing a time', () => {
  test.each([
    ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T10:00:00.123456Z', '2026-11-21T10:00:00.123Z'],
    ['2026-11-21T10:00+01:00', '2026-11-21T09:00:00.000Z'],
    ['2026-11-21T10:00:00-0530', '2026-11-21T15:30:00.000Z'],
    ['2026-11-21T10:00:00', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('reads %s, in UTC where no zone is named', (text, instant) => {
    expect(new Date(parseTime(text)).toISOString()).toBe(instant);
  });

  test.each([
    '',
    'now',
    '21 Nov 2026',
    '2026-13-01',
    '2026-02-30T10:00:00Z',
    '2026-11-21T25:00:00Z',
    '2026-11-21 10:00',
    '1795000000',
  ])('finds no time in "%s"', (text) => {
    expect(parseTime(text)).toBeNaN();
  });
});
