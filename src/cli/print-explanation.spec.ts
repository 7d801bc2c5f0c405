import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { goldenExplanations } from '../../test/golden/golden-explanations.js';
import { shelf } from '../../test/shelf.js';
import { explain } from '../engine/explain/explain.js';
import type { ExplainedComparison, MissedCondition } from '../engine/explain/explanation.js';
import { factText } from '../engine/facts/facts.js';
import { comparisonText, missText } from '../words/condition-words.js';
import { decisionText } from './print-decision.js';
import { explanationText } from './print-explanation.js';

const text = (name: string): string => {
  const golden = goldenExplanations.find((one) => one.name.startsWith(name));
  return (golden?.explanation ?? []).map((one) => stripVTControlCharacters(explanationText(one))).join('\n\n');
};

describe('an explanation on the terminal', () => {
  test('tells the winner with its conditions, then what stopped the others', () => {
    expect(text('a pet lover: ')).toBe(`  Why, by rule (channel web)
  ✓ pets-first → pet-camera  won place 1, score 60
    ✓ all of
      ✓ segment pet-lovers
        ✓ any of
          ✓ profile.interests contains "pets" · it is ["pets","tea"]
          ✗ count of Product Viewed (category "pets", within 30d) is at least 3 · it is 0
  ✗ gold-for-all → gold-card  NO_CONTENT: a value that its texts need is missing: profile.firstName has no value (priority 90)
  ✗ summer-for-all → summer  SCHEDULED: the offer is not in force, until 2026-09-01T00:00:00.000Z (priority 80)
  ✗ letter-readers → newsletter  NO_CONTENT: no treatment fits the placement or the channel (priority 70)
  ✗ busy-readers → magazine  OUTRANKED: others came first (priority 40)
  - pets-by-phone → pet-camera  speaks for call-centre, not for web
  - readers-in-winter → magazine  not in force yet, from 2026-12-01T00:00:00.000Z
  Fallback: welcome was not needed.

  Why, by rule
  ✗ pets-first → pet-camera  DUPLICATE: the offer, or one of its group, is in the answer already (priority 60)`);
  });

  test('tells only the conditions that fail, and the nearest miss', () => {
    expect(text('a camera owner')).toBe(`  Why, by rule (channel web)
  ✗ gold-for-all → gold-card  NO_CONTENT: a value that its texts need is missing: profile.firstName has no value (priority 90)
  ✗ summer-for-all → summer  SCHEDULED: the offer is not in force, until 2026-09-01T00:00:00.000Z (priority 80)
  ✗ letter-readers → newsletter  does not hold (priority 70)
    ✗ context.from is "letter" · there is none
  ✗ pets-first → pet-camera  does not hold (priority 60)
    ✗ segment pet-lovers
      ✗ any of
        ✗ profile.interests contains "pets" · there is none
        ✗ count of Product Viewed (category "pets", within 30d) is at least 3 · it is 2
  ✗ busy-readers → magazine  does not hold (priority 40)
    ✗ session.interactions is at least 3 · it is 1
  - pets-by-phone → pet-camera  speaks for call-centre, not for web
  - readers-in-winter → magazine  not in force yet, from 2026-12-01T00:00:00.000Z
  Fallback: welcome is shown, as every offer put forward was stopped.
  Nearest miss: busy-readers would have won with magazine had session.interactions been at least 3; it was 1.`);
  });

  test('tells what scores are made of, and what was outscored', () => {
    const { rulebook } = shelf({
      placements: { home: { arbitration: 'score' } },
      offers: { camera: { propensity: 0.031, value: 20 }, loan: { propensity: 0.002, value: 300 }, toy: { tier: -1 } },
      rules: { cameras: { offer: 'camera', weight: 1.2 }, loans: { offer: 'loan' }, toys: { offer: 'toy' } },
    });
    const input = { rulebook, visitor: undefined, now: 0, request: { placements: [{ id: 'home' }], context: {} } };
    const lines = explain(input).explanation.map((one) => stripVTControlCharacters(explanationText(one)));
    expect(lines).toEqual([
      `  Why, by rule
  ✓ cameras → camera  won place 1, score 0.744 = propensity 0.031 (of the offer) x weight 1.2 x value 20
    ✓ all of
  ✗ loans → loan  OUTRANKED: others came first: one place lower than camera by 0.144 (score 0.6 = propensity 0.002 (of the offer) x weight 1 x value 300)
  ✗ toys → toy  OUTRANKED: others came first: 2 places lower than camera by one tier (score 0.0165 = propensity 0.0165 (the mean of the placement's offers) x weight 1 x value 1, in tier -1)
  Nearest miss: loans → loan stands one place lower than camera by 0.144.`,
    ]);
  });

  test('tells the eligibility that an offer failed', () => {
    expect(text('a pet lover who owns')).toBe(`  Why, by rule (channel app)
  ✗ pets-first → pet-camera  NOT_ELIGIBLE: the visitor is not eligible for the offer (priority 60)
    ✗ not
      ✓ segment camera-owners
        ✓ profile.owns contains "camera" · it is ["car","camera"]
  Nearest miss: pets-first would have won with pet-camera had profile.owns not contained "camera" (eligibility, segment camera-owners); it was ["car","camera"].`);
  });

  test('marks what is not known', () => {
    expect(text('a visitor who could not be read')).toContain(`
  ? pets-first → pet-camera  not known, as the visitor could not be read (priority 60)
    ? segment pet-lovers
      ? any of
        ? profile.interests contains "pets" · not known`);
  });

  test('names the consent that is lacking, and what is not looked at without it', () => {
    expect(text('a visitor who objected')).toBe(`  Why, by rule
  ✗ letter-for-all → letter-offer  NO_CONSENT: the visitor has not consented to personalisation (denied) (priority 20)
  ✗ partners-gold → partner-offer  does not hold (priority 10)
    ✗ all of
      ✗ profile.partnerTier is "gold" · there is none without consent to partners
      ✗ count of Page Viewed is at least 1 · it is 0 without consent to personalisation
  Not looked at: interactions; the visitor has not consented to personalisation (denied).
  Not looked at: profile.partnerTier; the visitor has not consented to partners (expired).
  Fallback: partner-offer is wanted, as every offer put forward was stopped, but stopped: NO_CONSENT, the visitor has not consented to partners (expired).
  Nearest miss: letter-for-all would have won with letter-offer had the visitor consented to personalisation.`);
    expect(text("consent that can't be known")).toContain(
      'NO_CONSENT: the visitor has not consented to personalisation (the visitor could not be read) (priority 20)',
    );
  });

  test('stands below the offers of its placement', () => {
    const [only] = goldenExplanations.find((one) => one.name.startsWith('a pet lover who owns'))?.explanation ?? [];
    const answer = {
      decisionId: 'd',
      rulebook: { version: 1 },
      served: 'full',
      elapsedMs: 1,
      decisions: [{ placement: 'aside', items: [] }],
      ...(only && { explanation: [only] }),
    };
    expect(stripVTControlCharacters(decisionText(answer))).toMatch(
      /^aside\n {2}nothing to show \(DEFAULT\)\n\n {2}Why, by rule \(channel app\)\n[^]*\n\nserved full/,
    );
  });

  test('lists several conditions of a nearest miss, one to a line', () => {
    const one = { result: false, operator: 'equal', needed: true, of: 'CONDITIONS' } as const;
    const conditions: MissedCondition[] = [
      { ...one, fact: 'a', value: 1 },
      { ...one, fact: 'b', value: 'x', factResult: 'y' },
    ];
    const told = stripVTControlCharacters(
      explanationText({
        placement: 'p',
        rules: [],
        rulesLeftOut: 1_234,
        nearestMiss: { rule: 'r', offer: 'o', conditions },
      }),
    );
    expect(told).toBe(`  Why, by rule
  no live rule speaks for this placement
  … and 1,234 rules more that put nothing forward
  Nearest miss: r would have won with o had
    - a been 1; there was none
    - b been "x"; it was "y"`);
  });
});

describe('a comparison in words', () => {
  const comparison = (more: Partial<ExplainedComparison>): ExplainedComparison => ({
    result: false,
    fact: 'now',
    operator: 'equal',
    value: 1,
    ...more,
  });

  test.each<[Partial<ExplainedComparison>, string]>([
    [{ path: '$.hour', operator: 'lessThan', value: 19, factResult: 21 }, 'now.hour is less than 19 · it is 21'],
    [
      { path: "$['odd name']", operator: 'notIn', value: ['a'], factResult: 'a' },
      `now['odd name'] is none of ["a"] · it is "a"`,
    ],
    [{ path: 'hour', operator: 'everyFact:equal', result: 'unknown' }, 'now.hour everyFact:equal 1 · not known'],
    [{ operator: 'not:contains' }, 'now does not contain 1 · there is none'],
    [{ operator: 'not:lessThan', factResult: 2 }, 'now is not less than 1 · it is 2'],
    [{ operator: 'constructor' }, 'now constructor 1 · there is none'],
    [{ value: { fact: 'profile', path: '$.age' }, factResult: 3, valueResult: 4 }, 'now is profile.age, 4 · it is 3'],
  ])('%j is %s', (more, words) => {
    expect(comparisonText(comparison(more))).toBe(words);
  });

  test.each([
    [
      { event: 'Order Completed', aggregate: 'sum', property: 'total', within: '7d' },
      undefined,
      'sum of total over Order Completed (within 7d)',
    ],
    [{ aggregate: 'count', channel: 'web' }, undefined, 'count of any event (channel web)'],
    [{ event: 'Rated', aggregate: 'secondsSinceLast' }, undefined, 'seconds since the last Rated'],
    [{ event: 'Rated', aggregate: 'first', property: 'score' }, undefined, 'score of the first Rated'],
    [{ event: 'Rated', aggregate: 'last' }, '$.properties.score', 'properties.score of the last Rated'],
    [{ event: 'Rated', aggregate: 'last' }, undefined, 'the last Rated'],
  ])('interactions %j at %s are "%s"', (params, path, words) => {
    expect(factText({ fact: 'interactions', params, ...(path !== undefined && { path }) })).toBe(words);
  });

  test('says what was needed under a not, and in which segment', () => {
    const missed: MissedCondition = {
      ...comparison({ operator: 'greaterThan', value: 0, factResult: 2, path: '$.hour' }),
      needed: false,
      of: 'CONDITIONS',
      segments: ['outer', 'inner'],
    };
    expect(missText(missed)).toBe('now.hour not been more than 0 (segment outer, segment inner); it was 2');
  });
});
