import { createReadStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CommandFailed } from '../../errors.js';
import type { Json } from '../../engine/language/json.js';
import { csvHead, csvRows, detectDelimiter } from '../../doors/tables/csv-rows.js';
import { ndjsonHead, ndjsonRows } from '../../doors/tables/ndjson-rows.js';
import type { RefusedRow, Row } from '../../doors/tables/row.js';

/** How a file is written. */
export type RowFormat = 'csv' | 'ndjson';

/** A file of rows, opened: its columns are known, its rows are still to be read, once. */
export interface RowFile {
  readonly format: RowFormat;
  /** A CSV's header, or the dotted paths of the first NDJSON line. */
  readonly columns: readonly string[];
  /** The values of the first row, column by column. */
  readonly sample: readonly Json[];
  readonly rows: AsyncIterable<Row | RefusedRow>;
  /** Undefined for standard input. */
  readonly totalBytes: number | undefined;
  readonly bytesRead: () => number;
}

/** Enough for any header and a first row, unless the first line is longer: up to the limit it is read to its end. */
const HEAD_BYTES = 64 * 1024;
const LONGEST_HEAD_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Opens a CSV or NDJSON file (also gzipped, by its name), or standard input for `-`. Throws `CommandFailed`. */
export async function openRows(
  file: string,
  options: { format?: RowFormat; delimiter?: string } = {},
): Promise<RowFile> {
  const source = openBytes(file);
  const { head, chunks } = await readHead(source.chunks, file);
  if (head.trim() === '') throw new CommandFailed(`${nameOf(file)} is empty.`);
  const format = options.format ?? formatOf(file, head);
  const counted = { format, totalBytes: source.totalBytes, bytesRead: source.bytesRead };
  if (format === 'ndjson') return { ...counted, ...ndjsonHead(head), rows: ndjsonRows(chunks) };
  const delimiter = options.delimiter ?? detectDelimiter(head);
  return { ...counted, ...csvHead(head, delimiter), rows: csvRows(chunks, delimiter) };
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
  const chunks = file.endsWith('.gz') ? pipeline(stream, createGunzip(), () => {}) : stream;
  return { chunks, totalBytes, bytesRead: () => stream.bytesRead };
}

function sizeOf(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new CommandFailed(`There is no file ${file}.`);
  if (found.isDirectory()) throw new CommandFailed(`${file} is a folder. Name a file in it.`);
  return found.size;
}

async function readHead(
  source: AsyncIterable<Buffer>,
  file: string,
): Promise<{ head: string; chunks: AsyncIterable<Buffer> }> {
  const iterator = readable(source, file);
  const taken: Buffer[] = [];
  let bytes = 0;
  let hasLine = false;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    taken.push(next.value);
    bytes += next.value.length;
    hasLine ||= next.value.includes(NEWLINE);
    if (bytes >= (hasLine ? HEAD_BYTES : LONGEST_HEAD_BYTES)) break;
  }
  const head = Buffer.concat(taken)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  return { head, chunks: joined(taken, iterator) };
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

async function* joined(taken: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* taken;
  yield* rest;
}

function formatOf(file: string, head: string): RowFormat {
  const extension = extname(file.replace(/\.gz$/, '')).toLowerCase();
  if (['.ndjson', '.jsonl', '.json'].includes(extension)) return 'ndjson';
  if (['.csv', '.tsv'].includes(extension)) return 'csv';
  return /^\s*[[{]/.test(head) ? 'ndjson' : 'csv';
}

function nameOf(file: string): string {
  return file === '-' ? 'Standard input' : file;
}
