import type { JsonObject } from './json.js';

/** Whether a value is an object with members: neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
