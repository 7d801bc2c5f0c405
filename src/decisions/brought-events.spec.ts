import { describe, expect, test } from '@jest/globals';
import { refuseAllBad, rejectionsOf, sortEvents, answerEvents } from './brought-events.js';
import { readDecisionRequest } from './decision-request.js';

const bad = { problems: [{ path: 'event', message: 'is bad' }] };
const good = {
  event: {
    ...({ kind: 'traits' } as const),
    ...{ userId: 'u', anonymousId: undefined, timestamp: 1, arrival: 1 },
    ...{ messageId: undefined, traits: {}, source: 'identify' },
  },
};
const recorded = { memoryId: 'u', duplicate: false };

describe('events that come with a decision', () => {
  test('are told of one by one, and in one word', () => {
    const brought = sortEvents([good, bad, good], []);
    expect(
      answerEvents(brought, [
        { ...recorded, notRetained: true },
        { ...recorded, duplicate: true },
      ]),
    ).toEqual({
      events: 'partly-stored',
      eventOutcomes: [
        { outcome: 'accepted', notRetained: true },
        { outcome: 'refused', ...bad },
        { outcome: 'duplicate' },
      ],
    });
    expect(answerEvents(sortEvents([good], []), [recorded]).events).toBe('stored');
    expect(
      answerEvents(sortEvents([good], []), [{ ...recorded, refused: { path: 'previousId', message: 'two people' } }]),
    ).toEqual({
      events: 'refused',
      eventOutcomes: [{ outcome: 'refused', problems: [{ path: 'previousId', message: 'two people' }] }],
    });
    expect(answerEvents(brought, 'unconfirmed')).toEqual({
      events: 'unconfirmed',
      eventOutcomes: [{ outcome: 'unconfirmed' }, { outcome: 'refused', ...bad }, { outcome: 'unconfirmed' }],
    });
  });

  test('are told the message id that was made for those that came without, and no other', () => {
    const raw = [{}, { messageId: '' }, { messageId: 'undefined' }, { messageId: ' own ' }, { messageId: 7 }];
    const ids = ['made', 'made', 'made', 'own', '7'];
    const brought = sortEvents(
      ids.map((messageId) => ({ event: { ...good.event, messageId } })),
      raw,
    );
    const told = (became: Parameters<typeof answerEvents>[1]) =>
      answerEvents(brought, became).eventOutcomes?.map(({ messageId }) => messageId);
    expect(told(raw.map(() => recorded))).toEqual(['made', 'made', 'made', undefined, undefined]);
    expect(told('unconfirmed')?.[0]).toBe('made');
    // Nothing is kept of a dry run: no id is the event's.
    expect(told('dry-run')?.[0]).toBeUndefined();
  });

  test('refuse the request only where there are some and none is in order', () => {
    expect(() => refuseAllBad(sortEvents([], []))).not.toThrow();
    expect(() => refuseAllBad(sortEvents([bad, good], []))).not.toThrow();
    expect(() => refuseAllBad(sortEvents([bad, bad], []))).toThrow(/2 problems/);
  });

  test('are kept, where refused, with what the request says of them', () => {
    const events = [{ type: 'wave' }, { type: 'wave', userId: 'u', context: { channel: 'desk' } }];
    const ask = readDecisionRequest({ visitorId: 'v', placements: ['hero'], channel: 'web', events });
    expect(rejectionsOf(ask, [bad, bad]).map(({ raw }) => raw)).toEqual([
      { type: 'wave', anonymousId: 'v', context: { channel: 'web' } },
      events[1],
    ]);
    expect(rejectionsOf(ask, [{}, {}])).toEqual([]);
  });
});
