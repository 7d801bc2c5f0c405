import { exactJson } from '../../doors/exact-json.js';
import type { Json } from '../../engine/language/json.js';
import { WrittenNumber } from '../../engine/language/written-number.js';
import { MAX_DEPTH } from './parsed-text.js';

/**
 * The value of a JSON text that nothing can be said against, read by the quickest reader there is; undefined where the
 * slower one, which knows places, has to look: where it is no JSON, a name is given twice or can't be used, a number
 * has
 * more digits than it can hold, or something lies too deep.
 */
export function plainJson(text: string): Json | undefined {
  const value = parsed(text);
  if (value === undefined) return undefined;
  // A text with such a pattern in it counts too, never less: then the other reader looks in vain, which is only slow.
  const written = text.match(NAME_AND_COLON)?.length ?? 0;
  return namesIn(value, 1) === written ? value : undefined;
}

const NAME_AND_COLON = /"[ \t\n\r]*:/g;

function parsed(text: string): Json | undefined {
  try {
    return exactJson(text) as Json;
  } catch {
    return undefined;
  }
}

/** How many names the objects of a value have; no number at all where there is something to be said against it. */
function namesIn(value: Json, depth: number): number {
  if (depth > MAX_DEPTH) return NaN;
  if (typeof value !== 'object' || value === null) return 0;
  if (value instanceof WrittenNumber) return NaN;
  if (Array.isArray(value))
    return (value as readonly Json[]).reduce<number>((sum, item) => sum + namesIn(item, depth + 1), 0);
  return namesOf(value as Readonly<Record<string, Json>>, depth);
}

function namesOf(object: Readonly<Record<string, Json>>, depth: number): number {
  const names = Object.keys(object);
  let count = names.length;
  for (const name of names)
    count += name === '__proto__' || isLikeAnIndex(name) ? NaN : namesIn(object[name] ?? null, depth + 1);
  return count;
}

/** Names that objects do not keep in the order written. */
function isLikeAnIndex(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= ZERO && first <= NINE;
}

const ZERO = 48;
const NINE = 57;
