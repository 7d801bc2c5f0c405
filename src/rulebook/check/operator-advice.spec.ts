import { describe, expect, test } from '@jest/globals';
import { compileOperator } from '../../engine/match/operators.js';
import { factAdvice } from './fact-advice.js';
import { misfit, operatorAdvice } from './operator-advice.js';
import { timeValueProblem } from './time-value-problem.js';

describe('what was meant by an operator', () => {
  test.each([
    ['>', 'greaterThan'],
    ['>=', 'greaterThanInclusive'],
    ['<', 'lessThan'],
    ['<=', 'lessThanInclusive'],
    ['=', 'equal'],
    ['==', 'equal'],
    ['!=', 'notEqual'],
    ['is', 'equal'],
    ['eq', 'equal'],
    ['is not', 'notEqual'],
    ['gt', 'greaterThan'],
    ['at_least', 'greaterThanInclusive'],
    ['Includes', 'contains'],
    ['oneOf', 'in'],
    ['nin', 'notIn'],
    ['not contains', 'doesNotContain'],
    ['beginsWith', 'startsWith'],
    ['hasSuffix', 'endsWith'],
    ['earlierThan', 'before'],
    ['since', 'after'],
    ['inLast', 'withinLast'],
    ['equalsIgnoreCase', 'ignoreCase:equal'],
    ['greaterThen', 'greaterThan'],
  ])('%s is told to be %s, which there is', (written, meant) => {
    expect(operatorAdvice(written)).toContain(`; did you mean "${meant}"?`);
    expect(compileOperator(meant)).toBeDefined();
  });

  test.each([
    ['between', 'two conditions'],
    ['within', '"withinNext" for what is to come, "withinLast" for what has been'],
    ['isToday', '"during" with "value": "today"'],
    ['matches', '"swap:in"'],
    ['semver', '"semver:greaterThan"'],
    ['frobnicate', 'known are'],
  ])('%s is told how else to say it', (written, advice) => {
    expect(operatorAdvice(written)).toContain(advice);
  });

  test.each([
    ['semver', [], 'in', '"semver:" does not go with "in"; it goes with equal, notEqual, lessThan'],
    ['semver', ['not'], 'lessThan', '"semver:" must stand right before the operator: "not:semver:lessThan"'],
    ['swap', [], 'before', '"swap:" does not go with "before"'],
    ['ignoreCase', [], 'lessThan', '"ignoreCase:" does not go with "lessThan"'],
  ] as const)('%s: with %j before %s is refused', (decorator, between, operator, why) => {
    expect(misfit(decorator, between, operator)).toContain(why);
  });

  test('decorators that fit are no problem', () => {
    expect([
      misfit('semver', [], 'lessThan'),
      misfit('not', [], 'before'),
      misfit('ignoreCase', ['not'], 'in'),
    ]).toEqual([undefined, undefined, undefined]);
  });
});

describe('what was meant by a fact', () => {
  test.each([
    ['petName', '"fact": "profile" with "path": "$.petName"'],
    ['pet name', `"fact": "profile" with "path": "$['pet name']"`],
    ['profil', 'did you mean "profile"?'],
    ['weekday', '"fact": "now" with "path": "$.weekday"'],
    ['placement', '"fact": "context" with "path": "$.placement"'],
  ])('%s', (written, advice) => {
    expect(factAdvice(written)).toContain(advice);
  });
});

describe('what means nothing to an operator on time', () => {
  test.each([
    ['withinNext', '2026-12-24', 'write a number and s, m, h, d or w'],
    ['withinNext', 'this week', '"during"'],
    ['withinLast', 30, 'write a number and s, m, h, d or w'],
    ['during', 'todya', 'did you mean "today"?'],
    ['during', '30d', '"withinNext" and "withinLast"'],
    ['before', '24.12.2026', 'write "2026-12-24"'],
    ['before', '30d', '"now+30d"'],
    ['before', 'tomorrow', '"during"'],
    ['after', 'today+12h', 'write a day'],
    ['after', '2026-02-30', 'write a day'],
    ['after', 1798102800, 'write it as people read it'],
    ['after', null, 'write a day'],
    ['before', 481_420_800, 'a number means a time only from 1990 on, in seconds since 1970; write a day'],
    ['after', '-86400', 'a number means a time only from 1990 on'],
    ['after', 1_795_000_000, 'write it as people read it: "2026-11-18T11:06:40.000Z"'],
    ['withinNext', '99999999999d', 'the longest there may be is "36525000d"'],
    ['withinLast', '0d', 'write a whole number of 1 or more and s, m, h, d or w'],
    ['before', 'now+999999999w', 'the longest there may be is "36525000d"'],
  ])('%s %j is a problem with its remedy', (operator, value, remedy) => {
    expect(timeValueProblem(operator, value)).toContain(remedy);
  });

  test.each([
    ['withinNext', '30d'],
    ['during', 'next year'],
    ['before', 'now - 2w'],
    ['after', '2026-12-24T18:00'],
    ['equal', 'whatever'],
  ])('%s %j is none', (operator, value) => {
    expect(timeValueProblem(operator, value)).toBeUndefined();
  });
});
