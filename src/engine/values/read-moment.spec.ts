import { describe, expect, test } from '@jest/globals';
import { readMoment } from './read-moment.js';

const told = (value: unknown, zone = 'Europe/Berlin') => {
  const read = readMoment(value, zone);
  return 'wrong' in read ? undefined : new Date(read.first).toISOString();
};

describe('a moment', () => {
  test.each([
    ['2026-12-31T00:00:00', '2026-12-30T23:00:00.000Z'],
    ['2026-12-31', '2026-12-30T23:00:00.000Z'],
    ['2026-07-01 10:00', '2026-07-01T08:00:00.000Z'],
    ['2026-07-01T10:00:00.569Z', '2026-07-01T10:00:00.569Z'],
    ['2026-07-01T10:00:00+02', '2026-07-01T08:00:00.000Z'],
    ['2026-07-01T10:00:00 -0530', '2026-07-01T15:30:00.000Z'],
    ['1569931200', '2019-10-01T12:00:00.000Z'],
    [1_569_931_200, '2019-10-01T12:00:00.000Z'],
    [1_569_931_200_000, '2019-10-01T12:00:00.000Z'],
    [1_569_931_200_000_000, '2019-10-01T12:00:00.000Z'],
    ['1569931200000000000', '2019-10-01T12:00:00.000Z'],
    ['2026-11-20T24:00', '2026-11-20T23:00:00.000Z'],
    // The hour that is left out in spring, and the one that comes twice in autumn.
    ['2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
    ['0099-01-01T12:00:00Z', '0099-01-01T12:00:00.000Z'],
  ])('%s is %s, read in the zone where it names none', (value, wanted) => {
    expect(told(value)).toBe(wanted);
  });

  test.each([
    ...[
      '03/04/2026',
      '20.11.2026',
      '2026',
      '2026-02-30',
      '2026-13-01',
      '2026-11-20T24:00:01',
      'tomorrow',
      '',
      '-',
      'Nov 5',
    ],
    ...[NaN, Infinity, 1e300, true, null, undefined, {}, []],
  ])('%p is not guessed', (value) => {
    expect(told(value)).toBeUndefined();
  });
});

describe('without a zone to go by', () => {
  test('a time of day without one is refused, and told how to write it', () => {
    expect(readMoment('2026-11-20 10:00', false)).toEqual({
      wrong: expect.stringMatching(/does not say in which time zone; write "2026-11-20 10:00Z"/),
    });
  });

  test.each(['2026-11-20T00:00Z', '2026-11-20 01:00+01', '20261120'])('%s is what it says', (text) => {
    expect(readMoment(text, false)).toMatchObject({ first: Date.parse('2026-11-20T00:00:00Z') });
  });
});
