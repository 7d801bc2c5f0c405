import { describe, expect, test } from '@jest/globals';
import { eventTime } from './event-time.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const HOUR = 3_600_000;
const iso = (millis: number) => new Date(millis).toISOString();
const at = (raw: Parameters<typeof eventTime>[0]) => eventTime(raw, NOW);

describe('the time of an event', () => {
  test('is that of its receipt where it says none', () => {
    for (const raw of [{}, { timestamp: null }, { timestamp: '' }, { sentAt: iso(NOW - HOUR) }])
      expect(at(raw)).toEqual({ at: NOW });
  });

  test('is as said where nobody said when it was sent, however long ago', () => {
    expect(at({ timestamp: '2019-10-01T00:00:00Z' })).toEqual({ at: Date.parse('2019-10-01T00:00:00Z') });
    expect(at({ originalTimestamp: '2019-10-01' })).toEqual({ at: Date.parse('2019-10-01T00:00:00Z') });
  });

  test.each([
    ['behind', -3 * HOUR],
    ['ahead', 26 * HOUR],
    ['never set', -NOW],
  ])('is put right where the clock of the sender is %s', (_clock, off) => {
    const sentAt = iso(NOW + off);
    const happened = NOW - 10 * 60_000;
    for (const name of ['timestamp', 'originalTimestamp']) {
      expect(at({ [name]: iso(happened + off), sentAt })).toEqual({ at: happened, retimed: 'skew' });
    }
  });

  test('is as said where the clock differs by a minute at most: the request may have been under way so long', () => {
    const timestamp = iso(NOW - 5_000);
    for (const off of [-60_000, 0, 60_000])
      expect(at({ timestamp, sentAt: iso(NOW + off) })).toEqual({ at: NOW - 5_000 });
    expect(at({ timestamp, sentAt: iso(NOW - 60_001) })).toEqual({ at: NOW - 5_000 + 60_001, retimed: 'skew' });
  });

  test('is as said in timestamp where there is an originalTimestamp beside it', () => {
    const raw = {
      timestamp: '2019-10-01T00:00:00Z',
      originalTimestamp: iso(NOW - 3 * HOUR),
      sentAt: iso(NOW - 3 * HOUR),
    };
    expect(at(raw)).toEqual({ at: Date.parse('2019-10-01T00:00:00Z') });
  });

  test('is not put right by a sentAt that is no time', () => {
    for (const sentAt of ['soon', [], {}, null, true])
      expect(at({ timestamp: iso(NOW - HOUR), sentAt })).toEqual({ at: NOW - HOUR });
  });

  test('is that of receipt where it is more than five minutes ahead, once put right', () => {
    expect(at({ timestamp: iso(NOW + 300_000) })).toEqual({ at: NOW + 300_000 });
    expect(at({ timestamp: iso(NOW + 300_001) })).toEqual({ at: NOW, retimed: 'future' });
    expect(at({ timestamp: '9999-01-01T00:00:00Z' })).toEqual({ at: NOW, retimed: 'future' });
    expect(at({ timestamp: iso(NOW - HOUR), sentAt: iso(NOW - 2 * HOUR) })).toEqual({ at: NOW, retimed: 'future' });
  });

  test('may be said in seconds, milliseconds, microseconds or nanoseconds as a number or its digits', () => {
    for (const timestamp of [String(NOW), NOW * 1_000, `${NOW}000`, `${NOW}000000`])
      expect(at({ timestamp })).toEqual({ at: NOW });
    expect(at({ timestamp: '2026-02-30' })).toEqual({
      ...{ path: 'timestamp', message: 'is not a day that exists; that month has 28 days' },
    });
    expect([NOW, NOW / 1_000, NOW / 1_000 + 0.25].map((timestamp) => at({ timestamp }))).toEqual([
      { at: NOW },
      { at: NOW },
      { at: NOW + 250 },
    ]);
    expect(at({ timestamp: NOW / 1_000 - HOUR, sentAt: NOW / 1_000 - HOUR })).toEqual({ at: NOW, retimed: 'skew' });
  });

  test.each([['1989-12-31T23:59:59Z'], [0], [-1], ['0001-01-01']])(
    'is refused where it is %j, before 1990',
    (timestamp) => {
      expect(at({ timestamp })).toMatchObject({ path: 'timestamp', message: expect.stringContaining('1990') });
    },
  );

  test.each([['yesterday'], ['17e9'], [true], [[]], [{}], [NaN]])(
    'is refused where it is %j, which is no time',
    (timestamp) => {
      expect(at({ timestamp })).toMatchObject({ path: 'timestamp', message: expect.stringContaining('ISO 8601') });
      expect(at({ originalTimestamp: timestamp })).toMatchObject({ path: 'originalTimestamp' });
    },
  );
});
