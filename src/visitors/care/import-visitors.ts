import { parse } from 'csv-parse';
import type { Readable } from 'node:stream';
import { MalformedBody, UsherError, type Problem } from '../../errors.js';
import { readLines } from '../../doors/tables/ndjson.js';
import { parseJson } from '../../doors/parse-json.js';
import type { History } from '../memory/history.js';
import type { HistoryImporter } from './history-importer.js';
import { readHistory } from '../intake/read-history.js';

/** What became of an import. */
export interface ImportSummary {
  readonly accepted: number;
  readonly refusedCount: number;
  /** The first thousand of the lines refused, with all that is wrong with each. */
  readonly refused: readonly RefusedLine[];
}

/** A line that was not imported. */
export interface RefusedLine {
  readonly line: number;
  readonly problems: readonly Problem[];
}

interface Row {
  readonly line: number;
  /** In characters. */
  readonly size: number;
  readonly history?: History;
  readonly problems?: readonly Problem[];
}

/** A line may hold the history of a whole life, in characters. */
const MAX_LINE_LENGTH = 8 * 1024 * 1024;
/** A group ends with the line that brings it to so many people, things said of them, or characters. */
const GROUP_SIZE = 500;
const GROUP_WEIGHT = 5_000;
const GROUP_LENGTH = MAX_LINE_LENGTH;
const MAX_REFUSED_LISTED = 1_000;

/** Reads people and their histories from a stream in constant memory; good lines are stored, bad ones listed. */
export async function importVisitors(
  body: Readable,
  format: 'csv' | 'ndjson',
  importer: HistoryImporter,
): Promise<ImportSummary> {
  const refused: RefusedLine[] = [];
  let accepted = 0;
  let refusedCount = 0;
  for await (const group of inGroups(format === 'csv' ? csvRows(body) : ndjsonRows(body))) {
    const histories = group.map((row) => row.history).filter((history) => history !== undefined);
    await importer.import(histories);
    accepted += histories.length;
    for (const { line, problems } of group) {
      if (!problems) continue;
      refusedCount++;
      if (refused.length < MAX_REFUSED_LISTED) refused.push({ line, problems });
    }
  }
  return { accepted, refusedCount, refused };
}

async function* inGroups(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let group: Row[] = [];
  let [weight, length] = [0, 0];
  for await (const row of rows) {
    group.push(row);
    weight += row.history ? row.history.interactions.length + row.history.traits.length : 0;
    length += row.size;
    if (group.length < GROUP_SIZE && weight < GROUP_WEIGHT && length < GROUP_LENGTH) continue;
    yield group;
    group = [];
    [weight, length] = [0, 0];
  }
  if (group.length > 0) yield group;
}

async function* ndjsonRows(body: Readable): AsyncGenerator<Row> {
  for await (const { number, text } of readLines(body, MAX_LINE_LENGTH)) {
    if (text === undefined)
      yield {
        line: number,
        size: 0,
        problems: [{ path: '', message: `is longer than the limit of ${MAX_LINE_LENGTH} characters` }],
      };
    else yield { line: number, size: text.length, ...readLine(text) };
  }
}

function readLine(text: string): Pick<Row, 'history' | 'problems'> {
  try {
    return readHistory(parseJson(text, 'line', 'body'), Date.now());
  } catch (error) {
    return { problems: [{ path: '', message: error instanceof UsherError ? error.message : String(error) }] };
  }
}

/** A header line with `visitorId`, every other column a trait; empty cells say nothing. Cells are texts. */
async function* csvRows(body: Readable): AsyncGenerator<Row> {
  const parser = body.pipe(
    parse({
      columns: true,
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: MAX_LINE_LENGTH,
      info: true,
    }),
  );
  body.once('error', (error) => parser.destroy(error));
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Record<string, string>;
      info: { lines: number };
    }>) {
      const { visitorId, ...cells } = record;
      const traits = Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== ''));
      const size = Object.values(cells).reduce((sum, cell) => sum + cell.length, 0);
      yield { line: info.lines, size, ...readHistory({ visitorId, traits }, Date.now()) };
    }
  } catch (error) {
    throw new MalformedBody(
      `The CSV can't be read: ${error instanceof Error ? error.message : String(error)}. ` +
        'Some lines before it may be stored; send all of it again when that is mended, as nothing is stored twice.',
    );
  }
}
