import { hash } from 'node:crypto';
import { RepeatCounter } from './repeat-counter.js';
import type { Row } from '../../doors/tables/row.js';

/**
 * Gives rows ids that are the same each time a file is read: a hash of the row and, for a row like an earlier one, how
 * many came before it. So nothing doubles when a file is sent again, and rows that happen to be equal all count.
 */
export function rowIds(): (row: Row) => string {
  const seen = new RepeatCounter();
  return (row) => {
    const digest = hash('sha256', row.identity, 'buffer').subarray(0, 16);
    const before = seen.add(digest);
    const id = `row-${digest.toString('base64url')}`;
    return before === 0 ? id : `${id}-${before}`;
  };
}
