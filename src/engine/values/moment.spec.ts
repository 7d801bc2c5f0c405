import { describe, expect, test } from '@jest/globals';
import { momentOf } from './moment.js';

const said = (value: unknown, timeZone: string) => {
  const moment = momentOf(value, timeZone);
  return moment && [moment.first, moment.last].map((at) => new Date(at).toISOString());
};
const point = (at: string) => [at, at];

describe('when a value says', () => {
  test.each([
    ['2026-12-24', 'UTC', ['2026-12-24T00:00:00.000Z', '2026-12-24T23:59:59.999Z']],
    ['2026-12-24', 'Europe/Berlin', ['2026-12-23T23:00:00.000Z', '2026-12-24T22:59:59.999Z']],
    ['2026-03-29', 'Europe/Berlin', ['2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z']],
    ['2026-10-25', 'Europe/Berlin', ['2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z']],
    ['2018-11-04', 'America/Sao_Paulo', ['2018-11-04T03:00:00.000Z', '2018-11-05T01:59:59.999Z']],
    ['2026-12-24T09:00', 'Europe/Berlin', point('2026-12-24T08:00:00.000Z')],
    ['2026-12-24 09:00:30,5', 'Europe/Berlin', point('2026-12-24T08:00:30.500Z')],
    ['2026-12-24T09:00Z', 'Europe/Berlin', point('2026-12-24T09:00:00.000Z')],
    ['2026-12-24T09:00:00.123456+0530', 'Europe/Berlin', point('2026-12-24T03:30:00.123Z')],
    ['2026-12-24T09:00:00-03', 'UTC', point('2026-12-24T12:00:00.000Z')],
    ['2026-12-24T24:00', 'Europe/Berlin', point('2026-12-24T23:00:00.000Z')],
    [' 2026/12/24 ', 'UTC', ['2026-12-24T00:00:00.000Z', '2026-12-24T23:59:59.999Z']],
    [20261224, 'UTC', ['2026-12-24T00:00:00.000Z', '2026-12-24T23:59:59.999Z']],
    ['1798102800', 'UTC', point('2026-12-24T09:00:00.000Z')],
    [1798102800, 'UTC', point('2026-12-24T09:00:00.000Z')],
    [1798102800000, 'UTC', point('2026-12-24T09:00:00.000Z')],
    [1798102800000000, 'UTC', point('2026-12-24T09:00:00.000Z')],
    [1798102800000000000, 'UTC', point('2026-12-24T09:00:00.000Z')],
    ['2026-12-24', 'Middle/Earth', ['2026-12-24T00:00:00.000Z', '2026-12-24T23:59:59.999Z']],
  ])('%j in %s', (value, timeZone, expected) => {
    expect(said(value, timeZone)).toEqual(expected);
  });

  test.each([
    '20.11.2026',
    '2026-02-30',
    '2026-13-01',
    '2026-12-24T09:60',
    '2026-12-24T09',
    '2026-12-24T09:00+25',
    '2026-12',
    '',
    'soon',
    '2026-12-24T24:01',
    43739,
    -1798102800,
    null,
    true,
    undefined,
    NaN,
    Infinity,
    [],
    {},
  ])('%j is no date', (value) => {
    expect(momentOf(value, 'Europe/Berlin')).toBeUndefined();
  });
});
