import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { visitorMapper } from '../src/doors/mapping/map-row.js';
import { readMapping } from '../src/doors/mapping/mapping.js';
import { compareTimes, timeComparisons } from '../src/engine/values/time-comparisons.js';
import { TimeFrame } from '../src/engine/values/time-frame.js';
import { readTime } from '../src/engine/values/read-time.js';
import { instant } from '../src/rulebook/read/instant.js';
import { renderer } from '../src/rulebook/templates/templates.js';
import { eventTime } from '../src/visitors/intake/event-time.js';

const ZONE = 'Europe/Berlin';
const NOW = Date.parse('2100-01-01T00:00:00Z');

/** Every place that reads a time, by the clocks of a zone where none is said; what it refuses is undefined. */
const PLACES: Readonly<Record<string, (said: string | number, zone: string) => number | undefined>> = {
  'an event': (timestamp, zone) => {
    if (zone !== 'UTC') return PLACES['a door']?.(timestamp, zone);
    const read = eventTime({ timestamp }, NOW);
    return 'at' in read ? read.at : undefined;
  },
  'a door': (said, zone) => {
    const read = readTime(said, zone);
    return 'at' in read ? read.at : undefined;
  },
  'a mapping': (said, timeZone) => {
    const mapping = readMapping(
      JSON.stringify({ visitorId: 'id', timestamp: 'at', traits: {}, timeZone }),
      'visitors',
      'map.json',
    );
    const row = { number: 1, line: 2, identity: '', cell: (name: string) => (name === 'id' ? 'ann' : said) };
    const made = visitorMapper(mapping)(row, () => 'id');
    return 'body' in made ? Date.parse(made.body['timestamp'] as string) : undefined;
  },
  'a template': (said, zone) => {
    const content = { text: `{{ profile.at | date: "%s%L", "${zone}" }}` };
    const scope = { profile: { at: said }, context: {}, now: NOW, interactions: () => undefined };
    const text = renderer({ content })(scope)?.content['text'];
    return text === undefined ? undefined : Number(text);
  },
};

/** A rule asks whether, and not when: only at one instant is neither before nor after true. */
function isAsConditionsReadIt(said: string | number, zone: string, at: number): boolean {
  const [before, after] = ['before', 'after'].map((name) => timeComparisons.find((one) => one.name === name));
  const asked = (one: typeof before, at: number) =>
    one !== undefined && compareTimes(one, said, new TimeFrame({ first: at, last: at }, zone));
  return asked(before, at + 86_400_001) && asked(after, at - 1) && !asked(before, at) && !asked(after, at);
}

describe('a time, wherever it is read', () => {
  const instants = fc.integer({ min: Date.UTC(1990, 0, 2), max: Date.UTC(2099, 11, 30) });
  const offsets = fc.integer({ min: -23 * 60, max: 23 * 60 });

  test('is the same instant in every spelling, and so it is for rule files where they take it', () => {
    fc.assert(
      fc.property(instants, offsets, fc.constantFrom('UTC', ZONE), (at, minutes, zone) => {
        for (const said of spellings(at, minutes)) {
          for (const [place, read] of Object.entries(PLACES))
            expect([place, said, read(said, zone)]).toEqual([place, said, at]);
          expect([said, isAsConditionsReadIt(said, zone, at)]).toEqual([said, true]);
          if (typeof said === 'string') expect([at, NaN]).toContainEqual(instant(said));
        }
        expect(instant(new Date(at).toISOString())).toBe(at);
      }),
      { numRuns: 50 },
    );
  });

  test('is by the clocks of one zone where it says none', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom('UTC', ZONE, 'America/New_York', '+05:30'), (shown, zone) => {
        const said = new Date(shown).toISOString().slice(0, -1);
        const at = instant(said, zone);
        for (const text of [said, said.replace('T', ' '), said.replaceAll('-', '/'), said.replaceAll(/[-:]/g, '')])
          for (const [place, read] of Object.entries(PLACES))
            expect([place, text, read(text, zone)]).toEqual([place, text, at]);
        expect(instant(said)).toBeNaN();
      }),
      { numRuns: 50 },
    );
  });

  test('is refused everywhere where it is refused anywhere, but by rule files, which are stricter', () => {
    const parts = fc.constantFrom(...'0123456789-/:., TZ+', '20', '2026', '-11-', '-20', 'T10:', '00', '24:00', '+01');
    const texts = fc
      .array(parts, { maxLength: 10 })
      .map((found) => found.join(''))
      .filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(fc.oneof(texts, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })), (said) => {
        const at = PLACES['a door']?.(said, ZONE);
        for (const place of ['a mapping', 'a template'])
          expect([place, PLACES[place]?.(said, ZONE)]).toEqual([place, at]);
        const found = instant(String(said), ZONE);
        expect([at, NaN]).toContainEqual(found);
      }),
      { numRuns: 300 },
    );
  });
});

function spellings(at: number, minutes: number): (string | number)[] {
  const text = new Date(at).toISOString();
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const there = new Date(at + minutes * 60_000).toISOString().slice(0, -1);
  const sign = minutes < 0 ? '-' : '+';
  return [
    ...[
      text,
      text.replace('T', ' '),
      ` ${text} `,
      text.toLowerCase(),
      text.replace('.', ','),
      text.replaceAll(/[-:]/g, ''),
    ],
    ...[
      `${there}${sign}${two(hours)}:${two(rest)}`,
      `${there} ${sign}${two(hours)}${two(rest)}`,
      `${text.slice(0, -1)} UTC`,
    ],
    ...[at, String(at), `${at}123`, `${at}123456`, `${String(at).slice(0, -3)}.${String(at).slice(-3)}`],
  ];
}
