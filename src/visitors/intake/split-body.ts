import { isObject } from '../../engine/language/is-object.js';
import { readId } from '../../doors/read-id.js';
import { InvalidRequest } from '../../errors.js';
import { readFields, Refused } from '../../http/read-fields.js';

/** What is asked of a split. */
export interface SplitWish {
  /** Whose join is to be undone; that of the id in the address where it is undefined. */
  readonly id?: string | undefined;
  /** Nothing is done, only told. */
  readonly dryRun: boolean;
}

const FIELDS = { id: idIn, dryRun: flagIn };

/** Reads the body of a split, which may be left out. Throws {@link InvalidRequest} with every problem. */
export function readSplitBody(body: unknown): SplitWish {
  if (body === undefined || body === null) return { dryRun: false };
  if (!isObject(body))
    throw new InvalidRequest([{ path: '', message: 'must be an object such as { "id": "device-1" }' }]);
  return readFields(body, FIELDS, { unknown: 'the members are' });
}

function idIn(given: unknown): string | undefined | Refused {
  const read = readId(given);
  return read && 'wrong' in read ? new Refused(read.wrong) : read?.id;
}

function flagIn(given: unknown): boolean | Refused {
  return given === undefined || typeof given === 'boolean' ? given === true : new Refused('must be true or false');
}
