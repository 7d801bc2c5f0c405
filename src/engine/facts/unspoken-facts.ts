/** Facts that are asked behind the scenes, and are not for rules to speak of. */
import { RECKONED } from '../match/own-operators.js';
import { reckonedFrame } from '../values/time-comparisons.js';
import { plainFact, type FactDeclaration } from './fact-declaration.js';
import { zoneOf } from './now-fact.js';
import { ANY_VALUE } from './value-shape.js';

/** The names of the events that ever happened. */
export const happenedFact = plainFact({
  name: '$happened',
  hint: 'the names of the events that ever happened',
  source: 'history',
  readsVisitor: true,
  scoped: false,
  cost: 2,
  shape: ANY_VALUE,
  compile:
    () =>
    ({ visitor }) =>
      Object.keys(visitor.counters),
});

/** What the value of an operator on time means in a decision: its params are the `operator` and the `value`. */
export const reckonedFact: FactDeclaration = {
  name: RECKONED,
  hint: 'what the value of an operator on time means now',
  source: 'clock',
  traits: ['timezone'],
  // As with the clock: without the visitor's zone the placement's stands.
  readsVisitor: false,
  scoped: true,
  cost: 10,
  shape: () => ANY_VALUE,
  form: [],
  problems: () => [],
  compile: (params) => {
    const frame = reckonedFrame(params);
    return (facts) => frame?.(facts.now, zoneOf(facts));
  },
};
