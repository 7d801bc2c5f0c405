import { describe, expect, test } from '@jest/globals';
import { ArrivalClock } from './arrival-clock.js';
import { depthOf, normaliseEvent } from './incoming-event.js';
import { browserMessageId, isFromBrowser } from '../../engine/visitor/message-source.js';
import type { RequestChannel } from './request-channel.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const intake = { receivedAt: NOW, arrival: 7, newId: () => 'made' };
const read = (raw: unknown, repeats = new Map<string, number>()) => normaliseEvent(raw, { ...intake, repeats });
const problemsOf = (raw: unknown) => {
  const found = read(raw);
  return 'problems' in found ? found.problems.map((problem) => problem.path) : [];
};

describe('an incoming event', () => {
  test('of type track becomes an interaction', () => {
    const event = {
      type: 'track',
      userId: 'u',
      anonymousId: 'a',
      event: 'X',
      messageId: 'm',
      timestamp: '2026-11-21T10:00:00+01:00',
      properties: { p: 1 },
      context: { channel: 'shop' },
    };
    expect(read(event)).toEqual({
      event: {
        kind: 'interaction',
        userId: 'u',
        anonymousId: 'a',
        messageId: 'm',
        event: 'X',
        channel: 'shop',
        properties: { p: 1 },
        timestamp: Date.parse('2026-11-21T09:00:00Z'),
        arrival: 7,
      },
    });
  });

  test('takes the time of receipt and a new id where it says none, and numbers as ids', () => {
    expect(read({ type: 'Track', userId: 42, event: 'X' })).toMatchObject({
      event: { userId: '42', messageId: 'made', timestamp: NOW },
    });
  });

  test('of type page or screen is an interaction with a name of its own', () => {
    expect(read({ type: 'page', anonymousId: 'a', name: 'Home', properties: { url: '/' } })).toMatchObject({
      event: { event: 'Page Viewed', channel: 'web', properties: { name: 'Home', url: '/' } },
    });
    expect(read({ type: 'screen', anonymousId: 'a' })).toMatchObject({
      event: { event: 'Screen Viewed', channel: 'app' },
    });
  });

  test('of type identify says traits', () => {
    expect(read({ type: 'identify', userId: 'u', traits: { plan: 'gold' } })).toMatchObject({
      event: { kind: 'traits', traits: { plan: 'gold' } },
    });
  });

  test('of type identify takes traits of the context too, its own first', () => {
    const raw = {
      type: 'identify',
      userId: 'u',
      context: { traits: { plan: 'silver', city: 'Leeds' } },
      traits: { plan: 'gold' },
    };
    expect(read(raw)).toMatchObject({ event: { traits: { plan: 'gold', city: 'Leeds' } } });
  });

  test('of type group says the trait group, whose id is the group id', () => {
    const raw = { type: 'Group', userId: 'u', groupId: 7, traits: { name: 'Acme', id: 'x' }, messageId: 'm' };
    expect(read(raw)).toMatchObject({
      event: { kind: 'traits', source: 'group', messageId: 'm', traits: { group: { id: '7', name: 'Acme' } } },
    });
  });

  test('of type alias says the id before, and is not trusted', () => {
    const raw = {
      type: 'alias',
      userId: 'u',
      previousId: 7,
      anonymousId: 'a',
      messageId: 'm',
      timestamp: '2026-11-21T10:00:00Z',
    };
    const timestamp = Date.parse('2026-11-21T10:00:00Z');
    expect(read(raw)).toEqual({
      event: {
        kind: 'alias',
        userId: 'u',
        anonymousId: 'a',
        previousId: '7',
        trusted: false,
        messageId: 'm',
        timestamp,
        arrival: 7,
      },
    });
  });

  test('of type page keeps its name and category among the properties, unless they say otherwise', () => {
    expect(
      read({ type: 'page', userId: 'u', name: 'Home', category: 'Docs', properties: { name: 'Start' } }),
    ).toMatchObject({ event: { properties: { name: 'Start', category: 'Docs' } } });
  });

  test('says when it stands at another time than it said', () => {
    expect(read({ type: 'track', userId: 'u', event: 'X', timestamp: '2030-01-01T00:00:00Z' })).toMatchObject({
      retimed: 'future',
      event: { timestamp: NOW },
    });
    expect(read({ type: 'track', userId: 'u', event: 'X', timestamp: '2026-11-21T10:00:00Z' })).not.toHaveProperty(
      'retimed',
    );
  });

  describe('without a message id', () => {
    const idOf = (raw: object, repeats?: Map<string, number>) => {
      const found = read({ type: 'track', userId: 'u', event: 'X', ...raw }, repeats);
      return 'event' in found ? found.event.messageId : undefined;
    };
    const timestamp = '2026-11-21T10:00:00Z';

    test('has one made from what it says, the same whenever and however it is sent again', () => {
      const first = idOf({ timestamp, properties: { a: 1, b: { c: 2, d: 3 } } });
      expect(first).toMatch(/^hash-[\w-]{27}$/);
      expect(
        idOf({
          properties: { b: { d: 3, c: 2 }, a: 1 },
          timestamp,
          sentAt: '2026-11-21T10:00:07Z',
          type: 'Track',
          _metadata: { retries: 2 },
        }),
      ).toBe(first);
    });

    test.each([
      { timestamp: '2026-11-21T10:00:01Z' },
      { timestamp, userId: 'v' },
      { timestamp, event: 'Y' },
      { timestamp, properties: { a: 1 } },
      { timestamp, context: { ip: '::1' } },
      { timestamp, anonymousId: 'a' },
      { timestamp, type: 'page' },
    ])('has another where it says %j', (raw) => {
      expect(idOf(raw)).not.toBe(idOf({ timestamp }));
    });

    test('has the moment of sending in it where nothing else says when', () => {
      const sentAt = '2026-11-21T10:00:00Z';
      expect(idOf({ sentAt })).toBe(idOf({ sentAt }));
      expect(idOf({ sentAt })).not.toBe(idOf({ sentAt: '2026-11-21T10:00:01Z' }));
    });

    test('has one of its own beside equal ones in the same request, the same ones when that is sent again', () => {
      const send = () => {
        const repeats = new Map<string, number>();
        return [idOf({ timestamp }, repeats), idOf({ timestamp }, repeats), idOf({ timestamp, event: 'Y' }, repeats)];
      };
      expect(new Set(send()).size).toBe(3);
      expect(send()).toEqual(send());
    });

    test('and without any time gets a new one, as two of a kind may be two', () => {
      expect(idOf({})).toBe('made');
    });
  });

  test.each([
    [{ context: { page: {} } }, 'web'],
    [{ context: { device: {} } }, 'app'],
    [{ context: { library: {} } }, 'server'],
    [{ properties: { channel: 'call-centre' }, context: { channel: 'web' } }, 'call-centre'],
  ])('with %j comes from the channel %s', (said, channel) => {
    expect(read({ type: 'track', userId: 'u', event: 'X', ...said })).toMatchObject({ event: { channel } });
  });

  test.each<[unknown, string[]]>([
    ['text', ['']],
    [[], ['']],
    [{}, ['type']],
    [{ type: 'track', event: 'X' }, ['userId']],
    [{ type: 'track', userId: 'u' }, ['event']],
    [{ type: 'jump', userId: 'u', event: 'X' }, ['type']],
    [{ type: 'group', userId: 'u' }, ['groupId']],
    [{ type: 'group', userId: 'u', groupId: [] }, ['groupId']],
    [{ type: 'alias', userId: 'u' }, ['previousId']],
    [{ type: 'alias', anonymousId: 'a', previousId: 'b' }, ['userId']],
    [{ type: 'identify', userId: 'u', context: { traits: 7 } }, ['context.traits']],
    [
      { type: 'track', userId: {}, event: 5, timestamp: 'yesterday', properties: [], context: 'x' },
      ['userId', 'timestamp', 'context', 'properties', 'event'],
    ],
    [{ type: 'track', userId: 'u'.repeat(257), event: 'e'.repeat(257) }, ['userId', 'event']],
    [{ type: 'track', userId: 'u', event: 'X', timestamp: '2026-13-45T00:00:00Z' }, ['timestamp']],
  ])('that is %j has problems at %j', (raw, paths) => {
    expect(problemsOf(raw).sort()).toEqual([...paths].sort());
  });

  test.each<[string, string]>([
    ['{"properties":{"__proto__":1}}', 'properties.__proto__'],
    ['{"__proto__":{"userId":"x"}}', '__proto__'],
    ['{"integrations":{"a":[{"constructor":{"prototype":{}}}]}}', 'integrations.a.0.constructor.prototype'],
    ['{"properties":{"a":{"b":1e999}}}', 'properties.a.b'],
    ['{"context":{"a":[-1e999]}}', 'context.a.0'],
    ['{"timestamp":1e999}', 'timestamp'],
    ['{"userId":1e999}', 'userId'],
    ['{"event":"half \\ud83d"}', 'event'],
  ])('is refused for %s, and the place is named', (said, path) => {
    const more = JSON.parse(said) as object;
    expect(problemsOf({ type: 'track', userId: 'u', event: 'X', ...more })).toEqual([path]);
  });

  test.each<[object, RequestChannel, string]>([
    [{}, { said: 'kiosk', otherwise: 'server' }, 'kiosk'],
    [{ context: { page: {} } }, { said: 'kiosk', otherwise: 'web' }, 'kiosk'],
    [{ properties: { channel: 'desk' } }, { said: 'kiosk', otherwise: 'web' }, 'desk'],
    [{ context: { channel: 'desk' } }, { said: 'kiosk', otherwise: 'web' }, 'desk'],
    [{ properties: { channel: 7 } }, { otherwise: 'web' }, 'web'],
    [{}, { otherwise: 'web' }, 'web'],
    [{}, { otherwise: 'server' }, 'server'],
    [{ context: { device: {} } }, { otherwise: 'web' }, 'app'],
    [{ type: 'screen' }, { otherwise: 'web' }, 'app'],
    [{ context: { channel: 'server' } }, { otherwise: 'web' }, 'server'],
  ])('%j in a request that says %j is of the channel %s', (more, channel, told) => {
    const raw = { type: 'track', userId: 'u', event: 'X', ...more };
    const found = normaliseEvent(raw, { ...intake, repeats: new Map(), channel });
    expect(found).toMatchObject({ event: { channel: told } });
  });

  test('has the same id made for it whatever its request says of the channel', () => {
    const raw = { type: 'track', userId: 'u', event: 'X', timestamp: '2026-11-21' };
    const idWith = (channel: RequestChannel) => normaliseEvent(raw, { ...intake, repeats: new Map(), channel });
    const { messageId } = (read(raw) as { event: { messageId: string } }).event;
    expect(idWith({ said: 'kiosk', otherwise: 'server' })).toMatchObject({ event: { messageId } });
    expect(idWith({ said: 'kiosk', otherwise: 'web' })).toMatchObject({
      event: { messageId: browserMessageId(messageId) },
    });
  });

  test.each([{ messageId: 'm-1' }, { timestamp: '2026-11-21' }, {}])(
    'with %j is remembered apart where a browser sent it',
    (more) => {
      const raw = { type: 'track', userId: 'u', event: 'X', ...more };
      const sentBy = (otherwise: 'web' | 'server') => {
        const found = normaliseEvent(raw, { ...intake, repeats: new Map(), channel: { otherwise } });
        return 'event' in found ? [found.event.by, isFromBrowser(found.event.messageId ?? '')] : found;
      };
      expect([sentBy('web'), sentBy('server')]).toEqual([
        ['browser', true],
        [undefined, false],
      ]);
    },
  );

  test('may say a constructor that is none, and numbers as large as there are', () => {
    const properties = { constructor: 'Ada', large: Number.MAX_VALUE };
    expect(read({ type: 'track', userId: 'u', event: 'X', properties })).toMatchObject({ event: { properties } });
  });

  test('may be nested ten deep, not eleven', () => {
    const nest = (depth: number): unknown => (depth === 0 ? 1 : { in: nest(depth - 1) });
    expect(depthOf(nest(10))).toBe(10);
    expect(problemsOf({ type: 'track', userId: 'u', event: 'X', properties: nest(10) })).toEqual([]);
    expect(problemsOf({ type: 'track', userId: 'u', event: 'X', properties: nest(11) })).toEqual(['properties']);
  });

  test('gets a place in the order of arrival that is never given twice', () => {
    const clock = new ArrivalClock();
    const places = [clock.next(5), clock.next(5), clock.next(4), clock.next(6)];
    expect(places).toEqual([5_000, 5_001, 5_002, 6_000]);
  });
});
