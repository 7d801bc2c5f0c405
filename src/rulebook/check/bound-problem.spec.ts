import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ANY_VALUE } from '../../engine/facts/value-shape.js';
import { Findings } from '../read/findings.js';
import { readJson } from '../read/read-json.js';
import { LineIndex } from '../read/rule-file.js';
import { RuleIndex } from '../read/rule-index.js';
import { boundProblem } from './bound-problem.js';
import { checkConditionsAt } from './check-conditions.js';

const NUMBER = { kind: 'number' } as const;
const TEXT = { kind: 'text' } as const;

/** What the check says of a comparison in a segment. */
function problemsOf(comparison: object): string[] {
  const text = JSON.stringify({ conditions: { all: [comparison] } });
  const file = {
    kind: 'segments' as const,
    id: 's',
    path: 'rules/segments/s.json',
    lines: new LineIndex(text),
    root: readJson(text).root,
  };
  const findings = new Findings();
  checkConditionsAt('conditions', { inSegment: true })(file, new RuleIndex([file]), findings);
  return findings.sorted().map(({ message }) => message);
}

const age = (operator: string, value: unknown) => problemsOf({ fact: 'profile', path: '$.age', operator, value });

describe('nonsense given to numeric operators', () => {
  test.each([
    ['now+30d', 'what is reckoned from now goes with the operators "before" and "after"'],
    ['today', 'what is reckoned from now goes with the operators "before" and "after"'],
    ['this week', '"this week" goes with the operator "during"'],
    ['30d', 'durations go with "withinNext" and "withinLast", or as "now+30d" with "before" and "after"'],
    ['abc', 'write a number without quotes, or a date such as "2026-11-20"'],
    ['', 'it is empty; write the number, or remove the condition'],
    [' ', 'it is empty'],
    ['20.11.2026', 'write "2026-11-20"'],
    ['1.2.2026 10:00', 'write "2026-02-01"'],
    ['45.11.2026', 'write a date such as "2026-11-20"'],
    ['11/20/2026', 'write the year first, and two digits each: "2026-11-20"'],
    ['2026-1-5', 'write the year first, and two digits each'],
    ['9:30', 'write "09:30"'],
    ['1.234,50', 'write a number without quotes, with a point and no unit'],
    ['30 %', 'write a number without quotes, with a point and no unit'],
    ['18+', 'write a number without quotes'],
    ['10.2.0', 'versions are compared by "semver:'],
    ['NaN', 'write a number without quotes'],
    ['2026-02-30', '"2026-02-30" is not a day that exists; that month has 28 days'],
    ['2026-13-01', '"2026-13-01" has no such month'],
    ['2026-11-20T25:00:00Z', 'has no such time of day; write an instant such as "2026-11-01T09:00:00Z"'],
    ['2026-11-20T10:00:00 CET', 'has no such time of day'],
    [null, 'needs a number; got null'],
    [true, 'needs a number; got true'],
    [[5], 'needs a number; got a list'],
    [{ days: 30 }, 'needs a number; got an object'],
  ])('is refused with the remedy: %j', (value, remedy) => {
    for (const operator of ['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'])
      expect(age(operator, value)).toEqual([expect.stringContaining(remedy)]);
  });

  test.each([
    18,
    -0.5,
    '18',
    '-1.5e3',
    '2026',
    '2026-11',
    '2026-W07',
    '2026-Q4',
    '2026-11-20',
    '2026-11-20T09:00:00Z',
    '2026-11-20T09:00:00.123456+01:00',
    '2026-11-20 09:00',
    '09:30',
    '23:59:59',
  ])('is none of these: %j', (value) => {
    expect(age('lessThan', value)).toEqual([]);
    expect(age('everyValue:not:lessThan', [value, value])).toEqual([]);
  });

  test.each([
    ['someValue:lessThan', [1, 'abc', '2026-11-20', '']],
    ['everyValue:greaterThan', ['abc', 1, '']],
    ['not:someFact:everyValue:lessThan', ['abc', '']],
    ['swap:someFact:lessThan', ['abc', 3, '']],
    ['someValue:swap:lessThan', ['abc', '']],
    ['swap:not:everyFact:swap:lessThan', ['', 'abc']],
  ])('is refused in the list of %s, each at its place', (operator, value) => {
    expect(age(operator, value)).toHaveLength(2);
  });

  test('is refused on the other side of the operator, and in lists of lists', () => {
    expect(age('swap:lessThan', 'abc')).toHaveLength(1);
    expect(age('swap:lessThan', null)).toHaveLength(1);
    expect(age('someValue:everyValue:lessThan', [[1, 'abc'], ['']])).toHaveLength(2);
  });

  test('is refused of properties too', () => {
    const where = { all: [{ fact: 'price', operator: 'lessThan', value: '20.11.2026' }] };
    const params = { event: 'Product Viewed', where };
    expect(problemsOf({ fact: 'interactions', params, operator: 'equal', value: 1 })).toEqual([
      expect.stringContaining('write "2026-11-20"'),
    ]);
  });

  test('is a date for a fact that is a number, and a number for one that is a text', () => {
    const now = (part: string, value: unknown, operator = 'lessThan') =>
      problemsOf({ fact: 'now', path: `$.${part}`, operator, value });
    expect(now('hour', '2026-11-20')).toEqual([expect.stringContaining('never holds with "2026-11-20"')]);
    expect(now('hour', ['09:30'], 'someValue:lessThan')).toHaveLength(1);
    expect(problemsOf({ fact: 'interactions', operator: 'greaterThan', value: '2026-11-20' })).toHaveLength(1);
    expect(now('time', '9')).toEqual([expect.stringContaining('goes by the order of texts here')]);
    expect([now('hour', '9'), now('time', '09:30'), now('date', '2026'), now('date', '2026-11-20')]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });

  test('is whatever is neither a number nor a time, however it is made', () => {
    const parts = fc.constantFrom(
      '2026',
      '11',
      '20',
      '09',
      '-',
      ':',
      '.',
      ',',
      '/',
      'T',
      'Z',
      ' ',
      '+',
      'now',
      'd',
      'abc',
      '%',
    );
    const text = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.array(parts, { maxLength: 9 }).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(text, (bound) => {
        const accepted = boundProblem('lessThan', bound, ANY_VALUE) === undefined;
        const isNumber = /\d/.test(bound) && !/\s/.test(bound) && Number.isFinite(Number(bound));
        const isTime = /^(?:\d{4}-\d\d|\d\d:\d\d)/.test(bound);
        if (accepted) expect(isNumber || isTime).toBe(true);
        if (!accepted) expect(boundProblem('lessThan', bound, NUMBER)).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });

  test('is no instant: their order as texts is that of time', () => {
    const instant = fc
      .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
    fc.assert(
      fc.property(instant, instant, (one, other) => {
        expect(boundProblem('lessThan', one, TEXT)).toBeUndefined();
        expect(boundProblem('lessThan', one.slice(0, 10), ANY_VALUE)).toBeUndefined();
        expect(boundProblem('lessThan', one.slice(11, 16), ANY_VALUE)).toBeUndefined();
        expect(one < other).toBe(Date.parse(one) < Date.parse(other));
      }),
    );
  });
});
