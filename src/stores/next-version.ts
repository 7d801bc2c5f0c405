import { randomBytes } from 'node:crypto';

const thisProcess = randomBytes(9).toString('base64url');
let count = 0;

/**
 * A version that no document had before: not in this process, not in another, not before a document was erased and
 * begun anew. (A number counted up in the document would come round again after that, and a stale change would pass.)
 * Letters, digits, `-`, `_` and `.` only.
 */
export function nextVersion(): string {
  count += 1;
  return `${thisProcess}.${count.toString(36)}`;
}
