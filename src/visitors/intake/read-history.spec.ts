import { describe, expect, test } from '@jest/globals';
import { WrittenNumber } from '../../engine/language/written-number.js';
import type { Problem } from '../../errors.js';
import { readHistory } from './read-history.js';

const NOW = Date.UTC(2026, 10, 21);
const DAY = 86_400_000;
const told = { visitorId: 'u-1', traits: { plan: 'gold' } };

function historyOf(line: unknown) {
  const read = readHistory(line, NOW);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.history;
}
function problemsOf(line: unknown): readonly Problem[] {
  const read = readHistory(line, NOW);
  return 'problems' in read ? read.problems : [];
}
const pathsOf = (line: unknown) => problemsOf(line).map(({ path }) => path);
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

describe('a line of an import', () => {
  test.each([undefined, null, [], 'u-1', 7])('is not %j', (line) => {
    expect(pathsOf(line)).toEqual(['']);
  });

  test('must say something of the person', () => {
    expect(pathsOf({ visitorId: 'u-1' })).toEqual(['traits']);
    expect(pathsOf({ visitorId: 'u-1', timestamp: '2026-11-01', exportedAt: '2026-11-01T00:00:00Z' })).toEqual([
      'traits',
    ]);
    expect(pathsOf({ visitorId: 'u-1', ids: [] })).toEqual([]);
  });

  test('has every problem told at once, each with its place', () => {
    const line = {
      vistorId: 'u-1',
      timestamp: 'yesterday',
      ids: ['a', ''],
      identities: { known: 'b', anonymous: [{}] },
      traits: ['gold'],
      consents: { ads: 'maybe', ['x'.repeat(1_025)]: 'granted' },
      interactions: [{ event: 'Bought' }, 'Bought', { event: 'x', timestamp: '2026-11-01T00:00:00Z', properties: [] }],
      released: { floor: 0.5 },
    };
    const paths = pathsOf(line);
    for (const path of [
      'vistorId',
      'visitorId',
      'timestamp',
      'ids[1]',
      'identities.known',
      'identities.anonymous[0]',
      'traits',
      'consents.ads.status',
      'interactions[0].timestamp',
      'interactions[1]',
      'interactions[2].properties',
      'released.floor',
    ])
      expect(paths).toContain(path);
  });
});

describe('an id', () => {
  test.each([7, 10, -15])('may be the number %d, which is a text from then on', (visitorId) => {
    expect(historyOf({ ...told, visitorId }).visitorId).toBe(String(visitorId));
  });

  test.each(['', ' ', 'a\u0000', 'x'.repeat(100_000), '\uD800', null, true, ['u-1'], {}, -1.5, 0, 'undefined'])(
    'is not %j',
    (visitorId) => {
      expect(pathsOf({ ...told, visitorId })).toEqual(['visitorId']);
    },
  );

  test('may be any whole characters that can be seen, and the name of a member that every object has', () => {
    for (const visitorId of ['💐', '__proto__', 'constructor', 'ü ü'])
      expect(historyOf({ ...told, visitorId }).visitorId).toBe(visitorId);
  });

  test('comes from "ids" and from the identities of an export', () => {
    const { known, others } = historyOf({
      visitorId: 'u-1',
      ids: ['a-1', 2],
      identities: { known: ['u-1'], anonymous: ['a-2'] },
    });
    expect([known, others]).toEqual([['u-1'], ['a-1', '2', 'a-2']]);
  });

  test.each([
    [{}, ['u-1']],
    [{ known: true }, ['u-1']],
    [{ known: false }, []],
    [{ identities: { anonymous: ['u-1'] } }, []],
    [{ identities: { known: ['u-2'] } }, ['u-1', 'u-2']],
    [{ known: false, identities: { known: ['u-2'] } }, ['u-2']],
  ])('of the line is known unless it says otherwise: %j', (says, known) => {
    expect(historyOf({ ...told, ...says }).known).toEqual(known);
  });

  test.each([
    { known: 'no' },
    { known: false, identities: { known: ['u-1'] } },
    { known: true, identities: { anonymous: [' u-1'] } },
  ])('is not both, nor neither: %j', (says) => {
    expect(pathsOf({ ...told, ...says })).toEqual(['known']);
  });
});

describe('the id first met', () => {
  const origin = { id: 'a-1', arrival: 1_763_000_000_000_000, known: false };

  test.each([
    [origin, { id: 'a-1', at: origin.arrival, known: false }],
    [
      { ...origin, id: ' a-1\u200B' },
      { id: 'a-1', at: origin.arrival, known: false },
    ],
    [
      { id: 'u-1', arrival: 0, known: true },
      { id: 'u-1', at: 0, known: true },
    ],
    [null, undefined],
  ])('is taken as an export has it: %j', (said, read) => {
    expect(historyOf({ ...told, ids: ['a-1'], origin: said }).origin).toEqual(read);
  });

  test.each([
    ['origin', 'a-1'],
    ['origin', { ...origin, id: '' }],
    ['origin', { ...origin, arrival: -1 }],
    ['origin', { ...origin, arrival: 0.5 }],
    ['origin', { ...origin, arrival: '1763000000000000' }],
    ['origin', { ...origin, known: undefined }],
    ['origin.id', { ...origin, id: 'somebody else' }],
  ])('is refused at %s where it is %j', (path, said) => {
    expect(pathsOf({ ...told, ids: ['a-1'], origin: said })).toEqual([path]);
  });

  test('says nothing of the person alone', () => {
    expect(pathsOf({ visitorId: 'a-1', origin })).toEqual(['traits']);
  });
});

describe('what a line says in words that are not known', () => {
  const did = { event: 'Bought', timestamp: '2026-11-02' };

  test.each<[string, object]>([
    ['trait', { trait: { a: 1 } }],
    ['consents.ads.untill', { consents: { ads: { status: 'granted', untill: '2027-01-01' } } }],
    ['interactions[0].propertys', { interactions: [{ ...did, propertys: { a: 1 } }] }],
    ['interactions[1].originalTimestamp', { interactions: [did, { ...did, originalTimestamp: '2026-11-01' }] }],
    ['interactions[0].channel', { interactions: [{ ...did, channel: 7 }] }],
    ['traitDetails.a.when', { traitDetails: { a: { value: 1, when: '2026-11-01' } } }],
    ['identities.devices', { identities: { devices: ['a'] } }],
  ])('is refused at %s, as it would not count', (path, said) => {
    expect(pathsOf({ visitorId: 'u-1', traits: {}, ...said })).toEqual([path]);
  });

  test('is passed over where a timeline or an export has it besides', () => {
    const line = { visitorId: 'u-1', format: 'usher-visitor-1', interactions: [{ ...did, session: '2026-11-02' }] };
    expect(pathsOf(line)).toEqual([]);
  });
});

test.each([
  ['joins', 'a-1'],
  ['joins[0]', [{ id: 'a-1' }]],
  [
    'joins[1]',
    [
      { id: 'a-1', at: '2026-11-01T00:00:00Z' },
      { id: '', at: '2026-11-01T00:00:00Z' },
    ],
  ],
  ['joins[0]', [{ id: 'a-1', at: '2026-11-01T00:00:00Z', by: 'nobody' }]],
])('what was joined is refused at %s where it is %j', (path, joins) => {
  expect(pathsOf({ ...told, ids: ['a-1'], joins })).toEqual([path]);
});

test.each([
  ['parted', {}],
  ['parted[0]', [{ id: 'a-1', at: '2026-11-01T00:00:00Z' }]],
  ['parted[0]', [{ id: 'a-1', from: 'u-1', at: 'yesterday' }]],
  ['parted[1]', [{ id: 'a-1', from: 'u-1', at: '2026-11-01T00:00:00Z' }, null]],
])('who was parted is refused at %s where it is %j', (path, parted) => {
  expect(pathsOf({ ...told, ids: ['a-1'], parted })).toEqual([path]);
});

test('who was parted is taken from an export; of whom they were joined is passed over', () => {
  const parted = [{ id: 'a-1', from: 'u-1', at: '2026-11-01T00:00:00Z' }];
  expect(readHistory({ ...told, parted, sides: [{}], links: 'any' }, NOW)).toMatchObject({
    history: { parted: [{ id: 'a-1', from: 'u-1', at: Date.parse('2026-11-01T00:00:00Z') }] },
  });
});

describe('what was said', () => {
  test('was said when it says so, else when the line does, else now', () => {
    const line = {
      ...told,
      timestamp: '2026-11-01T00:00:00Z',
      consents: { ads: { status: 'denied', at: '2026-11-02T00:00:00Z' }, mail: 'granted' },
    };
    const { traits, consents } = historyOf(line);
    expect([traits[0]?.at, ...consents.map(({ at }) => at)]).toEqual([
      Date.UTC(2026, 10, 1),
      Date.UTC(2026, 10, 2),
      Date.UTC(2026, 10, 1),
    ]);
    expect(historyOf(told).traits[0]?.at).toBeUndefined();
  });

  test('can’t have been said in days to come', () => {
    const { traits } = historyOf({ ...told, timestamp: new Date(NOW + 30 * DAY).toISOString() });
    expect(traits[0]?.at).toBeLessThanOrEqual(NOW);
  });

  test('of an export is the consent before it expired', () => {
    const until = '2026-01-01T00:00:00Z';
    const line = { visitorId: 'u-1', consents: { ads: { status: 'expired', said: 'granted', until } } };
    expect(historyOf(line).consents).toMatchObject([{ granted: true, until: Date.UTC(2026, 0, 1) }]);
    expect(pathsOf({ visitorId: 'u-1', consents: { ads: { status: 'expired' } } })).toEqual(['consents.ads.status']);
  });

  test.each([0, -1, 1.5, '7', 2 ** 53, null])('came in at no such time as %j: it is given one', (arrival) => {
    const { consents } = historyOf({ visitorId: 'u-1', consents: { ads: { status: 'granted', arrival } } });
    expect(consents[0]?.arrival).toBeUndefined();
  });

  test('may be nested only so deep, in traits as in their details', () => {
    const depth = [...Array(200).keys()].find((n) => problemsOf({ ...told, traits: nested(n + 1) }).length > 0) ?? NaN;
    expect(depth).toBeGreaterThan(3);
    const detail = (value: unknown) => ({ visitorId: 'u-1', traitDetails: { plan: { value } } });
    expect([pathsOf(detail(nested(depth - 1))), pathsOf(detail(nested(depth)))]).toEqual([[], ['traitDetails.plan']]);
  });
});

describe('an interaction', () => {
  const line = (...interactions: unknown[]) => ({ visitorId: 'u-1', interactions });
  const at = { timestamp: '2026-11-01T00:00:00Z' };

  test('is the same one when the line comes again, and others when it is there twice', () => {
    const bought = { event: 'Bought', ...at };
    const ids = (...interactions: unknown[]) =>
      historyOf(line(...interactions)).interactions.map(({ messageId }) => messageId);
    const [first, second] = ids(bought, bought);
    expect(first).not.toBe(second);
    expect(ids(bought, bought)).toEqual([first, second]);
    expect(ids({ ...bought, properties: { sku: 1 } })).not.toContain(first);
    expect(ids({ ...bought, messageId: 'm-1' })).toEqual(['m-1']);
  });

  test('has an id made for it where clients send one by mistake or none, as an event has', () => {
    const ids = (messageId: unknown) =>
      historyOf(line({ event: 'Bought', ...at, messageId }, { event: 'Returned', ...at, messageId })).interactions.map(
        (one) => one.messageId,
      );
    for (const messageId of ['undefined', '[object Object]', 0, null, '', '\u200B '])
      expect(ids(messageId)).toEqual(ids(undefined));
    expect(new Set(ids(undefined)).size).toBe(2);
    expect(readHistory(line({ event: 'Bought', ...at, messageId: 'null' }), NOW)).toMatchObject({ guarded: true });
  });

  test('of a nanosecond is told from the next one, though a number here has fewer digits', () => {
    const of = (timestamp: string) => ({ event: 'Bought', timestamp: new WrittenNumber(timestamp) });
    const { interactions } = historyOf(line(of('1763632800123456789'), of('1763632800123456790')));
    const [first = '', second = ''] = interactions.map(({ messageId }) => messageId);
    expect([first, second]).toEqual([expect.stringMatching(/^hash-/), expect.stringMatching(/^hash-/)]);
    expect(first).not.toBe(second);
  });

  test.each([undefined, null, '', 'yesterday', '2026-02-30T00:00:00Z', {}, true])(
    'is not of the time %j',
    (timestamp) => {
      expect(pathsOf(line({ event: 'Bought', timestamp }))).toEqual(['interactions[0].timestamp']);
    },
  );

  test('is of the channel "server" where it names none', () => {
    const channels = historyOf(
      line({ event: 'a', ...at }, { event: 'a', channel: '', ...at }, { event: 'a', channel: 'web', ...at }),
    ).interactions.map(({ channel }) => channel);
    expect(channels).toEqual(['server', 'server', 'web']);
  });

  test('comes in a list', () => {
    expect(pathsOf({ visitorId: 'u-1', interactions: { event: 'Bought', ...at } })).toEqual(['interactions']);
  });
});

describe('what is no longer retained', () => {
  const line = (released: unknown) => ({ visitorId: 'u-1', released });
  const bought = { counts: { 'u-1': 3 }, first: '2026-01-01T00:00:00Z', last: '2026-02-01T00:00:00Z' };

  test('is read as an export has it', () => {
    expect(historyOf(line({ counts: { Bought: bought }, messages: [[-7, 1]], floor: -1 })).released).toEqual({
      evicted: { Bought: { counts: { 'u-1': 3 }, first: Date.UTC(2026, 0, 1), last: Date.UTC(2026, 1, 1) } },
      forgotten: { hashes: Float64Array.of(-7), cameAt: Float64Array.of(1) },
    });
  });

  test('may be nothing', () => {
    const nothing = { evicted: {}, forgotten: { hashes: new Float64Array(), cameAt: new Float64Array() } };
    expect(historyOf(line({})).released).toEqual(nothing);
    expect(historyOf(line({ floor: null })).released).toEqual(nothing);
    expect(historyOf({ ...told, released: null }).released).toBeUndefined();
  });

  test.each([
    ['nothing', 'counts'],
    [[], 'counts'],
    [{ counts: { Bought: { ...bought, counts: { 'u-1': -1 } } } }, 'counts'],
    [{ counts: { Bought: { ...bought, counts: { 'u-1': 1.5 } } } }, 'counts'],
    [{ counts: { Bought: { ...bought, first: 'then' } } }, 'counts'],
    [{ counts: { Bought: { ...bought, last: 7 } } }, 'counts'],
    [{ messages: {} }, 'messages'],
    [{ messages: [[1]] }, 'messages'],
    [{ messages: [[1, '2']] }, 'messages'],
    [{ floor: '2026' }, 'floor'],
    [{ floor: 1e300 }, 'floor'],
  ])('%j is refused at %s', (released, part) => {
    expect(pathsOf(line(released))).toEqual([`released.${part}`]);
  });
});
