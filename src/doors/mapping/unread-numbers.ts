import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { numberIn } from '../../engine/values/number-in.js';
import { decimalNumber } from './decimal-number.js';

/** Texts under one name that are numbers in another writing, and so count as none. */
export interface UnreadNumber {
  /** Where they stand: `properties.revenue`, `traits.age`. */
  readonly path: string;
  readonly count: number;
  /** The line of the first. */
  readonly line: number;
  readonly example: string;
}

/** So many names are told of; a table rarely has as many columns. */
const MOST_NAMES = 200;

/** Finds the names under which numbers come in another writing, such as `1.234,50`. */
export class UnreadNumbers {
  private readonly found = new Map<string, UnreadNumber>();

  /** Looks at all that is sent of an event or a visitor. */
  lookAt({ properties, traits, interactions }: JsonObject, line: number): void {
    this.look('properties', properties, line);
    this.look('traits', traits, line);
    if (!Array.isArray(interactions)) return;
    for (const one of interactions as readonly Json[])
      if (isObject(one)) this.look('properties', one['properties'], line);
  }

  /** Looks at the members of an object that stands under `name` in a line; of anything else there is nothing to say. */
  look(name: 'properties' | 'traits', values: unknown, line: number): void {
    if (!isObject(values)) return;
    for (const [member, value] of Object.entries(values))
      if (typeof value === 'string' && isUnread(value)) this.add(`${name}.${member}`, line, value);
  }

  /** The most frequent first. */
  all(): readonly UnreadNumber[] {
    return [...this.found.values()].sort((a, b) => b.count - a.count);
  }

  private add(path: string, line: number, example: string): void {
    const known = this.found.get(path);
    if (known) this.found.set(path, { ...known, count: known.count + 1 });
    else if (this.found.size < MOST_NAMES) this.found.set(path, { path, count: 1, line, example });
  }
}

/** What a mapping with `"decimal"` would read, and nothing reads without. */
function isUnread(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length > MOST_DIGITS || !/^[+-]?[\d.,]/.test(trimmed) || numberIn(trimmed) !== undefined) return false;
  return decimalNumber(trimmed, ',') !== undefined || decimalNumber(trimmed, '.') !== undefined;
}

const MOST_DIGITS = 40;
