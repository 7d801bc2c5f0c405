import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../engine/language/json.js';
import type { Interaction } from '../engine/visitor/interaction.js';
import { tellSatisfaction } from '../engine/visitor/single-view-satisfaction.js';
import { tellSentiment } from '../engine/visitor/single-view-sentiment.js';
import { tellSessions } from './profile/single-view-sessions.js';
import { tellSupport } from '../engine/visitor/single-view-support.js';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const MINUTE = 60_000;

/** Something that happened so many minutes before noon. */
function before(minutes: number, event: string, properties: JsonObject = {}, channel = 'web'): Interaction {
  return { event, timestamp: NOON - minutes * MINUTE, channel, properties, messageId: `${event}-${minutes}` };
}
const at = (minutes: number) => new Date(NOON - minutes * MINUTE).toISOString();

describe('the sessions of a person', () => {
  test('are none where nothing happened', () => {
    expect(tellSessions([], NOON)).toEqual({ count: 0 });
  });

  test('end after 30 minutes of quiet, across all channels', () => {
    const told = tellSessions(
      [before(100, 'a', {}, 'app'), before(71, 'b'), before(41, 'b'), before(20, 'c', {}, 'chat'), before(11, 'b')],
      NOON,
    );
    expect(told).toEqual({
      count: 2,
      last: { start: at(41), end: at(11), active: true, channel: 'web', interactions: 3, events: { b: 2, c: 1 } },
    });
    expect(tellSessions([before(30, 'a')], NOON).last?.active).toBe(false);
  });
});

describe('the satisfaction of a person', () => {
  test('is the mean of ratings on one scale, whatever theirs, and the latest of them', () => {
    const told = tellSatisfaction([
      before(5, 'Service Rated', { score: 9 }, 'email'),
      before(4, 'Product Reviewed', { rating: 3 }),
      before(3, 'Support Rated', { stars: 5 }),
      before(2, 'NPS Submitted', { score: 4, outOf: 8 }),
      before(1, 'App Rated', { score: 60 }, 'app'),
    ]);
    expect(told.ratings).toEqual({
      count: 5,
      mean: 0.7,
      latest: { value: 0.6, given: 60, event: 'App Rated', channel: 'app', at: at(1) },
    });
  });

  test('takes no rating from events that only show one, nor from what is off the scale', () => {
    const shown = [
      before(3, 'Product Viewed', { rating: 4.5 }),
      before(3, 'Review Viewed', { rating: 4 }),
      before(2, 'Service Rated', { score: 'good' }),
      before(1, 'Service Rated', { score: -1 }),
      before(1, 'Service Rated', { score: 6, outOf: 5 }),
    ];
    expect(tellSatisfaction(shown)).toEqual({ ratings: { count: 0 }, helpful: { yes: 0, no: 0 } });
  });

  test('counts the answers to "was this helpful?"', () => {
    const told = tellSatisfaction([
      before(4, 'Article Voted', { helpful: true }),
      before(3, 'Article Voted', { wasHelpful: 'no' }),
      before(2, 'Answer Voted', { helpful: 'Yes' }),
      before(1, 'Article Voted', { helpful: 'perhaps' }),
    ]);
    expect(told.helpful).toEqual({
      yes: 2,
      no: 1,
      latest: { helpful: true, event: 'Answer Voted', channel: 'web', at: at(2) },
    });
  });
});

describe('the sentiment of a person', () => {
  test('is read from numbers and words, and from nothing else', () => {
    const said = [
      before(5, 'Chatted', { sentiment: -0.8 }, 'chat'),
      before(4, 'Called', { sentiment: 'very_positive' }),
      before(3, 'Called', { sentiment: 'furious' }),
      before(2, 'Called', { sentiment: 7 }),
      before(1, 'Wrote', { sentiment: 'Negative' }, 'email'),
    ];
    expect(tellSentiment(said)).toEqual({
      count: 3,
      mean: -0.1,
      latest: { value: -0.5, event: 'Wrote', channel: 'email', at: at(1) },
    });
    expect(tellSentiment([])).toEqual({ count: 0 });
  });
});

describe('what is open with support', () => {
  test('is told by case, with the minutes spent and since when', () => {
    const told = tellSupport([
      before(300, 'Support Contacted', { minutes: 95, caseId: 'c-55', topic: 'camera offline' }, 'chat'),
      before(200, 'Ticket Created', { ticket_id: 7, subject: 'invoice' }, 'email'),
      before(100, 'Support Contacted', { minutes: 55, caseId: 'c-55' }, 'call-centre'),
    ]);
    expect(told).toEqual({
      open: [
        {
          id: 'c-55',
          topic: 'camera offline',
          since: at(300),
          last: at(100),
          channel: 'call-centre',
          contacts: 2,
          minutes: 150,
        },
        { id: '7', topic: 'invoice', since: at(200), last: at(200), channel: 'email', contacts: 0, minutes: 0 },
      ],
      ...{ minutes: 150, since: at(300), resolved: 0 },
    });
  });

  test('is nothing once it is resolved, and the same trouble still when it is opened again', () => {
    const story = [
      before(300, 'Support Contacted', { minutes: 90, caseId: 'c-1' }),
      before(200, 'Support Case Resolved', { caseId: 'c-1' }),
    ];
    expect(tellSupport(story)).toEqual({ open: [], minutes: 0, resolved: 1, lastResolved: at(200) });
    expect(tellSupport([...story, before(100, 'Support Case Reopened', { caseId: 'c-1' })])).toMatchObject({
      minutes: 90,
      since: at(100),
      open: [{ id: 'c-1', minutes: 90 }],
    });
  });

  test('a contact that names no case is about the only one that is open', () => {
    expect(
      tellSupport([
        before(9, 'Support Case Opened', { caseId: 'c-1' }),
        before(8, 'Support Contacted', { minutes: 20 }),
      ]).open,
    ).toMatchObject([{ id: 'c-1', minutes: 20, contacts: 1 }]);
    const two = [
      before(9, 'Support Case Opened', { caseId: 'c-1' }),
      before(9, 'Support Case Opened', { caseId: 'c-2' }),
      before(8, 'Support Contacted', { durationSeconds: 1_200 }),
    ];
    expect(tellSupport(two).open).toMatchObject([
      { id: 'c-1', minutes: 0 },
      { id: 'c-2', minutes: 0 },
      { minutes: 20 },
    ]);
  });

  test('a resolution ends what was never named, as the rules have it; one without a number ends all', () => {
    const contact = before(9, 'Support Contacted', { minutes: 140 });
    expect(tellSupport([contact, before(8, 'Support Case Resolved', { caseId: 'c-55' })])).toMatchObject({
      open: [],
      resolved: 1,
    });
    const opened = before(9, 'Support Case Opened', { caseId: 'c-1' });
    expect(tellSupport([opened, before(8, 'Support Case Resolved', { caseId: 'c-2' })]).open).toHaveLength(1);
    expect(tellSupport([opened, before(8, 'Support Case Closed')]).open).toEqual([]);
  });
});
