import { Readable } from 'node:stream';
import { charsetIn } from '../../doors/bytes/charset-in.js';
import { toUtf8 } from '../../doors/bytes/to-utf8.js';
import { openTable } from '../../doors/tables/csv-table.js';
import { ndjsonRows } from '../../doors/tables/ndjson-rows.js';
import type { RefusedRow, Row } from '../../doors/tables/row.js';
import { MalformedBody, UnsupportedMediaType } from '../../errors.js';
import { once } from '../../http/query-fields.js';
import { readFields, Refused } from '../../http/read-fields.js';
import type { ImportBody } from './import-visitors.js';

/** The rows of a request's body, as its headers and its query say. Throws for what is neither NDJSON nor CSV. */
export function bodyOf(
  body: unknown,
  query: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string | undefined>>,
): ImportBody {
  const type = headers['content-type'] ?? 'that is missing';
  if (!(body instanceof Readable)) throw new UnsupportedMediaType(type, 'application/x-ndjson or text/csv');
  const { delimiter } = readFields(query, { delimiter: once(readDelimiter, 1) }, { unknown: 'ask with' });
  const format = type.toLowerCase().startsWith('text/csv') ? 'csv' : 'ndjson';
  // What is left of a body that is refused is not destroyed: the answer goes out over the same connection.
  const bytes = body.iterator({ destroyOnReturn: false });
  return { bytes, format, charset: charsetIn(type), delimiter };
}

function readDelimiter(text: string): string | Refused {
  return /["\r\n]/.test(text) ? new Refused('must be one character, neither a quote nor a line break') : text;
}

/**
 * The rows of a body whose columns have set names. Throws {@link MalformedBody} for a table with another one; `hint`
 * ends its message: what may have been meant.
 */
export async function namedRows(
  { bytes, format, charset, delimiter }: ImportBody,
  names: readonly string[],
  hint: (strange: string) => string,
): Promise<AsyncIterable<Row | RefusedRow>> {
  if (format === 'ndjson') return ndjsonRows(toUtf8(bytes, charset));
  const { columns, rows } = await openTable(toUtf8(bytes, charset), delimiter);
  const strange = columns.find((name) => !names.includes(name));
  if (strange === undefined) return rows;
  throw new MalformedBody(
    `Nothing of it is stored: the table has a column ${JSON.stringify(strange)}, ` +
      `which is not asked for${hint(strange)}`,
  );
}
