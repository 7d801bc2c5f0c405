import { createReadStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import { CommandFailed } from '../../errors.js';
import type { Json } from '../../engine/language/json.js';
import { toUtf8 } from '../../doors/bytes/to-utf8.js';
import { unpack } from '../../doors/bytes/unpack.js';
import { openTable } from '../../doors/tables/csv-table.js';
import { ndjsonHead, ndjsonRows } from '../../doors/tables/ndjson-rows.js';
import type { RefusedRow, Row } from '../../doors/tables/row.js';

/** How a file is written. */
export type RowFormat = 'csv' | 'ndjson';

/** A file of rows, opened: its columns are known, its rows are still to be read, once. */
export interface RowFile {
  readonly format: RowFormat;
  /** A CSV's header, or the dotted paths of the first NDJSON line. */
  readonly columns: readonly string[];
  /** The values of the first rows, each column by column. */
  readonly sample: readonly (readonly Json[])[];
  readonly rows: AsyncIterable<Row | RefusedRow>;
  /** Undefined for standard input. */
  readonly totalBytes: number | undefined;
  readonly bytesRead: () => number;
}

/** Enough for any header and a first row, unless the first line is longer: up to the limit it is read to its end. */
const HEAD_BYTES = 64 * 1024;
const LONGEST_HEAD_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;
const SAMPLE_ROWS = 200;

/** How a file is opened. */
export interface OpenOptions {
  readonly format?: RowFormat;
  readonly delimiter?: string;
  /** What it is encoded in, where it is not UTF-8 and has no byte order mark. */
  readonly encoding?: string;
}

/** Opens a CSV or NDJSON file (also gzipped, by its name), or standard input for `-`. Throws coded errors. */
export async function openRows(file: string, options: OpenOptions = {}): Promise<RowFile> {
  const source = openBytes(file);
  const { head, chunks } = await readHead(toUtf8(readable(source.chunks, file), options.encoding));
  if (head.trim() === '') throw new CommandFailed(`${nameOf(file)} is empty.`);
  const format = options.format ?? formatOf(file, head);
  const counted = { format, totalBytes: source.totalBytes, bytesRead: source.bytesRead };
  if (format === 'ndjson') {
    const { columns, sample } = ndjsonHead(head);
    return { ...counted, columns, sample: [sample], rows: ndjsonRows(chunks) };
  }
  const { columns, rows } = await openTable(chunks, options.delimiter);
  return { ...counted, columns, ...(await withSample(rows, columns)) };
}

/** The first rows, which are still among the rows. */
async function withSample(
  rows: AsyncIterable<Row | RefusedRow>,
  columns: readonly string[],
): Promise<Pick<RowFile, 'sample' | 'rows'>> {
  const iterator = rows[Symbol.asyncIterator]();
  const first: (Row | RefusedRow)[] = [];
  for (let size = 0; size < HEAD_BYTES && first.length < SAMPLE_ROWS;) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(next.value);
    size += 'reason' in next.value ? 0 : next.value.identity.length;
  }
  const sample = first.flatMap((row) => ('reason' in row ? [] : [columns.map((column) => row.cell(column) ?? '')]));
  return { sample, rows: again(first, iterator) };
}

async function* again<T>(first: readonly T[], rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

interface Bytes {
  readonly chunks: AsyncIterable<Buffer>;
  readonly totalBytes: number | undefined;
  readonly bytesRead: () => number;
}

function openBytes(file: string): Bytes {
  if (file === '-') return { chunks: process.stdin, totalBytes: undefined, bytesRead: () => 0 };
  const totalBytes = sizeOf(file);
  const stream = createReadStream(file, { highWaterMark: HEAD_BYTES });
  const chunks = GZIPPED.test(file) ? unpack(stream, 'gzip') : stream;
  return { chunks, totalBytes, bytesRead: () => stream.bytesRead };
}

function sizeOf(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new CommandFailed(`There is no file ${file}.`);
  if (found.isDirectory()) throw new CommandFailed(`${file} is a folder. Name a file in it.`);
  return found.size;
}

async function readHead(utf8: AsyncGenerator<Buffer>): Promise<{ head: string; chunks: AsyncIterable<Buffer> }> {
  const taken: Buffer[] = [];
  let bytes = 0;
  let hasLine = false;
  for (let next = await utf8.next(); !next.done; next = await utf8.next()) {
    taken.push(next.value);
    bytes += next.value.length;
    hasLine ||= next.value.includes(NEWLINE);
    if (bytes >= (hasLine ? HEAD_BYTES : LONGEST_HEAD_BYTES)) break;
  }
  return { head: Buffer.concat(taken).toString(), chunks: again(taken, utf8) };
}

async function* readable(source: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  try {
    yield* source;
  } catch (error) {
    throw new CommandFailed(
      `${nameOf(file)} can't be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

const GZIPPED = /\.gz$/i;

function formatOf(file: string, head: string): RowFormat {
  const extension = extname(file.replace(GZIPPED, '')).toLowerCase();
  if (['.ndjson', '.jsonl', '.json'].includes(extension)) return 'ndjson';
  if (['.csv', '.tsv'].includes(extension)) return 'csv';
  return /^\s*[[{]/.test(head) ? 'ndjson' : 'csv';
}

function nameOf(file: string): string {
  return file === '-' ? 'Standard input' : file;
}
