import { pipeline, Readable } from 'node:stream';
import { CsvError, parse, type Options } from 'csv-parse';
import { parse as parseAll } from 'csv-parse/sync';
import { CommandFailed } from '../../errors.js';
import type { RefusedRow, Row } from './row.js';

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** A quote that is never closed would otherwise take in the rest of the file. */
const MAX_ROW_BYTES = 1024 * 1024;

/** The rows of a CSV after its header, as a stream in constant memory. Empty lines are passed over. */
export async function* csvRows(chunks: AsyncIterable<Buffer>, delimiter: string): AsyncGenerator<Row | RefusedRow> {
  let failure: CsvError | undefined;
  // An error of the parser would take with it the rows that are read and not taken yet; a skipped one does not.
  const noted = { skip_records_with_error: true, on_skip: (error?: CsvError) => void (failure ??= error) };
  const records: AsyncIterable<string[]> = pipeline(
    Readable.from(chunks),
    parse({ ...options(delimiter), ...noted }),
    () => {},
  );
  let header: ReadonlyMap<string, number> | undefined;
  let number = 0;
  for await (const values of records) {
    if (!header) header = positions(values);
    // The header is one of the parser's records.
    else if (failure && number + 1 >= Number(failure['records'])) break;
    else yield toRow(++number, header, values);
  }
  if (failure) throw explained(failure, number);
}

/** The columns and the first row of a CSV, read from the beginning of its text. */
export function csvHead(text: string, delimiter: string): { columns: readonly string[]; sample: readonly string[] } {
  try {
    const records: readonly string[][] = parseAll(text, { ...options(delimiter), to: 2 });
    const [columns = [], sample = []] = records;
    return { columns: columns.map((name) => name.trim()), sample };
  } catch (error) {
    throw explained(error, 0);
  }
}

/** The delimiter that the header is written with: the most frequent of `,` `;` tab and `|` outside quotes. */
export function detectDelimiter(text: string): string {
  const header =
    text
      .replace(/"[^"]*"/g, '')
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? '';
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function options(delimiter: string): Options {
  return {
    delimiter,
    bom: true,
    // All three, because files put together from several sources mix them.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
  };
}

function positions(header: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  header.forEach((name, index) => {
    if (!found.has(name.trim())) found.set(name.trim(), index);
  });
  if (header.length > found.size)
    throw new CommandFailed(`Two columns have the same name: ${repeated(header)}. Rename one of them.`);
  return found;
}

function repeated(header: readonly string[]): string {
  const names = header.map((name) => name.trim());
  return names.filter((name, index) => names.indexOf(name) !== index).join(', ');
}

function toRow(number: number, header: ReadonlyMap<string, number>, values: readonly string[]): Row | RefusedRow {
  if (values.length === header.size) return new CsvRow(number, header, values);
  return { number, reason: `does not have the header's ${header.size} cells`, example: `${values.length} cells` };
}

class CsvRow implements Row {
  constructor(
    readonly number: number,
    private readonly header: ReadonlyMap<string, number>,
    private readonly values: readonly string[],
  ) {}

  get identity(): string {
    return this.values.join('\u001F');
  }

  cell(column: string): string | undefined {
    const index = this.header.get(column);
    return index === undefined ? undefined : this.values[index];
  }
}

function explained(error: unknown, rowsRead: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const tooLong = error.code === 'CSV_MAX_RECORD_SIZE' || error.code === 'CSV_QUOTE_NOT_CLOSED';
  const why = tooLong ? 'a quote is opened and not closed' : error.message;
  return new CommandFailed(
    `The file can't be read past row ${rowsRead}: in a row after it, ${why}. The rows before it were read.`,
  );
}
