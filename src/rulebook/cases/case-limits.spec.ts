import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../engine/language/json.js';
import { loadRulebook } from '../build/load-rulebook.js';
import { problemText } from '../read/rule-problem.js';
import { casesAt } from './case-time.js';
import { runCases } from './run-cases.js';

const NOW = '2026-11-20T09:00:00Z';
const treatments = { '*': { content: {} } };
const rule = (offer: string, priority: number) => ({
  name: offer,
  placements: ['hero', 'desk'],
  conditions: { all: [] },
  event: { type: 'offer', params: { offer } },
  priority,
});
const BUSINESS: Readonly<Record<string, Json>> = {
  'placements/hero.json': { name: 'Hero', channel: 'web' },
  'placements/desk.json': { name: 'Desk', channel: 'desk', lease: { minutes: 20 } },
  'offers/camera.json': {
    name: 'Camera',
    treatments,
    caps: [
      { event: 'accepted', limit: 1, hold: '2h' },
      { event: 'accepted', limit: 9, per: 'total' },
    ],
    goal: { event: 'Camera Bought' },
  },
  'offers/magazine.json': { name: 'Magazine', treatments },
  'proactive/camera.json': rule('camera', 2),
  'proactive/magazine.json': rule('magazine', 1),
};

function load(story: Readonly<Record<string, Json>>) {
  const request = { placements: ['hero'] };
  const files = { ...BUSINESS, 'cases/story.json': { name: 'A story', request, now: NOW, ...story } };
  return loadRulebook(Object.entries(files).map(([path, value]) => ({ path, text: JSON.stringify(value) })));
}

function differencesOf(story: Readonly<Record<string, Json>>): readonly string[] | undefined {
  const { definitions, rulebook, problems } = load(story);
  expect(problems).toEqual([]);
  return rulebook && runCases(definitions, rulebook)[0]?.differences;
}

const told = (...contacts: Json[]) => ({ visitor: { contacts } });
const decided = { offer: 'camera', event: 'decided', timestamp: '2026-11-20T08:00:00Z', placement: 'hero' };
const CAPPED = { expect: { hero: ['magazine'] }, expectGates: { hero: { camera: 'CAPPED' } } };

describe('a case', () => {
  test.each<[string, Record<string, Json>]>([
    ['an outcome', told({ offer: 'camera', event: 'accepted', timestamp: '2026-11-01' })],
    ['a decision that is held as the cap says', told(decided)],
    [
      'an event that is the goal of the offer',
      {
        visitor: {
          contacts: [{ ...decided, timestamp: '2026-11-18' }],
          interactions: [{ event: 'Camera Bought', timestamp: '2026-11-19' }],
        },
      },
    ],
    ['what is known of limits in total', { limits: { spent: ['camera'] } }],
    ['that nothing can be reserved', { limits: { unknown: true } }],
  ])('can tell of %s', (_what, story) => {
    expect(differencesOf({ ...story, ...CAPPED })).toEqual([]);
  });

  test.each<[string, Record<string, Json>]>([
    ['an outcome to come', told({ offer: 'camera', event: 'accepted', timestamp: '2026-12-01' })],
    ['a hold that is over', told({ ...decided, hold: '1h' })],
    [
      'a decision that was dismissed',
      told(
        { ...decided, item: 'first' },
        { offer: 'camera', event: 'dismissed', timestamp: '2026-11-20T08:10:00Z', item: 'first' },
      ),
    ],
  ])('can tell of %s, which takes no place', (_what, story) => {
    expect(differencesOf({ ...story, expect: { hero: ['camera'] } })).toEqual([]);
  });

  test('knows the lease of a placement', () => {
    const lease = { ...told({ ...decided, placement: 'desk', timestamp: '2026-11-20T08:50:00Z', hold: '1s' }) };
    expect(
      differencesOf({ ...lease, expect: { hero: ['magazine'] }, expectGates: { hero: { camera: 'LEASED' } } }),
    ).toEqual([]);
  });

  test('that expects another gate says what became of the offer', () => {
    expect(differencesOf({ ...told(decided), ...CAPPED, expectGates: { hero: { camera: 'SUPPRESSED' } } })).toEqual([
      'hero: expected camera to be stopped by SUPPRESSED; camera holds, but camera is stopped: CAPPED, ' +
        'a cap is reached: accepted 1 of 1, 1 of them held by decisions; ' +
        'possible again on Friday 2026-11-20 10:00 (UTC)',
    ]);
    expect(differencesOf({ expect: { hero: ['camera'] }, expectGates: { hero: { camera: 'CAPPED' } } })).toEqual([
      'hero: expected camera to be stopped by CAPPED; camera has brought it into the answer',
    ]);
  });

  test('can be told as if it were another time', () => {
    const { definitions, rulebook } = load({ ...told(decided), ...CAPPED });
    const later = { now: Date.parse('2027-03-01T09:00:00Z'), moveHistory: true };
    expect(rulebook && runCases(casesAt(definitions, later), rulebook)[0]?.differences).toEqual([]);
    expect(rulebook && runCases(casesAt(definitions, { ...later, moveHistory: false }), rulebook)[0]?.ok).toBe(false);
  });

  test.each<[string, Record<string, Json>, string]>([
    ['offer', told({ ...decided, offer: 'camra' }), 'unknown offer "camra"; did you mean "camera"?'],
    ['placement', told({ ...decided, placement: 'heros' }), 'unknown placement "heros"; did you mean "hero"?'],
    [
      'hold',
      told({ ...decided, hold: 'long' }),
      '"long" is not a duration; write a number and s, m, h, d or w, such as "30m"',
    ],
    ['spent offer', { limits: { spent: ['camra'] } }, 'unknown offer "camra"; did you mean "camera"?'],
    ['gate', { expectGates: { hero: { camera: 'CAPED' } } }, '"CAPED" is no gate; did you mean "CAPPED"?'],
    ['stopped offer', { expectGates: { hero: { camra: 'CAPPED' } } }, 'unknown offer "camra"; did you mean "camera"?'],
    [
      'placement of a gate',
      { expectGates: { desk: {} } },
      'the request of this case does not ask "desk"; did you mean "hero"?',
    ],
  ])('with a wrong %s is refused', (_what, story, problem) => {
    const { problems } = load({ expect: { hero: [] }, ...story });
    expect(problems.map(problemText).join()).toContain(problem.replace('; did you mean "hero"?', ''));
  });
});
