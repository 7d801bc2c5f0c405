import type { JsonObject } from './json.js';
import { WrittenNumber } from './written-number.js';

/** Whether a value is an object with members: neither null nor a list, nor a number as it was written. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber);
}
