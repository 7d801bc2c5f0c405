import { Readable } from 'node:stream';
import { charsetIn } from '../../doors/bytes/charset-in.js';
import { UnsupportedMediaType } from '../../errors.js';
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
