import { expect, test } from '@jest/globals';
import { Almanac, Engine } from 'json-rules-engine';
import { countKnown, type Failures } from './known-failures.ts';

/** What the library throws over a comparison of the fact `x`. */
async function thrown(operator: string, value: unknown, x: unknown): Promise<unknown> {
  const engine = new Engine([], { allowUndefinedFacts: true });
  engine.addRule({ conditions: { all: [{ fact: 'x', operator, value }] }, event: { type: 'held' } });
  return engine.run({ x }).then(
    () => 'nothing',
    (error: unknown) => error,
  );
}

test.each<[string, unknown, unknown, string]>([
  ['withinNext', '1d', 1, 'an operator of ours that it does not have'],
  ['lessThan', 1, Object.create(null), 'an object that is no text'],
  ['in', 7, 1, 'a list that is none'],
  ['notIn', null, 1, 'a list that is not there'],
  ['someValue:equal', 7, 1, 'a list that is none'],
])('json-rules-engine is known to throw at %s %j', async (operator, value, x, kind) => {
  const failures: Failures = new Map();
  const error = await thrown(operator, value, x);
  expect([countKnown(failures)(error), countKnown(failures)(error)]).toEqual([undefined, undefined]);
  expect([...failures]).toEqual([[kind, 2]]);
});

test('and at a path called as what every object has', async () => {
  const almanac = new Almanac();
  almanac.addFact('x', { a: 1 });
  const failures: Failures = new Map();
  await almanac.factValue('x', {}, 'toString').catch(countKnown(failures));
  expect([...failures]).toEqual([['a path called as what every object has', 1]]);
});

test.each([new TypeError('x is not a function'), new Error('no'), 'a text', undefined])(
  'anything else is thrown again: %s',
  (error) => {
    const failures: Failures = new Map();
    let caught: unknown = 'nothing';
    try {
      countKnown(failures)(error);
    } catch (again) {
      caught = again;
    }
    expect([caught, failures.size]).toEqual([error, 0]);
  },
);
