import { expect, test } from '@jest/globals';
import { problemText } from '../read/rule-problem.js';
import { loadRulebook } from '../build/load-rulebook.js';

const shown = { '*': { content: { title: 'Look' } } };

function warningsOf(offer: object, contact?: object): string[] {
  const files: Readonly<Record<string, object>> = {
    'placements/hero.json': { name: 'Hero', fallback: 'plain' },
    'placements/aside.json': { name: 'Aside', fallback: 'plain' },
    'offers/plain.json': { name: 'Plain', treatments: shown, transactional: true },
    'offers/tried.json': { name: 'Tried', treatments: shown, ...offer },
    'proactive/tried.json': {
      name: 'For everybody',
      placements: ['hero'],
      conditions: { all: [] },
      event: { type: 'offer', params: { offer: 'tried' } },
    },
    ...(contact && { 'policies/contact.json': { name: 'Left alone', ...contact } }),
  };
  const texts = Object.entries(files).map(([path, definition]) => ({ path, text: JSON.stringify(definition) }));
  return loadRulebook(texts).warnings.map(problemText);
}

const shownAtMost = (limit: number, more: object = {}) => ({ event: 'shown', limit, ...more });

test.each<[string, object[], number | undefined]>([
  ['one that is alike but larger', [shownAtMost(3), shownAtMost(5)], 2],
  ['a twin', [shownAtMost(3), shownAtMost(3)], 2],
  ['more in less time', [shownAtMost(5, { within: '1d' }), shownAtMost(3, { within: '7d' })], 1],
  ['less in less time', [shownAtMost(2, { within: '1d' }), shownAtMost(3, { within: '7d' })], undefined],
  ['of one placement, as there', [shownAtMost(3), shownAtMost(4, { placement: 'hero' })], 2],
  ['of all, as in one placement', [shownAtMost(3, { placement: 'hero' }), shownAtMost(4)], undefined],
  ['another event', [shownAtMost(3), { event: 'clicked', limit: 5 }], undefined],
  ['in total', [shownAtMost(3), shownAtMost(5, { per: 'total' })], undefined],
  ['by the calendar', [shownAtMost(3, { within: 'week' }), shownAtMost(5, { within: '1d' })], undefined],
])('a cap that another comes before is in vain: %s', (_what, caps, place) => {
  const warnings = warningsOf({ caps });
  expect(warnings.filter((line) => line.includes('can never be reached'))).toHaveLength(place === undefined ? 0 : 1);
  if (place !== undefined)
    expect(warnings[0]).toContain(`this cap can never be reached: cap ${3 - place} of the offer, with a limit of`);
});

test('a cap in a placement where nothing makes the offer counts nothing', () => {
  const caps = [shownAtMost(3, { placement: 'aside' })];
  expect(warningsOf({ caps })[0]).toMatch(/no rule puts the offer forward in "aside", and it is no fallback there/);
  expect(warningsOf({ caps: [shownAtMost(3, { placement: 'hero' })] })).toEqual([]);
});

test.each([
  [{ quietHours: [{ from: '00:00', until: '24:00' }] }, 1],
  [{ offers: { tried: { quietHours: [{ from: '00:00', until: '24:00' }] } } }, 1],
  [{ quietHours: [{ from: '00:00', until: '24:00', days: ['sunday'] }] }, 0],
  [{ quietHours: [{ from: '21:00', until: '08:00' }] }, 0],
])('hours that are quiet all day keep everything away: %j', (contact, count) => {
  expect(warningsOf({}, contact).filter((line) => line.includes('it is always quiet by this'))).toHaveLength(count);
});
