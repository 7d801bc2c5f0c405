import { describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../build/load-rulebook.js';
import { problemText } from '../read/rule-problem.js';

function problemsOf(policy: string): string[] {
  const { problems } = loadRulebook([{ path: 'policies/single-view.json', text: `{ "name": "Ours",\n${policy} }` }]);
  return problems.map(problemText);
}

describe('the words of the single view', () => {
  test.each([
    '"support": {}',
    '"support": { "contacted": [ { "names": ["Supportanruf"] } ], "minutes": ["dauer"] }',
    '"satisfaction": { "scales": [ { "property": "note", "worst": 6, "best": 1 } ], "yes": ["ja"], "no": ["nein"] }',
    '"sentiment": { "properties": ["stimmung"], "words": { "sehr schlecht": -1 } }',
  ])('may be %s', (policy) => {
    expect(problemsOf(policy)).toEqual([]);
  });

  test.each([
    [
      'a name with two meanings',
      '"support": { "opened": [ { "names": ["Fall"], "followedBy": ["offen"] } ],\n ' +
        '"closed": [ { "names": ["FALL Offen"] } ] }',
      '3:14 "fall offen" stands under "opened" already; an event is one of the two, so take it out of one',
    ],
    [
      'a scale without a length',
      '"satisfaction": { "scales": [ { "property": "note", "worst": 1, "best": 1 } ] }',
      '2:73 "best" must be another number than "worst"; both are 1',
    ],
    [
      'wider scales out of order',
      '"satisfaction": { "wider": [100, 10] }',
      '2:34 wider scales must ascend from above 0; put 10 where it belongs',
    ],
    [
      'an answer with two meanings',
      '"satisfaction": { "yes": ["Ja"], "no": ["ja "] }',
      '2:41 "ja " means yes already; take it out of "yes" or out of "no"',
    ],
    [
      'a mood off the scale',
      '"sentiment": { "words": { "furious": -2 } }',
      '2:38 "furious" must be -1 or more; got -2',
    ],
    [
      'an empty list of names',
      '"support": { "closed": [ { "names": [] } ] }',
      '2:37 "names" must list at least one; it is empty',
    ],
    ['a mistyped property', '"suport": {}', '2:1 unknown property "suport"; did you mean "support"?'],
  ])('that have %s are named with place and remedy', (_what, policy, problem) => {
    expect(problemsOf(policy)).toEqual([`policies/single-view.json:${problem}`]);
  });
});
