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
