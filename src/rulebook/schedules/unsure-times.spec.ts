import { describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../build/load-rulebook.js';
import { problemText } from '../read/rule-problem.js';

function warningsOf(schedule: object): string[] {
  const text = JSON.stringify({ name: 'Bike', treatments: { '*': { content: {} } }, schedule });
  const { problems, warnings } = loadRulebook([{ path: 'offers/bike.json', text }]);
  expect(problems).toEqual([]);
  return warnings.map(problemText);
}

describe('a time of a schedule', () => {
  const timeZone = 'Europe/Berlin';

  test('that clocks never show is warned of, with what it is taken for', () => {
    expect(warningsOf({ from: '2026-03-29T02:30', timeZone })).toEqual([
      'offers/bike.json:1:69 the clocks of Europe/Berlin never show "2026-03-29T02:30", as they are set ' +
        'forward over it; it is taken for the moment at which they show "2026-03-29T03:30", ' +
        '2026-03-29T01:30:00.000Z; write a time that they show',
    ]);
  });

  test('that clocks show twice is warned of, with both, of which the first is taken', () => {
    expect(warningsOf({ until: '2026-10-25T02:30:15', timeZone })).toEqual([
      'offers/bike.json:1:70 the clocks of Europe/Berlin show "2026-10-25T02:30:15" twice, as they are set back; ' +
        'the first is taken, 2026-10-25T00:30:15.000Z; write that instead, or 2026-10-25T01:30:15.000Z for the second',
    ]);
  });

  test.each([
    { from: '2026-03-29T03:00', until: '2026-10-25T03:00', timeZone },
    { from: '2026-03-29T02:30+01:00', timeZone },
    { from: '2026-03-29T02:30', timeZone: 'UTC' },
    // The clocks of Cairo leave out the first hour of that day: it begins at one o'clock.
    { from: '2026-04-24', timeZone: 'Africa/Cairo' },
    { from: '2026-10-25' },
  ])('is in no doubt otherwise: %j', (schedule) => {
    expect(warningsOf(schedule)).toEqual([]);
  });
});
