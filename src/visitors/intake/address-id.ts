import { readId } from '../../doors/read-id.js';
import { InvalidRequest } from '../../errors.js';

/** Reads the id in an address. Throws {@link InvalidRequest} for what is no id. */
export function readAddressId(given: string): string {
  const read = readId(given);
  if (read && 'id' in read) return read.id;
  throw new InvalidRequest([{ path: 'id', message: read?.wrong ?? 'must not be empty' }]);
}
