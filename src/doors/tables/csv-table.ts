import { pipeline, Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { MalformedBody } from '../../errors.js';
import { strictUtf8 } from '../bytes/strict-utf8.js';
import { CsvRow } from './csv-row.js';
import { findDialect } from './dialect.js';
import { readHeader, type Header } from './header.js';
import type { RefusedRow, Row } from './row.js';

/** A table, opened: its header is read, its rows are still to be read, once. */
export interface Table {
  /** The names of its columns; those without a name are left out. */
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<Row | RefusedRow>;
}

/** A quote that is never closed would otherwise take in the rest of the file. */
const MAX_ROW_BYTES = 8 * 1024 * 1024;
/** All three, because files put together from several sources mix them. */
const LINE_ENDS = ['\r\n', '\n', '\r'];

/**
 * Opens a CSV of UTF-8 without a byte order mark, in constant memory. Cells are texts as they stand there; rows of
 * empty cells are passed over. Throws `MalformedBody` that names the line for what can't be read: bytes that are not
 * text, a table with two columns of one name, a quote that is not closed. An empty one has no columns.
 */
export async function openTable(utf8: AsyncIterable<Buffer>, delimiter?: string): Promise<Table> {
  const { dialect, rest } = await findDialect(strictUtf8(utf8), delimiter);
  const records = recordsOf(rest, dialect.delimiter, dialect.firstLine);
  const header = await firstFilled(records);
  const read = readHeader((header ?? []).map(withoutQuotes));
  return { columns: read.columns, rows: rowsOf(records, read) };
}

/** The cells of one row, and the line it begins in. */
interface TableRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

async function* recordsOf(
  bytes: AsyncIterable<Buffer>,
  delimiter: string,
  firstLine: number,
): AsyncGenerator<TableRecord> {
  let failure: CsvError | undefined;
  // An error of the parser would take with it the rows that are read and not taken yet; a skipped one does not.
  const noted = { skip_records_with_error: true, on_skip: (error?: CsvError) => void (failure ??= error) };
  const how = { delimiter, record_delimiter: LINE_ENDS, relax_quotes: true, relax_column_count: true };
  const records: AsyncIterable<string[]> = pipeline(
    Readable.from(bytes),
    parse({ ...how, ...noted, max_record_size: MAX_ROW_BYTES }),
    () => {},
  );
  let line = firstLine;
  let count = 0;
  for await (const cells of records) {
    if (failure && count >= Number(failure['records'])) break;
    count++;
    yield { line, cells };
    line += 1 + breaksIn(cells);
  }
  if (failure) throw explained(failure, line);
}

async function firstFilled(records: AsyncGenerator<TableRecord>): Promise<readonly string[] | undefined> {
  for (let next = await records.next(); !next.done; next = await records.next())
    if (!isEmpty(next.value.cells)) return next.value.cells;
  return undefined;
}

async function* rowsOf(records: AsyncIterable<TableRecord>, header: Header): AsyncGenerator<Row | RefusedRow> {
  let number = 0;
  for await (const { line, cells } of records) if (!isEmpty(cells)) yield toRow(++number, line, header, cells);
}

/** A short row has nothing to say of the columns at its end; a long one that does is out of step. */
function toRow(number: number, line: number, header: Header, cells: readonly string[]): Row | RefusedRow {
  const late = cells.find((cell) => BEGUN_LATE.test(cell) && !QUOTED_BESIDE_BLANKS.test(cell));
  if (late !== undefined)
    return {
      number,
      line,
      reason: 'has a blank before a quote; begin the quote right behind the delimiter',
      example: late,
    };
  if (cells.length <= header.width || isEmpty(cells.slice(header.width)))
    return new CsvRow(number, line, header, cells.map(withoutQuotes));
  const reason = `has more cells than the header, which has ${header.width}; quote cells that hold a delimiter`;
  return { number, line, reason, example: cells.slice(header.width).join(' ').trim() };
}

/** The parser knows quotes only right beside the delimiters: to it `1, "x" ,2` and `1, "x,y"` have three cells. */
const QUOTED_BESIDE_BLANKS = /^(?:\s+"((?:[^"]|"")*)"\s*|"((?:[^"]|"")*)"\s+)$/;
const BEGUN_LATE = /^\s+"/;

function withoutQuotes(cell: string): string {
  const [, before, behind] = cell.includes('"') ? (QUOTED_BESIDE_BLANKS.exec(cell) ?? []) : [];
  return (before ?? behind)?.replaceAll('""', '"') ?? cell;
}

function isEmpty(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/** Within quotes; a row has one at its end besides. */
function breaksIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (LINE_END.test(cell) ? cell.split(LINE_END).length - 1 : 0), 0);
}

const LINE_END = /\r\n|\n|\r/;

function explained(error: CsvError, line: number): Error {
  const isQuote = error.code === 'CSV_MAX_RECORD_SIZE' || error.code === 'CSV_QUOTE_NOT_CLOSED';
  const why = isQuote ? 'a quote is opened and not closed' : error.message;
  return new MalformedBody(`The table can't be read from line ${line} on: ${why}.`);
}
