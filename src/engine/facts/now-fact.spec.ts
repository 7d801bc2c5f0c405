import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nowIn } from './now-fact.js';

const NEW_YEAR = Date.parse('2026-12-31T23:30:00Z');

describe('the fact now', () => {
  test('tells the parts of the time in UTC', () => {
    expect(nowIn('UTC', NEW_YEAR)).toEqual({
      date: '2026-12-31',
      time: '23:30',
      year: 2026,
      month: 12,
      day: 31,
      hour: 23,
      minute: 30,
      weekday: 'thursday',
      timestamp: '2026-12-31T23:30:00.000Z',
    });
  });

  test('tells every instant as ISO 8601 does', () => {
    const instant = fc.oneof(
      fc.integer({ min: NEW_YEAR - 120_000, max: NEW_YEAR + 120_000 }),
      fc.integer({ min: -130_000, max: 130_000 }),
      fc.double({ min: NEW_YEAR - 2, max: NEW_YEAR + 2, noNaN: true }),
      fc.constantFrom(-62_198_755_200_000, 8.64e15, -8.64e15, 253_402_300_800_000),
    );
    fc.assert(
      fc.property(fc.array(instant, { minLength: 1 }), (instants) => {
        for (const at of instants) expect(nowIn('UTC', at).timestamp).toBe(new Date(at).toISOString());
      }),
    );
    expect(() => nowIn('UTC', NaN)).toThrow(RangeError);
  });

  test('tells another day elsewhere', () => {
    expect(nowIn('Asia/Tokyo', NEW_YEAR)).toMatchObject({ date: '2027-01-01', time: '08:30', weekday: 'friday' });
  });

  test('counts midnight as hour 0 and follows summer time', () => {
    expect(nowIn('Europe/Brussels', Date.parse('2026-07-01T22:00:00Z'))).toMatchObject({ date: '2026-07-02', hour: 0 });
  });

  test('falls back to UTC where the zone is not known', () => {
    expect(nowIn('Middle/Earth', NEW_YEAR).time).toBe('23:30');
  });
});
