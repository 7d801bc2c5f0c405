import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { iso } from '../language/millis.js';
import { countsFrom, countsUntil, windowOf } from '../values/count-window.js';
import { compileQuietHours, quietAt, quietUntil } from './quiet-hours.js';

/** Found by walking the clocks of each zone minute by minute with another library (Python's zoneinfo). */
interface Golden {
  readonly windows: readonly {
    readonly zone: string;
    readonly now: string;
    readonly within: string;
    readonly from: string;
    readonly until: string;
    readonly hours: number;
  }[];
  readonly quietHours: readonly {
    readonly zone: string;
    readonly from: string;
    readonly until: string;
    /** Between these instants it is quiet in the stretches that `quiet` lists. */
    readonly begin: string;
    readonly end: string;
    readonly quiet: readonly (readonly [string, string])[];
  }[];
}

const { windows, quietHours } = JSON.parse(
  readFileSync(new URL('../../../test/golden/calendar-limits.json', import.meta.url), 'utf8'),
) as Golden;

const MINUTE = 60_000;
const at = (text: string) => Date.parse(text);
const told = (instant: number | undefined) => instant !== undefined && iso(instant).replace('.000Z', 'Z');

describe('around both changes of summer time in five zones', () => {
  test.each(windows)('the $within of $now in $zone has $hours hours', ({ zone, now, within, from, until, hours }) => {
    const window = windowOf(within);
    expect(told(countsFrom(window, at(now), zone))).toBe(from);
    expect(told(countsUntil(window, at(now), zone))).toBe(until);
    for (const edge of [at(from), at(until) - 1]) {
      expect([countsFrom(window, edge, zone), countsUntil(window, edge, zone)]).toEqual([at(from), at(until)]);
    }
    expect(countsFrom(window, at(until), zone)).toBe(at(until));
    expect((at(until) - at(from)) / (60 * MINUTE)).toBe(hours);
  });

  test.each(quietHours)('it is quiet in $zone from $from until $until by the clocks, around $begin', (golden) => {
    const { zone: timeZone, begin, end, quiet } = golden;
    const hours = [compileQuietHours({ from: golden.from, until: golden.until }, '')];
    const ask = { channel: undefined, timeZone };
    const stretches: [string, string][] = [];
    let since: number | undefined;
    for (let now = at(begin); now < at(end); now += MINUTE) {
      const isQuiet = quietAt(hours, now, ask) !== undefined;
      if (isQuiet) since ??= now;
      else if (since !== undefined) {
        if (since !== at(begin)) stretches.push([String(told(since)), String(told(now))]);
        since = undefined;
      }
    }
    expect(stretches).toEqual(quiet);
    for (const [from, until] of quiet) {
      expect(told(quietUntil(hours, at(from), ask))).toBe(until);
      expect(told(quietUntil(hours, at(until) - 1, ask))).toBe(until);
    }
  });
});

test('a rolling window has the same length whatever clocks are set', () => {
  const window = windowOf('1w');
  const now = at('2026-03-31T12:00:00Z');
  expect(countsUntil(window, now, 'Europe/Brussels') - now).toBe(7 * 24 * 60 * MINUTE);
  // What happened exactly a week ago has left.
  expect(countsFrom(window, now, 'Europe/Brussels')).toBe(now - 7 * 24 * 60 * MINUTE + 1);
  expect([countsFrom(undefined, now, 'UTC'), countsUntil(undefined, now, 'UTC')]).toEqual([-Infinity, Infinity]);
});

test('quiet hours of some days begin on those, and end the next day', () => {
  const hours = [compileQuietHours({ from: '21:00', until: '08:00', days: ['friday'] }, '')];
  const quiet = (text: string) => quietAt(hours, at(text), { channel: undefined, timeZone: 'UTC' }) !== undefined;
  // 2026-11-20 is a Friday.
  expect(['2026-11-20T20:59:59Z', '2026-11-20T21:00:00Z', '2026-11-21T07:59:59Z'].map(quiet)).toEqual([
    false,
    true,
    true,
  ]);
  expect(['2026-11-21T08:00:00Z', '2026-11-21T21:00:00Z', '2026-11-20T07:00:00Z'].map(quiet)).toEqual([
    false,
    false,
    false,
  ]);
});
