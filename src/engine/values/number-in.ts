import type { Json } from '../language/json.js';

/**
 * The number that a value counts as in a sum, an average and the like: itself, or that of a text which the numeric
 * operators (`greaterThan` and its kin) read as one, so that both read `"149.90"` alike. Undefined for all else.
 */
export function numberIn(value: Json): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  // What parseFloat can't begin to read is refused by those operators, and what Number can't read holds for none.
  if (typeof value !== 'string' || Number.isNaN(Number.parseFloat(value))) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
