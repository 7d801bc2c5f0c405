import { describe, expect, test } from '@jest/globals';
import { isTimeZone } from './time-zone.js';

describe('the name of a time zone', () => {
  test.each(['Europe/Brussels', 'UTC', 'America/Argentina/Buenos_Aires', '+02:00'])('%p is one', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  test.each(['Middle/Earth', '', 'Europe/Brussel', 'GMT+2'])('%p is none', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});
