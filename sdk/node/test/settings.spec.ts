import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pauseAfter, readRetryAfter } from '../src/pauses.js';
import { readOptions } from '../src/options.js';

describe('the options of the Node client', () => {
  const url = 'http://127.0.0.1:3000';

  test('have what is not said', () => {
    expect(readOptions({ url, key: '', deadlineMs: undefined })).toEqual({
      base: new URL(url),
      key: undefined,
      deadlineMs: 400,
      connections: 128,
      queue: { events: 10_000, bytes: 16_777_216, waitMs: 250, attempts: 10 },
      onError: undefined,
    });
  });

  test.each<[object, RegExp]>([
    [{ url: undefined }, /url is no address/],
    [{ url: 'usher.example' }, /url is no address .* http:/],
    [{ url: 'ftp://usher.example' }, /url is no address/],
    [{ url: 'http://someone:secret@usher.example' }, /give the key as "key"/],
    [{ key: 'with a blank' }, /key has blanks/],
    [{ key: 'two\nlines' }, /key has blanks/],
    [{ deadlineMs: 0 }, /deadlineMs is 0; give a whole number from 1/],
    [{ deadlineMs: '400' }, /deadlineMs is 400; give a whole number/],
    [{ deadlineMs: Number.NaN }, /deadlineMs is NaN/],
    [{ deadlineMs: 2 ** 31 }, /to 2147483647/],
    [{ connections: -1 }, /connections is -1/],
    [{ queue: { events: 1.5 } }, /queue\.events is 1\.5/],
    [{ queue: { attempts: Infinity } }, /queue\.attempts is Infinity/],
  ])('%j are refused, with the remedy', (wrong, message) => {
    expect(() => readOptions({ url, ...wrong })).toThrow(message);
    expect(() => readOptions({ url, ...wrong })).not.toThrow(/secret/);
  });
});

describe('the pause before another try', () => {
  const chance = fc.double({ min: 0, max: 1, noNaN: true });

  test('doubles up to a limit, is half by chance, and never shorter than was asked for, up to a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(10_000_000), chance, (tries, askedMs, by) => {
        const pauseMs = pauseAfter(tries, askedMs, by);
        const doubled = Math.min(50 * 2 ** (tries - 1), 15_000);
        expect(pauseMs).toBeGreaterThanOrEqual(Math.max(doubled / 2, Math.min(askedMs, 60_000)));
        expect(pauseMs).toBeLessThanOrEqual(Math.max(doubled, Math.min(askedMs, 60_000) * 1.25));
      }),
    );
  });

  test.each([
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-3', undefined],
    ['1.5', undefined],
    ['0', 0],
    ['120', 120_000],
    ['Mon, 30 Nov 2026 10:00:05 GMT', 5_000],
    ['Mon, 30 Nov 2026 09:00:00 GMT', 0],
  ])('is asked for by Retry-After: %j', (said, ms) => {
    expect(readRetryAfter(said, Date.UTC(2026, 10, 30, 10))).toBe(ms);
  });
});
