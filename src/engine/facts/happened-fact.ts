import { plainFact } from './fact-declaration.js';
import { ANY_VALUE } from './value-shape.js';

/** The names of the events that ever happened: asked behind the scenes, and not for rules to speak of. */
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
