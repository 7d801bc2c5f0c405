import { WrittenNumber } from '../engine/language/written-number.js';

/**
 * How many names the objects of a value have; not a number where it is nested too deep to be counted quickly, or has a
 * name that is not plain, where that is asked.
 */
export function countNames(value: unknown, isPlain: (name: string) => boolean = () => true): number {
  return countIn(value, isPlain, 0);
}

/**
 * How many names a JSON text gives: quotes with a colon behind them. A text among its values may look so too, which
 * makes it more, never less.
 */
export function countWrittenNames(json: string): number {
  let count = 0;
  for (let colon = json.indexOf(':'); colon >= 0; colon = json.indexOf(':', colon + 1)) {
    let before = colon - 1;
    while (isBlank(json.charCodeAt(before))) before--;
    if (json.charCodeAt(before) === QUOTE) count++;
  }
  return count;
}

/** Deeper ones could be more than the stack holds. */
const DEEPEST = 200;
const QUOTE = 34;

function countIn(value: unknown, isPlain: (name: string) => boolean, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > DEEPEST) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) count += countIn(item, isPlain, depth + 1);
    return count;
  }
  if (value instanceof WrittenNumber) return 0;
  for (const name in value) count += isPlain(name) ? 1 + countIn(value[name as never], isPlain, depth + 1) : Number.NaN;
  return count;
}

/** The blanks of JSON. */
function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}
