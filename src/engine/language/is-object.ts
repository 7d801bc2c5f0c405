import type { JsonObject } from './json.js';
import { RepeatedName } from './repeated-name.js';
import { WrittenNumber } from './written-number.js';

/**
 * Whether a value is an object with members: neither null nor a list, nor a number as it was written, nor what is given
 * more than once.
 */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isMark(value);
}

function isMark(value: object): boolean {
  return value instanceof WrittenNumber || value instanceof RepeatedName;
}
