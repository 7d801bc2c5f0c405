import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { QuietHoursDefinition } from '../../engine/language/contact-definition.js';
import { DAY, MINUTE, NOW } from '../../engine/limits/limits.contract.js';
import { compileQuietHours, quietAt } from '../../engine/limits/quiet-hours.js';
import { loadRulebook } from '../build/load-rulebook.js';
import { problemText } from '../read/rule-problem.js';

interface Hours {
  readonly from: string;
  readonly until: string;
  readonly days?: readonly string[];
  readonly channels?: readonly string[];
  readonly timeZone?: string;
}

function warningsOf(quietHours: readonly Hours[]): string[] {
  const lines = quietHours.map((one) => JSON.stringify(one)).join(',\n');
  const files = {
    'placements/hero.json': '{ "name": "Hero", "channel": "web" }',
    'placements/letter.json': '{ "name": "Letter", "channel": "email" }',
    'policies/contact.json': `{ "name": "Left alone", "quietHours": [\n${lines} ] }`,
  };
  const texts = Object.entries(files).map(([path, text]) => ({ path, text }));
  return loadRulebook(texts).warnings.map(problemText);
}

const [DAYTIME, NIGHT] = [
  { from: '08:00', until: '21:00' },
  { from: '21:00', until: '08:00' },
];
const ALL_DAY = { from: '00:00', until: '24:00' };
const BY_BOTH = 'by this and the quiet hours before it, which together fill every day';

describe('quiet hours that together fill every day', () => {
  test('keep everything away, and are named where the last gap closes', () => {
    expect(warningsOf([DAYTIME, { from: '12:00', until: '13:00' }, NIGHT])).toEqual([
      `policies/contact.json:4:1 it is always quiet ${BY_BOTH}: none of these offers is ever made, ` +
        'unless it is transactional; leave some time of some day free',
    ]);
  });

  test('in a channel are named with it', () => {
    expect(warningsOf([{ ...DAYTIME, channels: ['email', 'web'] }, NIGHT])).toEqual([
      `policies/contact.json:3:1 it is always quiet in "email", "web" ${BY_BOTH}: none of these offers is ever made ` +
        'there, unless it is transactional; leave some time of some day free',
    ]);
    expect(warningsOf([{ ...DAYTIME, channels: ['email'] }, NIGHT])[0]).toContain(
      'always quiet in "email" by this and',
    );
  });

  test('may be given by days', () => {
    const [weekend, others] = [
      ['saturday', 'sunday'],
      ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
    ];
    expect(
      warningsOf([
        { ...ALL_DAY, days: weekend },
        { ...ALL_DAY, days: others },
      ]),
    ).toHaveLength(1);
    // The night to Monday begins on Sunday, which is none of these days: there is a gap until eight.
    const nights = { from: '22:00', until: '08:00', days: others };
    expect(
      warningsOf([{ ...ALL_DAY, days: weekend }, { from: '08:00', until: '22:00', days: others }, nights]),
    ).toEqual([]);
  });

  test.each<[string, Hours[]]>([
    ['with a minute left', [{ from: '08:00', until: '20:59' }, NIGHT]],
    ['by the clocks of different zones', [{ ...DAYTIME, timeZone: 'Europe/London' }, NIGHT]],
    [
      'in channels that differ',
      [
        { ...DAYTIME, channels: ['email'] },
        { ...NIGHT, channels: ['web'] },
      ],
    ],
    ['where a channel is closed on purpose', [{ ...ALL_DAY, channels: ['email'] }, NIGHT]],
  ])('are not: %s', (_what, hours) => {
    expect(warningsOf(hours)).toEqual([]);
  });
});

const time = fc.constantFrom('00:00', '06:00', '12:00', '12:01', '18:00', '24:00');
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const hours = fc
  .record({
    from: time,
    until: time,
    days: fc.option(fc.subarray(DAYS, { minLength: 5 }), { nil: undefined, freq: 2 }),
  })
  .filter(({ from, until }) => from !== until)
  .map(({ days, ...one }): Hours => ({ ...one, ...(days && { days }) }));

test('it is said exactly where decisions are held back at every minute of a week', () => {
  const seen = { full: 0, open: 0 };
  fc.assert(
    fc.property(fc.array(hours, { minLength: 1, maxLength: 5 }), (list) => {
      const compiled = list.map((one) => compileQuietHours(one as QuietHoursDefinition, ''));
      const isFull = everyMinute().every((at) => quietAt(compiled, at, { channel: undefined, timeZone: 'UTC' }));
      seen[isFull ? 'full' : 'open']++;
      expect(warningsOf(list).length > 0).toBe(isFull);
    }),
    { numRuns: 300, seed: 14 },
  );
  expect(Math.min(seen.full, seen.open)).toBeGreaterThan(30);
});

function everyMinute(): number[] {
  return Array.from({ length: (7 * DAY) / MINUTE }, (_one, at) => NOW + at * MINUTE);
}
