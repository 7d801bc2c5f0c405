import { describe, expect, test } from '@jest/globals';
import { loadRulebook } from '../build/load-rulebook.js';
import { problemText } from '../read/rule-problem.js';

const load = (traits: object) =>
  loadRulebook([{ path: 'policies/search.json', text: JSON.stringify({ name: 'Ours', traits }) }]);
const problemsOf = (traits: object) => load(traits).problems.map(problemText);

describe('what people are found by', () => {
  test('may be any trait, each with a form, or none at all', () => {
    const traits = { email: 'email', mobile: 'phone', 'Card No': 'text' };
    expect(problemsOf(traits)).toEqual([]);
    expect(Object.fromEntries(load(traits).rulebook?.search ?? [])).toEqual(traits);
    expect(problemsOf({})).toEqual([]);
    expect(load({}).rulebook?.search.size).toBe(0);
  });

  test('is the e-mail address and the telephone number where no file says otherwise', () => {
    expect([...(loadRulebook([]).rulebook?.search ?? [])]).toEqual([
      ['email', 'email'],
      ['phone', 'phone'],
    ]);
  });

  test('is refused in a form that is not known, under a name that no trait can have, and where it is too much', () => {
    expect(problemsOf({ email: 'mail' })).toEqual([expect.stringMatching(/^policies\/search.json:1:\d+ .*"email"/)]);
    expect(problemsOf({ ' email': 'email' })).toEqual([expect.stringContaining('policies/search.json:1:')]);
    const many = Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`t${at}`, 'text']));
    expect(problemsOf(many)).toEqual([
      'policies/search.json:1:25 17 traits are more than people can be found by; keep the 16 that the desk asks for',
    ]);
  });
});
