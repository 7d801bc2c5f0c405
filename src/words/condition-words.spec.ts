import { describe, expect, test } from '@jest/globals';
import type { ExplainedComparison, MissedCondition } from '../engine/explain/explanation.js';
import type { Json } from '../engine/language/json.js';
import { operators } from '../engine/match/operators.js';
import { claimText, comparisonText, missText } from './condition-words.js';

const comparison = (more: Partial<ExplainedComparison> = {}): ExplainedComparison => ({
  ...{ result: false, fact: 'context', path: '$.size', operator: 'equal', value: 3 },
  ...more,
});
const missed = (more: Partial<MissedCondition> = {}): MissedCondition => ({
  ...comparison(),
  ...{ needed: true, of: 'CONDITIONS' },
  ...more,
});

describe('a comparison in words', () => {
  test.each<[string, Partial<ExplainedComparison>, string]>([
    ['has its value beside it', { factResult: 1 }, 'context.size is 3 · it is 1'],
    ['says that there is none', {}, 'context.size is 3 · there is none'],
    ['has null for a value', { factResult: null, value: null }, 'context.size is null · it is null'],
    ['has false for a value', { factResult: false }, 'context.size is 3 · it is false'],
    ['has an empty text for a value', { factResult: '' }, 'context.size is 3 · it is ""'],
    ['says that it is not known', { result: 'unknown', factResult: 1 }, 'context.size is 3 · not known'],
    [
      'says what consent is lacking, and from whom to get it',
      { withheld: ['ads', 'profiling'] },
      'context.size is 3 · there is none without consent to ads, profiling',
    ],
    [
      'says how many values an aggregate passed over, of either side',
      {
        factResult: 0,
        value: { fact: 'context', path: '$.max' },
        passedOver: { count: 2, of: 1_005, example: '149,90' },
        valuePassedOver: { count: 1, of: 1, example: null },
      },
      'context.size is context.max · it is 0, 2 of 1,005 values passed over as no number, such as "149,90", ' +
        '1 of 1 value passed over as no number, such as null',
    ],
    [
      'has the other fact by its name',
      { value: { fact: 'context', path: '$.max' } },
      'context.size is context.max · there is none',
    ],
    [
      'has the value of the other fact, where it is known',
      { value: { fact: 'context', path: '$.max' }, valueResult: null },
      'context.size is context.max, null · there is none',
    ],
    ['takes an object without a fact for a value', { value: { a: 1 } }, 'context.size is {"a":1} · there is none'],
    [
      'takes an object with a fact of another for a value',
      { value: Object.create({ fact: 'x' }) as Json },
      'context.size is {} · there is none',
    ],
    [
      'takes a list for a value',
      { operator: 'in', value: ['fact'] },
      'context.size is one of ["fact"] · there is none',
    ],
  ])('%s', (_name, more, text) => {
    expect(comparisonText(comparison(more))).toBe(text);
  });

  test.each([
    ['not:equal', 'is not'],
    ['not:notEqual', 'is'],
    ['not:in', 'is not one of'],
    ['someValue:equal', 'someValue:equal'],
    ['not:someValue:equal', 'not:someValue:equal'],
    ['not:not:equal', 'not:not:equal'],
    ['not:nobody', 'not:nobody'],
    ['nobody', 'nobody'],
    [':equal', ':equal'],
    ['not:', 'not:'],
    ['', ''],
    ['__proto__', '__proto__'],
  ])('says the operator %j as "%s"', (operator, words) => {
    expect(claimText(comparison({ operator }))).toBe(`context.size ${words} 3`);
  });

  test('of every operator differs from its negation, which is said as what had not to be', () => {
    for (const { name } of operators) {
      const [is, isNot] = [name, `not:${name}`].map((operator) => claimText(comparison({ operator })));
      expect(is).not.toBe(isNot);
      expect(missText(missed({ operator: `not:${name}` }))).toBe(missText(missed({ operator: name, needed: false })));
    }
  });
});

describe('what was missed, in words', () => {
  test.each<[string, Partial<MissedCondition>, string]>([
    ['is what had to be', { factResult: 1 }, 'context.size been 3; it was 1'],
    ['is what had not to be', { factResult: 3, needed: false }, 'context.size not been 3; it was 3'],
    ['says that there was none', {}, 'context.size been 3; there was none'],
    ['says that it was not known', { result: 'unknown' }, 'context.size been 3; it was not known'],
    ['names eligibility', { of: 'ELIGIBILITY' }, 'context.size been 3 (eligibility); there was none'],
    [
      'names the segments on the way, from the outermost',
      { of: 'ELIGIBILITY', segments: ['a', 'b'] },
      'context.size been 3 (eligibility, segment a, segment b); there was none',
    ],
    ['has no brackets without them', { segments: [] }, 'context.size been 3; there was none'],
    [
      'turns a negated operator once more',
      { operator: 'not:equal', needed: false, factResult: 3 },
      'context.size been 3; it was 3',
    ],
  ])('%s', (_name, more, text) => {
    expect(missText(missed(more))).toBe(text);
  });
});
