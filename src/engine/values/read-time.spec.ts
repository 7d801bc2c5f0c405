import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WrittenNumber } from '../language/written-number.js';
import { readTime } from './read-time.js';

const iso = (said: unknown) => {
  const read = readTime(said);
  return 'at' in read ? new Date(read.at).toISOString() : read.wrong;
};

describe('a time', () => {
  test.each<[unknown, string]>([
    ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21t10:00:00z', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T10:00:00.123456789Z', '2026-11-21T10:00:00.123Z'],
    ['2026-11-21T10:00+01:00', '2026-11-21T09:00:00.000Z'],
    ['2026-11-21T10:00+01', '2026-11-21T09:00:00.000Z'],
    ['2026-11-21T10:00:00-0530', '2026-11-21T15:30:00.000Z'],
    ['2026-11-21 10:00:00', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21 10:00', '2026-11-21T10:00:00.000Z'],
    ['2019-10-01 00:00:00 UTC', '2019-10-01T00:00:00.000Z'],
    ['2019/10/01 08:30', '2019-10-01T08:30:00.000Z'],
    ['2019-10-01T08:30:00,5 +0200', '2019-10-01T06:30:00.500Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['20191001', '2019-10-01T00:00:00.000Z'],
    [20191001, '2019-10-01T00:00:00.000Z'],
    ['20191001T083000Z', '2019-10-01T08:30:00.000Z'],
    [20191001083000, '2019-10-01T08:30:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    [' 2026-11-21T24:00:00Z ', '2026-11-22T00:00:00.000Z'],
    ['2026-11-21T24:00:00.000Z', '2026-11-22T00:00:00.000Z'],
    ['0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    ['Fri, 20 Nov 2026 10:00:00 +0100', '2026-11-20T09:00:00.000Z'],
    ['Fri, 20 Nov 2026 10:00:00 GMT', '2026-11-20T10:00:00.000Z'],
    [1569931200, '2019-10-01T12:00:00.000Z'],
    ['1569931200', '2019-10-01T12:00:00.000Z'],
    [1569931200.5, '2019-10-01T12:00:00.500Z'],
    [1569931200123, '2019-10-01T12:00:00.123Z'],
    [1569931200123.9, '2019-10-01T12:00:00.123Z'],
    [1569931200000000, '2019-10-01T12:00:00.000Z'],
    [1569931200000000000, '2019-10-01T12:00:00.000Z'],
    [new WrittenNumber('1569931200123456789'), '2019-10-01T12:00:00.123Z'],
    [631152000, '1990-01-01T00:00:00.000Z'],
    [99_999_999_999, '5138-11-16T09:46:39.000Z'],
    [100_000_000_000, '1973-03-03T09:46:40.000Z'],
  ])('%j is %s', (said, instant) => {
    expect(iso(said)).toBe(instant);
  });

  test.each<[unknown, string]>([
    ['', 'ISO 8601'],
    ['now', 'ISO 8601'],
    ['yesterday', 'ISO 8601'],
    [true, 'ISO 8601'],
    [null, 'ISO 8601'],
    [{}, 'ISO 8601'],
    [NaN, 'ISO 8601'],
    ['21 Nov 2026', 'ISO 8601'],
    ['1e12', 'ISO 8601'],
    ['2019-10/01', 'ISO 8601'],
    ['03/04/2026', 'could mean two days'],
    ['3.4.26', 'could mean two days'],
    ['20.11.2026', 'write the year first'],
    ['2026-02-30', 'is not a day that exists; that month has 28 days'],
    ['2026-04-31T10:00:00Z', 'is not a day that exists; that month has 30 days'],
    ['2026-13-01', 'has no such month'],
    ['0000-01-01', 'has a year that is none'],
    [20261301, 'has no such month'],
    ['20 Foo 2026 10:00:00', 'has no such month'],
    ['2026-01-01T24:00:01Z', 'has no such time of day'],
    ['2026-01-01T25:00:00Z', 'has no such time of day'],
    ['2026-01-01T10:60:00Z', 'has no such time of day'],
    ['2026-01-01T10:00:00+99:00', 'has no such zone'],
    ['2026-02-30T10:00:00.000Z', 'is not a day that exists; that month has 28 days'],
    ['0000-01-01T00:00:00.000Z', 'has a year that is none'],
    ['Mon, 20 Nov 2026 10:00:00 GMT', 'that day is no Mon'],
    ['9999999-01-01', 'has a year that is none'],
    ['+012026-01-01T00:00:00Z', 'has a year that is none'],
    [0, '1990'],
    [-1, '1990'],
    [43739, '1990'],
    ['43739', '1990'],
    [1e21, 'ISO 8601'],
    [new WrittenNumber('1e999'), 'ISO 8601'],
    ['9'.repeat(60), 'is a number that is no time'],
  ])('%j is refused: %s', (said, wrong) => {
    expect(iso(said)).toContain(wrong);
  });

  const instants = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) });

  test('is the same in every spelling', () => {
    fc.assert(
      fc.property(instants, fc.nat(999_999), (at, finer) => {
        const text = new Date(at).toISOString();
        const nanos = `${at}${String(finer).padStart(6, '0')}`;
        const spellings = [
          ...[
            text,
            text.replace('T', ' '),
            text.slice(0, -1),
            text.replace('Z', '+00:00'),
            text.replaceAll(/[-:]/g, ''),
          ],
          ...[at, String(at), nanos.slice(0, -3), Number(nanos.slice(0, -3)), nanos, new WrittenNumber(nanos)],
          `${nanos.slice(0, -9)}.${nanos.slice(-9)}`,
          new Date(at + 90 * 60_000).toISOString().replace('Z', '+01:30'),
        ];
        for (const said of spellings)
          expect([said, readTime(said)]).toEqual([said, { at: Number(nanos.slice(0, -6)) }]);
      }),
    );
  });

  test('is read whatever is sent, and never thrown at', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.double()), (said) => {
        const read = readTime(said);
        expect('at' in read ? Number.isFinite(read.at) : read.wrong).toBeTruthy();
      }),
    );
  });
});
