/** Usher's own operators, by names that json-rules-engine does not have: on texts, and on dates and times. */
import { momentOf } from '../values/moment.js';
import { compareTimes, timeComparisons } from '../values/time-comparisons.js';
import type { Operator, OperatorDeclaration } from './operator-declaration.js';

/** The fact that reckons what values of operators on time mean. */
export const RECKONED = '$time';

/** Each, as {@link OperatorDeclaration} says; none holds of a fact that it can't read. */
export const ownOperators: readonly OperatorDeclaration[] = [
  {
    name: 'startsWith',
    compare: onTexts((fact, value) => fact.startsWith(value)),
    meaning: { asks: 'edge', end: 'start' },
    takes: 'text',
    likelihood: 0.2,
    words: said('starts with', 'does not start with', 'started with'),
    hint: 'is a text that starts with the value',
  },
  {
    name: 'endsWith',
    compare: onTexts((fact, value) => fact.endsWith(value)),
    meaning: { asks: 'edge', end: 'end' },
    takes: 'text',
    likelihood: 0.2,
    words: said('ends with', 'does not end with', 'ended with'),
    hint: 'is a text that ends with the value',
  },
  ...timeComparisons.map((one): OperatorDeclaration => ({
    name: one.name,
    compare: (fact, value) => compareTimes(one, fact, value),
    takes: 'time',
    reckonedBy: RECKONED,
    reads: { what: 'date', can: (fact) => momentOf(fact, 'UTC') !== undefined },
    words: said(`is ${one.words}`, `is not ${one.words}`, `been ${one.words}`),
    hint: one.hint,
  })),
];

function onTexts(compare: (fact: string, value: string) => boolean): Operator {
  return (fact, value) => typeof fact === 'string' && typeof value === 'string' && compare(fact, value);
}

function said(is: string, isNot: string, been: string): OperatorDeclaration['words'] {
  return { is, isNot, been, notBeen: `not ${been}` };
}
