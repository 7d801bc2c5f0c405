import { describe, expect, test } from '@jest/globals';
import { ArrivalClock, depthOf, normaliseEvent } from './incoming-event.js';

const intake = { receivedAt: 1_000, arrival: 7, newId: () => 'made' };
const read = (raw: unknown) => normaliseEvent(raw, intake);
const problemsOf = (raw: unknown) => {
  const found = read(raw);
  return 'problems' in found ? found.problems.map((problem) => problem.path) : [];
};

describe('an incoming event', () => {
  test('of type track becomes an interaction', () => {
    const event = { type: 'track', userId: 'u', anonymousId: 'a', event: 'X', messageId: 'm', timestamp: '2026-11-21T10:00:00+01:00', properties: { p: 1 }, context: { channel: 'shop' } };
    expect(read(event)).toEqual({ event: { kind: 'interaction', userId: 'u', anonymousId: 'a', messageId: 'm', event: 'X', channel: 'shop', properties: { p: 1 }, timestamp: Date.parse('2026-11-21T09:00:00Z'), arrival: 7 } });
  });

  test('takes the time of receipt and a new id where it says none, and numbers as ids', () => {
    expect(read({ type: 'Track', userId: 42, event: 'X' })).toMatchObject({ event: { userId: '42', messageId: 'made', timestamp: 1_000 } });
  });

  test('of type page or screen is an interaction with a name of its own', () => {
    expect(read({ type: 'page', anonymousId: 'a', name: 'Home', properties: { url: '/' } })).toMatchObject({ event: { event: 'Page Viewed', channel: 'web', properties: { name: 'Home', url: '/' } } });
    expect(read({ type: 'screen', anonymousId: 'a' })).toMatchObject({ event: { event: 'Screen Viewed', channel: 'app' } });
  });

  test('of type identify says traits', () => {
    expect(read({ type: 'identify', userId: 'u', traits: { plan: 'gold' } })).toMatchObject({ event: { kind: 'traits', traits: { plan: 'gold' } } });
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
    [{ type: 'track', userId: {}, event: 5, timestamp: 'yesterday', properties: [], context: 'x' }, ['userId', 'timestamp', 'context', 'properties', 'event']],
    [{ type: 'track', userId: 'u'.repeat(257), event: 'e'.repeat(257) }, ['userId', 'event']],
    [{ type: 'track', userId: 'u', event: 'X', timestamp: '2026-13-45T00:00:00Z' }, ['timestamp']],
  ])('that is %j has problems at %j', (raw, paths) => {
    expect(problemsOf(raw).sort()).toEqual([...paths].sort());
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
