import { isObject } from '../../engine/language/is-object.js';
import type { Problem } from '../../errors.js';
import { findLost } from '../../doors/find-in-json.js';
import { depthOf, MAX_DEPTH } from './incoming-event.js';

/** What is wrong with these traits; undefined when nothing is. */
export function traitsProblem(traits: unknown): Problem | undefined {
  if (!isObject(traits)) return { path: '', message: 'must be an object of traits, such as { "plan": "gold" }' };
  if (depthOf(traits) > MAX_DEPTH) return { path: '', message: `is nested deeper than the limit of ${MAX_DEPTH}` };
  return findLost(traits);
}
