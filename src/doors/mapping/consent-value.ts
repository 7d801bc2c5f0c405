import type { Row } from '../tables/row.js';
import { cellValue, type CellValue } from './cell-value.js';
import type { Source } from './column-source.js';
import { convertCell } from './convert-cell.js';

/**
 * A consent, `granted` or `denied`, of a cell that says so or says yes or no in the words of a boolean. What says
 * anything else is no consent: it is left out, so that nothing is granted by mistake.
 */
export function consentValue(row: Row, source: Source): CellValue {
  const found = cellValue(
    row,
    'column' in source && source.type === 'boolean' ? { ...source, type: 'string' } : source,
  );
  if (!found || 'wrong' in found) return found;
  const said = typeof found.value === 'string' ? found.value : JSON.stringify(found.value);
  const text = said.trim().toLowerCase();
  if (text === '') return undefined;
  if (text === 'granted' || text === 'denied') return { value: text };
  const read = convertCell(found.value, { ...('column' in source ? source : { column: '' }), type: 'boolean' });
  if ('value' in read) return { value: read.value === true ? 'granted' : 'denied' };
  const column = 'column' in source ? source.column : '';
  return { wrong: `"${column}" is neither granted nor denied, and ${read.wrong}`, example: said };
}
