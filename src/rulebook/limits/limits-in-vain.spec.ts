import { describe, expect, test } from '@jest/globals';
import { problemText } from '../read/rule-problem.js';
import { loadRulebook } from '../build/load-rulebook.js';

const shown = { '*': { content: { title: 'Look' } } };

/** What is there besides the offer and the contact policy. */
interface Around {
  readonly placements?: Readonly<Record<string, object>>;
  /** The offer that placements fall back on. */
  readonly plain?: object;
  readonly rule?: object;
}

const PLACEMENTS = { hero: { channel: 'web', fallback: 'plain' }, aside: { fallback: 'plain' } };

function warningsOf(offer: object, contact?: object, around: Around = {}): string[] {
  const { placements = PLACEMENTS, plain, rule } = around;
  const placed = Object.entries(placements).map(([id, more]) => [`placements/${id}.json`, { name: id, ...more }]);
  const files: Readonly<Record<string, object>> = {
    ...(Object.fromEntries(placed) as Record<string, object>),
    'offers/plain.json': { name: 'Plain', treatments: shown, group: 'house', transactional: true, ...plain },
    'offers/tried.json': { name: 'Tried', treatments: shown, ...offer },
    'proactive/tried.json': {
      name: 'For everybody',
      placements: ['hero'],
      conditions: { all: [] },
      event: { type: 'offer', params: { offer: 'tried' } },
      ...rule,
    },
    ...(contact && { 'policies/contact.json': { name: 'Left alone', ...contact } }),
  };
  const texts = Object.entries(files).map(([path, definition]) => ({ path, text: JSON.stringify(definition) }));
  const { problems, warnings } = loadRulebook(texts);
  expect(problems).toEqual([]);
  return warnings.map(problemText);
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

test.each<[string, object, object[], string | undefined]>([
  [
    'fewer',
    { event: 'shown', limit: 2, within: '7d' },
    [shownAtMost(3, { within: '7d' })],
    'before it; take the cap away',
  ],
  ['as many', { event: 'shown', limit: 3, within: '7d' }, [shownAtMost(3, { within: '7d' })], 'no later; take the cap'],
  ['more', { event: 'shown', limit: 4, within: '7d' }, [shownAtMost(3, { within: '7d' })], undefined],
  ['by the calendar', { event: 'shown', limit: 2, within: 'week' }, [shownAtMost(3, { within: 'day' })], 'before it'],
  [
    'by other clocks',
    { event: 'shown', limit: 2, within: 'week', timeZone: 'UTC' },
    [shownAtMost(3, { within: 'day' })],
    undefined,
  ],
  ['in a shorter time', { event: 'shown', limit: 2, within: '1d' }, [shownAtMost(3, { within: '7d' })], undefined],
  [
    'in one channel',
    { event: 'shown', limit: 2, within: '7d', channels: ['web'] },
    [shownAtMost(3, { within: '7d' })],
    undefined,
  ],
  [
    'of its group',
    { event: 'shown', limit: 2, within: '7d', groups: ['shop'] },
    [shownAtMost(3, { within: '7d' })],
    'before',
  ],
  [
    'of another group',
    { event: 'shown', limit: 2, within: '7d', offers: ['plain'] },
    [shownAtMost(3, { within: '7d' })],
    undefined,
  ],
  ['in total', { event: 'shown', limit: 2, within: '7d' }, [shownAtMost(3, { within: '7d', per: 'total' })], undefined],
])('a cap is in vain where a contact limit comes before it: %s', (_what, limit, caps, why) => {
  const found = warningsOf({ group: 'shop', caps }, { limits: [{ name: 'Enough', ...limit }] });
  expect(found).toHaveLength(why === undefined ? 0 : 1);
  if (why !== undefined) expect(found[0]).toContain(why);
  expect(found[0] ?? '').toMatch(/^$|offers.tried.json:1:\d+ .*: the contact limit "Enough" \(limits\.0 of policies/);
  // The contact policy is not for it.
  expect(warningsOf({ group: 'shop', transactional: true, caps }, { limits: [limit] })).toEqual([]);
});

test.each([
  [[shownAtMost(3, { within: '7d' }), shownAtMost(3, { within: 'day' })], 'cap 1 of the offer'],
  [[shownAtMost(3, { within: '7d' }), shownAtMost(3, { within: 'week' })], undefined],
  [[shownAtMost(3, { within: '8d' }), shownAtMost(3, { within: 'week' })], 'cap 1 of the offer'],
  [[shownAtMost(3, { within: 'month' }), shownAtMost(4, { within: 'day' })], 'cap 1 of the offer'],
  [[shownAtMost(3, { within: 'month' }), shownAtMost(4, { within: 'week' })], undefined],
  [[shownAtMost(3, { within: 'week' }), shownAtMost(4, { within: 'day', timeZone: 'UTC' })], undefined],
  [[shownAtMost(3, { hold: '1h' }), shownAtMost(4, { hold: '2d' })], 'keep "hold": "2d", which counts for both'],
  [[shownAtMost(3, { per: 'total' }), shownAtMost(4, { per: 'total', hold: '2d' })], undefined],
  [
    [shownAtMost(3, { per: 'total' }), shownAtMost(4, { per: 'total', within: 'day' })],
    ', once both have counted as long: ',
  ],
  [[shownAtMost(3, { per: 'total' }), shownAtMost(4, { per: 'total' })], 'can never be reached: cap 1'],
])('only what is certain is said of two caps: %j', (caps, what) => {
  const found = warningsOf({ caps });
  expect(found).toHaveLength(what === undefined ? 0 : 1);
  if (what !== undefined) expect(found[0]).toContain(what);
});

test.each([
  [{ quietHours: [{ from: '00:00', until: '24:00' }] }, 1],
  [{ offers: { tried: { quietHours: [{ from: '00:00', until: '24:00' }] } } }, 1],
  [{ quietHours: [{ from: '00:00', until: '24:00', days: ['sunday'] }] }, 0],
  [{ quietHours: [{ from: '21:00', until: '08:00' }] }, 0],
])('hours that are quiet all day keep everything away: %j', (contact, count) => {
  expect(warningsOf({}, contact).filter((line) => line.includes('it is always quiet by this'))).toHaveLength(count);
});

describe('what keeps an offer away for good', () => {
  const shown = (more: object) => ({ suppression: [{ after: 'shown', ...more }] });
  const SHORT = { schedule: { from: '2026-11-27', until: '2026-12-01' } };

  test.each<[string, object, object, string | undefined]>([
    ['a year', {}, shown({ for: '365d' }), 'an offer stays away for 365d from whoever was shown it once'],
    ['less than a year', {}, shown({ for: '52w' }), undefined],
    ['after several', {}, shown({ for: '400d', times: 2 }), undefined],
    ['after something else', {}, { suppression: [{ after: 'dismissed', for: '400d' }] }, undefined],
    [
      'of an offer that it is not for',
      {},
      { ...shown({ for: '400d' }), offers: { tried: { suppression: [] } } },
      undefined,
    ],
    ['of one that is exempt', { transactional: true }, shown({ for: '400d' }), undefined],
    ['a group of one', { group: 'shop' }, shown({ for: '1d', group: '400d' }), undefined],
    ['a group', { group: 'house' }, shown({ for: '1d', group: '400d' }), 'whoever was shown another of its group once'],
    ['as long as its schedule', SHORT, shown({ for: '4d' }), 'suppression.0 of policies/contact keeps it away for 4d'],
    ['shorter than its schedule', SHORT, shown({ for: '3d' }), undefined],
    ['a schedule without an end', { schedule: { from: '2026-11-27' } }, shown({ for: '300d' }), undefined],
  ])('is named where it is certain: %s', (_what, offer, contact, what) => {
    const found = warningsOf(offer, contact);
    expect(found).toHaveLength(what === undefined ? 0 : 1);
    if (what !== undefined) expect(found[0]).toContain(what);
  });

  test('is named at its place', () => {
    expect(warningsOf({}, shown({ for: '365d' }))[0]).toMatch(/^policies\/contact.json:1:60 /);
    expect(warningsOf(SHORT, shown({ for: '4d' }))[0]).toMatch(/^offers\/tried.json:1:65 whoever was shown this offer/);
  });
});

describe('a fallback that the contact policy may hold back', () => {
  const NIGHT = { from: '21:00', until: '08:00' };
  const POLICIES: readonly [object, string | undefined][] = [
    [{ suppression: [{ after: 'dismissed', for: '14d' }] }, 'suppression.0'],
    [{ quietHours: [NIGHT] }, 'quietHours.0'],
    [
      {
        quietHours: [
          { ...NIGHT, channels: ['email'] },
          { ...NIGHT, channels: ['web'] },
        ],
      },
      'quietHours.1',
    ],
    [{ quietHours: [{ ...NIGHT, channels: ['email'] }] }, undefined],
    [{ limits: [{ event: 'shown', limit: 2, within: 'day' }] }, 'limits.0'],
    [{ limits: [{ event: 'shown', limit: 2, within: 'day', channels: ['email'] }] }, undefined],
    [{ limits: [{ event: 'shown', limit: 2, within: 'day', offers: ['tried'] }] }, undefined],
    [{ suppression: [{ after: 'dismissed', for: '14d' }], offers: { plain: { suppression: [] } } }, undefined],
    [{ groups: { calm: { quietHours: [NIGHT] } } }, 'groups.calm.quietHours.0'],
    [{ offers: { plain: { quietHours: [NIGHT] } }, groups: { calm: { quietHours: [] } } }, 'offers.plain.quietHours.0'],
  ];

  test.each(POLICIES)('is to be transactional: %j', (contact, at) => {
    const placements = { hero: { channel: 'web', fallback: 'plain' }, letter: { channel: 'email' } };
    const plain = { group: 'calm', transactional: false };
    const found = warningsOf({}, contact, { placements, plain });
    expect(found).toHaveLength(at === undefined ? 0 : 1);
    if (at !== undefined)
      expect(found[0]).toBe(
        `placements/hero.json:1:43 the contact policy may hold the fallback "plain" back (${at}), and then there is ` +
          'nothing to show here; mark it transactional in offers/plain: "transactional": true',
      );
    expect(warningsOf({}, contact, { placements, plain: { ...plain, transactional: true } })).toEqual([]);
  });

  test('is named where a placement without a channel may be asked for in any', () => {
    const placements = { hero: { fallback: 'plain' }, letter: { channel: 'email' } };
    const quietHours = [{ ...NIGHT, channels: ['email'] }];
    expect(warningsOf({}, { quietHours }, { placements, plain: { transactional: false } })).toHaveLength(1);
    const paused = { ...placements, hero: { fallback: 'plain', status: 'paused' } };
    expect(warningsOf({}, { quietHours }, { placements: paused, plain: { transactional: false } })).toEqual([]);
  });
});

describe('a lease', () => {
  const lease = { minutes: 20 };

  test('is not seen where neither placement names a channel', () => {
    const placements = { hero: {}, desk: { lease } };
    expect(warningsOf({}, undefined, { placements, rule: { placements: ['hero', 'desk'] } })).toEqual([
      'placements/desk.json:1:16 "hero" does not see this lease, of "tried" for one: it holds offers back in other ' +
        'channels, and a request that names no channel asks for both in none; give each of these placements ' +
        'a "channel"',
    ]);
    const fallback = { hero: { fallback: 'tried' }, desk: { lease } };
    expect(warningsOf({}, undefined, { placements: fallback, rule: { placements: ['desk'] } })).toHaveLength(1);
  });

  test.each<[string, object, object, object]>([
    ['one of them names a channel', { hero: {}, desk: { lease, channel: 'desk' } }, {}, {}],
    ['the other one does', { hero: { channel: 'web' }, desk: { lease } }, {}, {}],
    ['the other one is paused', { hero: { status: 'paused' }, desk: { lease } }, {}, {}],
    ['no offer is made in both', { hero: {}, desk: { lease } }, { placements: ['desk'] }, {}],
    ['the rule is for a channel', { hero: {}, desk: { lease } }, { channels: ['web'] }, {}],
    ['the offer is not leased', { hero: {}, desk: { lease } }, {}, { transactional: true }],
  ])('is seen, or not needed, where %s', (_what, placements, rule, offer) => {
    const asked = { placements, rule: { placements: ['hero', 'desk'], ...rule } };
    expect(warningsOf(offer, undefined, asked as Around)).toEqual([]);
  });
});
