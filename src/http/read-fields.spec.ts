import { describe, expect, test } from '@jest/globals';
import { UsherError, type Problem } from '../errors.js';
import { flag, once, wholeNumber } from './query-fields.js';
import { readFields, Refused } from './read-fields.js';

const problemsOf = (read: () => unknown): readonly Problem[] => {
  try {
    return [{ path: 'nothing', message: `is wrong with ${JSON.stringify(read())}` }];
  } catch (error) {
    if (error instanceof UsherError) return error.problems;
    throw error;
  }
};

const PERIOD = { from: wholeNumber({ fallback: 0 }), to: wholeNumber({ fallback: 9 }) };

describe('the fields of a request', () => {
  test('are read by their declaration, and what else comes is ignored', () => {
    expect(readFields({ to: '7', size: 'xl' }, PERIOD)).toEqual({ from: 0, to: 7 });
  });

  test('are refused all at once: unknown names, then in the order of the declaration, then together', () => {
    const together = ({ from, to }: { from?: number; to?: number }) =>
      from === undefined ? [{ path: 'from', message: `and ${to}` }] : [];
    const read = () => readFields({ to: '1', until: '2', from: 'x' }, PERIOD, { unknown: 'ask with', together });
    expect(problemsOf(read)).toEqual([
      { path: 'until', message: 'is not known here; ask with from, to' },
      { path: 'from', message: 'must be a whole number from 0 on' },
      { path: 'from', message: 'and 1' },
    ]);
  });

  test('are not taken from what every object has', () => {
    const anything = (given: unknown) => given;
    expect(readFields({}, { constructor: anything, toString: anything })).toEqual({
      constructor: undefined,
      toString: undefined,
    });
    const poisoned = JSON.parse('{ "__proto__": { "from": "5" } }') as Record<string, unknown>;
    expect(readFields(poisoned, PERIOD)).toEqual({ from: 0, to: 9 });
    expect(problemsOf(() => readFields(poisoned, PERIOD, { unknown: 'the members are' }))).toEqual([
      { path: '__proto__', message: 'is not known here; the members are from, to' },
    ]);
  });
});

describe('a whole number', () => {
  const read = wholeNumber({ min: 1, max: 200, fallback: 50 });

  test.each([
    ['1', 1],
    ['200', 200],
    ['007', 7],
    ['', 50],
    [undefined, 50],
  ])('is read from %j', (given, value) => {
    expect(read(given)).toBe(value);
  });

  test.each(['0', '201', '-1', '1.5', '1e2', '0x10', ' 5', '٣', '9'.repeat(16), 'NaN', ['5'], ['5', '6'], {}, null, 5])(
    'is not %j',
    (given) => {
      expect(read(given)).toEqual(new Refused('must be a whole number from 1 to 200'));
    },
  );

  test('may be as large as a number can be written without loss', () => {
    expect(wholeNumber({ fallback: undefined })('9'.repeat(15))).toBe(999_999_999_999_999);
  });
});

test.each([
  ['true', true],
  ['', true],
  ['false', false],
  [undefined, false],
])('a flag that is %j is %j', (given, value) => {
  expect(flag(given)).toBe(value);
});

test.each(['yes', 'TRUE', '1', ['true', 'true'], null, true])('a flag is not %j', (given) => {
  expect(flag(given)).toEqual(new Refused('must be true or false'));
});

describe('a text that comes once', () => {
  const read = once((text) => (text === 'no' ? new Refused('must not be no') : text.length), 3);

  test('is read, and undefined where it is absent or empty', () => {
    expect([read('abc'), read(''), read(undefined)]).toEqual([3, undefined, undefined]);
  });

  test('is refused when it comes twice, is too long, or means nothing', () => {
    expect([read(['a', 'b']), read('abcd'), read('no')]).toEqual([
      new Refused('must be said once'),
      new Refused('is longer than it can be'),
      new Refused('must not be no'),
    ]);
  });
});
