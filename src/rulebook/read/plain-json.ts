import { readExactly } from '../../doors/exact-json.js';
import type { Json } from '../../engine/language/json.js';
import { WrittenNumber } from '../../engine/language/written-number.js';
import { MAX_DEPTH } from './parsed-text.js';

/**
 * The value of a JSON text that nothing can be said against, read by the quickest reader there is; undefined where the
 * slower one, which knows places, has to look: where it is no JSON, a name is given twice or can't be used, a number
 * has more digits than it can hold, or something lies too deep.
 */
export function plainJson(text: string): Json | undefined {
  try {
    const { value, repeats } = readExactly(text);
    return !repeats && isPlain(value as Json, 1) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function isPlain(value: Json, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (typeof value !== 'object' || value === null) return true;
  if (value instanceof WrittenNumber) return false;
  if (Array.isArray(value)) return (value as readonly Json[]).every((item) => isPlain(item, depth + 1));
  return Object.entries(value).every(([name, inner]) => isFit(name) && isPlain(inner, depth + 1));
}

function isFit(name: string): boolean {
  return name !== '__proto__' && !isLikeAnIndex(name);
}

/** Names that objects do not keep in the order written. */
function isLikeAnIndex(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= ZERO && first <= NINE;
}

const ZERO = 48;
const NINE = 57;
