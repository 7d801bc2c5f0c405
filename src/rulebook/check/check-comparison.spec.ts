import { describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../build/load-rulebook.js';

function messagesOf(condition: object): string[] {
  const conditions = { all: [{ operator: 'notEqual', value: 1, ...condition }] };
  const text = JSON.stringify({ name: 'Some', conditions });
  return loadRulebook([{ path: 'segments/some.json', text }]).problems.map(({ message }) => message);
}

const interactions = (params: object, path?: string) =>
  messagesOf({ fact: 'interactions', params: { event: 'Bought', ...params }, ...(path !== undefined && { path }) });

describe('a part of a fact', () => {
  test.each([
    [messagesOf({ fact: 'now', path: '$.weekdya' }), '"now" has no "weekdya"; did you mean "weekday"?'],
    [
      messagesOf({ fact: 'session', path: '$.duration' }),
      '"session" has no "duration"; did you mean "durationSeconds"?',
    ],
    [messagesOf({ fact: 'support', path: '$.opened' }), '"support" has no "opened"; did you mean'],
    [
      interactions({ aggregate: 'last' }, '$.propertys.sku'),
      '"interactions" has no "propertys"; did you mean "properties"?',
    ],
    [
      messagesOf({ fact: 'profile', path: '$.a', operator: 'equal', value: { fact: 'now', path: '$.hours' } }),
      '"now" has no "hours"; did you mean "hour"?',
    ],
  ])('that there is not is refused', (messages, wanted) => {
    expect(messages).toEqual([expect.stringContaining(wanted)]);
  });

  test('may be whatever there can be', () => {
    expect([
      ...messagesOf({ fact: 'profile', path: '$.anything.at.all' }),
      ...messagesOf({ fact: 'context', path: '$.anything' }),
      ...messagesOf({ fact: 'session', path: "$.events['Product Viewed']" }),
      ...messagesOf({ fact: 'now', path: '$.hour' }),
      ...interactions({ aggregate: 'last' }, '$.properties.anything'),
      ...interactions({ aggregate: 'first', property: 'items' }, '$[0].sku'),
    ]).toEqual([]);
  });
});

describe('a property of interactions', () => {
  test.each(['count', undefined, 'secondsSinceLast'])('is refused where it changes nothing: of %s', (aggregate) => {
    const params = { property: 'price', ...(aggregate !== undefined && { aggregate }) };
    expect(interactions(params)).toEqual([
      expect.stringContaining(
        `"property" changes nothing about the ${aggregate ?? 'count'}; remove it, or ask by "where"`,
      ),
    ]);
  });

  test.each(['sum', 'distinct', 'last'])('is what the %s is taken of', (aggregate) => {
    expect(interactions({ aggregate, property: 'price' })).toEqual([]);
  });
});

describe('contacts', () => {
  const OFFER = { name: 'Camera', group: 'shop', treatments: { '*': { content: {} } } };
  const contacts = (params: object, path?: string) => {
    const condition = { fact: 'contacts', params, operator: 'lessThan', value: 1, ...(path !== undefined && { path }) };
    return loadRulebook([
      { path: 'segments/some.json', text: JSON.stringify({ name: 'Some', conditions: { all: [condition] } }) },
      { path: 'offers/camera.json', text: JSON.stringify(OFFER) },
      { path: 'placements/hero.json', text: JSON.stringify({ name: 'Hero' }) },
    ]).problems.map(({ message }) => message);
  };

  test('may be asked of an offer, a group or all, in a window, a channel and a placement', () => {
    expect([
      ...contacts({ event: 'shown', offer: 'camera', within: '7d', placement: 'hero' }),
      ...contacts({ event: 'dismissed', group: 'shop', within: 'month', channel: 'email' }),
      ...contacts({ event: 'accepted', aggregate: 'secondsSinceLast' }),
      ...contacts({ event: 'decided', aggregate: 'last' }, '$.placement'),
    ]).toEqual([]);
  });

  test.each<[object, string]>([
    [{}, 'contacts need "params": { "event": "…" }, what became of an offer: decided, shown, clicked, accepted,'],
    [{ event: 'seen' }, '"seen" is nothing that becomes of an offer; use one of decided, shown,'],
    [{ event: 'shown', offer: 'camra' }, 'unknown offer "camra"; did you mean "camera"?'],
    [{ event: 'shown', group: 'shops' }, 'unknown group "shops"; did you mean "shop"?'],
    [{ event: 'shown', placement: 'heroe' }, 'unknown placement "heroe"; did you mean "hero"?'],
    [{ event: 'shown', offer: 'camera', group: 'shop' }, '"group" stands beside "offer", which says which one'],
    [
      { event: 'shown', within: 'year' },
      '"year" is not a duration; write a number and s, m, h, d or w, such as "7d", or',
    ],
    [{ event: 'shown', aggregate: 'sum' }, 'unknown aggregate "sum"; of contacts use one of count, first, last,'],
    [{ event: 'shown', channel: 7 }, '"channel" must be a text'],
    [{ event: 'shown', where: {} }, 'unknown param "where"; the params of contacts are event, offer, group,'],
  ])('that are asked for with %j are refused', (params, message) => {
    expect(contacts(params)).toEqual([expect.stringContaining(message)]);
  });

  test('have no other parts than a contact has', () => {
    expect(contacts({ event: 'shown', aggregate: 'last' }, '$.chanel')).toEqual([
      '"contacts" has no "chanel"; did you mean "channel"?',
    ]);
  });
});
