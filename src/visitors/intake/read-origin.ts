import { readId } from '../../doors/read-id.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json } from '../../engine/language/json.js';
import type { Problem } from '../../errors.js';
import type { Origin } from '../memory/origin.js';

/**
 * Reads what an export says of the id by which a person was first met, which is one of those of its line; undefined
 * where it says nothing, or not so that it can be read.
 */
export function readOrigin(
  said: Json | undefined,
  idsOfLine: readonly string[],
  problems: Problem[],
): Origin | undefined {
  if (said === undefined || said === null) return undefined;
  const parts = isObject(said) ? said : {};
  const { arrival, known } = parts;
  const read = readId(parts['id']);
  const id = read && 'id' in read ? read.id : undefined;
  if (id !== undefined && isArrival(arrival) && typeof known === 'boolean') {
    if (idsOfLine.includes(id)) return { id, at: arrival, known };
    problems.push({ path: 'origin.id', message: 'is none of the ids of the line; list it in identities or ids' });
    return undefined;
  }
  problems.push({
    path: 'origin',
    message: 'must be { "id", "arrival", "known" }, as an export has it; leave it out where there is none',
  });
  return undefined;
}

/** In microseconds since 1970; 0 of people whom earlier versions met, which did not say when. */
function isArrival(said: Json | undefined): said is number {
  return typeof said === 'number' && Number.isSafeInteger(said) && said >= 0;
}
