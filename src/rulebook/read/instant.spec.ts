import { describe, expect, test } from '@jest/globals';
import { instant, whenProblem } from './instant.js';

describe('a date', () => {
  test.each([
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-11-01T09:30Z', '2026-11-01T09:30:00.000Z'],
    ['2026-12-31T24:00Z', '2027-01-01T00:00:00.000Z'],
    ['2026-11-01T09:30:15.25+02:00', '2026-11-01T07:30:15.250Z'],
  ])('%s is %s', (when, wanted) => {
    expect(new Date(instant(when)).toISOString()).toBe(wanted);
    expect(whenProblem(when)).toBeUndefined();
  });

  test.each([
    ['2026-02-29', '"2026-02-29" is not a day that exists; that month has 28 days'],
    ['2026-04-31T10:00:00Z', '"2026-04-31T10:00:00Z" is not a day that exists; that month has 30 days'],
    ['2026-13-01', '"2026-13-01" has no such month; months go from 01 to 12'],
    ['2026-01-00', '"2026-01-00" is not a day that exists; that month has 31 days'],
    [
      '2026-01-01T24:00:01Z',
      '"2026-01-01T24:00:01Z" has no such time of day; it goes from 00:00:00 to 23:59:59.999, and 24:00:00 ends a day',
    ],
    [
      '2026-01-01T09:00',
      '"2026-01-01T09:00" does not say in which time zone; write "2026-01-01T09:00Z" for UTC, or its difference ' +
        'from UTC, as in "2026-01-01T09:00+01:00"',
    ],
    ['tomorrow', '"tomorrow" is not a date; write a day such as 2026-11-01 or an instant such as 2026-11-01T09:00:00Z'],
  ])('%s is refused', (when, problem) => {
    expect(whenProblem(when)).toBe(problem);
    expect(instant(when)).toBeNaN();
  });
});

test.each([
  ['2026-11-01', 'Europe/Berlin', '2026-10-31T23:00:00.000Z'],
  ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
  ['2026-12-24T00:00', 'Europe/Berlin', '2026-12-23T23:00:00.000Z'],
  ['2026-12-24T00:00Z', 'Europe/Berlin', '2026-12-24T00:00:00.000Z'],
  ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
])('%s by the clocks of %s is %s', (when, timeZone, wanted) => {
  expect(new Date(instant(when, timeZone)).toISOString()).toBe(wanted);
});
