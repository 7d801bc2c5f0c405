import type { FindFact } from './fact-reader.js';
import { ownValue } from './own-value.js';

/** Facts by name, as `engine.run` takes them. Only own properties count. */
export type PlainFacts = Readonly<Record<string, unknown>>;

/** Finds facts by their names. */
export const findPlainFact: FindFact<PlainFacts> = (name) => ({
  read: ownValue(name),
  scoped: false,
  readsVisitor: false,
  cost: 1,
});
