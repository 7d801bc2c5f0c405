import { readId } from '../doors/read-id.js';
import type { JsonObject } from '../engine/language/json.js';

/** The id that a property is; undefined where it is none. */
export function namedIn(properties: JsonObject, name: string): string | undefined {
  const read = readId(properties[name]);
  return read && 'id' in read ? read.id : undefined;
}
